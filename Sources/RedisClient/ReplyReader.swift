internal import CHiredis

/// hiredis's protocol reader, told to build its replies in a `ReplyBuffer` instead of a tree of objects.
///
/// Invariants: the reader belongs to the redisContext that is handed in and lives as long as it; `target` is set
/// for the whole of each call that may parse; an object pointer is a node's index plus one and is never dereferenced.
final class ReplyReader {
  /// Deeper replies than any command of ours can have are an attack on the stack, or no Redis.
  static let maximumDepth = 16

  private let reader: UnsafeMutablePointer<redisReader>
  private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
  fileprivate var target: ReplyBuffer?

  init(replacingReaderOf context: UnsafeMutablePointer<redisContext>) {
    reader = context.pointee.reader
    functions = .allocate(capacity: 1)
    functions.initialize(to: Self.makeFunctions())
    reader.pointee.fn = functions
    reader.pointee.privdata = Unmanaged.passUnretained(self).toOpaque()
    // An array claims its size before it comes; nothing is reserved for the claim, but loops must end.
    reader.pointee.maxelements = 1 << 26
  }

  /// Must be called before the redisContext is freed, which clears up through the functions.
  func release() {
    reader.pointee.privdata = nil
    reader.pointee.reply = nil
  }

  deinit { functions.deallocate() }

  /// Bytes that have come and are not part of a complete reply yet.
  var pendingBytes: Int { reader.pointee.len - reader.pointee.pos }

  /// Parses replies out of what has come until `limit` are complete, and gives how many were.
  ///
  /// Messages that answer no command (RESP3 pushes) are passed over. Throws the reader's own words.
  func parse(upTo limit: Int, into buffer: ReplyBuffer) throws(ProtocolFault) -> Int {
    target = buffer
    defer { target = nil }
    var complete = 0
    while complete < limit {
      var object: UnsafeMutableRawPointer?
      guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw ProtocolFault(text: errorText) }
      guard let object else { break }
      let root = Int(bitPattern: object) - 1
      if isPush {
        isPush = false
        buffer.drop(from: root)
      } else {
        buffer.finishRoot(at: root)
        complete += 1
      }
    }
    return complete
  }

  fileprivate var isPush = false

  private var errorText: String {
    withUnsafePointer(to: &reader.pointee.errstr) {
      $0.withMemoryRebound(to: CChar.self, capacity: 128) { String(cString: $0) }
    }
  }

  private static func makeFunctions() -> redisReplyObjectFunctions {
    redisReplyObjectFunctions(
      createString: { task, text, length in
        withTarget(of: task) { buffer, task in
          var bytes = UnsafeBufferPointer(
            start: UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self), count: length)
          // A verbatim string begins with three letters of format and a colon.
          if task.type == REDIS_REPLY_VERB, length >= 4 { bytes = .init(rebasing: bytes[4...]) }
          let kind: ReplyBuffer.Kind =
            switch task.type {
            case REDIS_REPLY_ERROR: .error
            case REDIS_REPLY_STATUS: .status
            default: .string
            }
          return buffer.appendText(kind, bytes)
        }
      },
      createArray: { task, elements in
        guard let task, depth(of: task) < ReplyReader.maximumDepth else { return nil }
        if task.pointee.type == REDIS_REPLY_PUSH, task.pointee.parent == nil { owner(of: task)?.isPush = true }
        return withTarget(of: task) { buffer, task in
          buffer.append(task.type == REDIS_REPLY_MAP ? .map : .array, count: elements)
        }
      },
      createInteger: { task, value in withTarget(of: task) { buffer, _ in buffer.append(.integer, value: value) } },
      createDouble: { task, value, _, _ in
        withTarget(of: task) { buffer, _ in
          buffer.append(.double, value: Int64(bitPattern: value.bitPattern))
        }
      },
      createNil: { task in withTarget(of: task) { buffer, _ in buffer.append(.null) } },
      createBool: { task, value in
        withTarget(of: task) { buffer, _ in buffer.append(.boolean, value: Int64(value)) }
      },
      freeObject: { _ in }
    )
  }
}

/// The bytes of the peer are not RESP; the text is hiredis's.
struct ProtocolFault: Error {
  let text: String
}

private func owner(of task: UnsafePointer<redisReadTask>) -> ReplyReader? {
  task.pointee.privdata.map { Unmanaged<ReplyReader>.fromOpaque($0).takeUnretainedValue() }
}

/// Runs a body on the buffer that the task's reader fills, and turns the node's index into hiredis's object pointer.
private func withTarget(
  of task: UnsafePointer<redisReadTask>?, _ body: (ReplyBuffer, redisReadTask) -> Int
) -> UnsafeMutableRawPointer? {
  guard let task, let buffer = owner(of: task)?.target else { return nil }
  return UnsafeMutableRawPointer(bitPattern: body(buffer, task.pointee) + 1)
}

private func depth(of task: UnsafePointer<redisReadTask>) -> Int {
  var depth = 0
  var current = task.pointee.parent
  while let parent = current {
    depth += 1
    current = parent.pointee.parent
  }
  return depth
}
