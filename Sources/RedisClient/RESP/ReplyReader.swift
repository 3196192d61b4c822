import Bytes
import CHiredis

/// The bytes of the peer are not RESP, or exceed what is sane; the text is hiredis's or ours.
struct ProtocolFault: Error, Equatable {
  let text: String
}

/// hiredis's protocol reader, told to build its replies in a `ReplyBuffer` instead of a tree of objects.
///
/// Invariants, on which the unsafe pointers rest:
/// - `reader` and `functions` are owned by this object alone; the reader is freed first, as it calls through the
///   functions.
/// - hiredis calls back only inside `parse`, a method of this object, so the unretained pointer to it in `privdata`
///   is valid in every call.
/// - An object pointer that hiredis is given is a node's index plus one (1 in a push), and is never dereferenced.
/// - `target` is set while `parse` runs only, whose caller keeps the buffer alive: it need not be retained for each node.
/// - hiredis keeps `len` bytes at `buf`, of which those from `pos` on are unread; `buf` is NULL after a fault.
final class ReplyReader {
  /// Deeper replies than any command of ours can have are an attack on the stack, or no Redis.
  static let maximumDepth = 16
  /// Anything but a bulk string is one line; no server of ours sends longer ones.
  static let maximumLine = 64 << 10
  /// An array claims its size before it comes; nothing is reserved for the claim, but hiredis counts in 32 bits.
  static let maximumElements: Int64 = 1 << 26

  /// To be fed by `redisBufferRead` where it stands in for the reader of a context.
  let reader: UnsafeMutablePointer<redisReader>
  private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
  private let maximumReplyBytes: Int
  private var target: Unmanaged<ReplyBuffer>?
  /// What the replies under construction may still take of memory.
  private var budget = 0
  /// Why a callback refused a node, which hiredis can only call a lack of memory.
  private var refusal: String?

  /// A reader that refuses replies that together take more bytes in a buffer; nil where memory is short.
  init?(maximumReplyBytes: Int) {
    self.maximumReplyBytes = maximumReplyBytes
    functions = .allocate(capacity: 1)
    functions.initialize(to: makeReplyFunctions())
    guard let reader = redisReaderCreateWithFunctions(functions) else {
      functions.deallocate()
      return nil
    }
    self.reader = reader
    reader.pointee.maxelements = Self.maximumElements
    reader.pointee.privdata = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit {
    redisReaderFree(reader)
    functions.deallocate()
  }

  /// Bytes that hiredis holds, parsed or not; reading adds to them, and parsing lets some go.
  var heldBytes: Int { reader.pointee.len }

  /// Bytes that have come and are not part of a parsed node yet.
  var pendingBytes: Int { reader.pointee.len - reader.pointee.pos }

  /// Parses replies out of what has come until `limit` are complete, and gives how many were.
  ///
  /// Messages that answer no command (RESP3 pushes) are passed over. A reply that is complete in part goes on with
  /// the next call, which must name the same buffer, unchanged. After a fault nothing more may be parsed.
  func parse(upTo limit: Int, into buffer: ReplyBuffer) throws(ProtocolFault) -> Int {
    target = .passUnretained(buffer)
    defer { target = nil }
    var complete = 0
    while complete < limit {
      var object: UnsafeMutableRawPointer?
      guard redisReaderGetReply(reader, &object) == REDIS_OK else {
        throw ProtocolFault(text: refusal ?? errorText)
      }
      guard let object else {
        try checkIncompleteItem()
        break
      }
      if isRootPush { continue }
      buffer.finishRoot(at: Int(bitPattern: object) - 1)
      complete += 1
    }
    return complete
  }

  /// Takes bytes that come from elsewhere than a context's socket; false after a fault.
  func feed(_ bytes: [UInt8]) -> Bool {
    // Invariant: hiredis copies the bytes before it returns.
    bytes.withUnsafeBytes {
      redisReaderFeed(reader, $0.bindMemory(to: CChar.self).baseAddress, $0.count) == REDIS_OK
    }
  }

  /// Throws when more has come than the replies that were asked for; pushes, whole or in part, may have.
  func expectNoReply() throws(ProtocolFault) {
    // A push leaves nothing in the buffer, so one that is complete in part may go on with another buffer.
    let strays = try parse(upTo: 1, into: ReplyBuffer())
    let hasBegun = reader.pointee.ridx >= 0 && !isRootPush && rootType != -1
    if strays > 0 || hasBegun { throw ProtocolFault(text: "a reply that answers no command") }
  }

  private var errorText: String {
    // Invariant: hiredis ends the text with NUL inside the array.
    withUnsafeBytes(of: &reader.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

// MARK: - What hiredis calls back

extension ReplyReader {
  /// Adds a node for a task and gives hiredis the object pointer for it; nil refuses the reply.
  func add(
    _ task: UnsafePointer<redisReadTask>, bytes: Int = 0, _ append: (ReplyBuffer) -> Int
  ) -> UnsafeMutableRawPointer? {
    if isRootPush { return UnsafeMutableRawPointer(bitPattern: 1) }
    guard let target else { return nil }
    // What a batch has brought so far counts: many replies that are each within bounds are not.
    if task.pointee.parent == nil { budget = maximumReplyBytes - target._withUnsafeGuaranteedRef(\.size) }
    budget -= bytes + MemoryLayout<ReplyBuffer.Node>.stride
    guard budget >= 0 else { return refuse("replies of more than \(maximumReplyBytes) bytes") }
    return UnsafeMutableRawPointer(bitPattern: target._withUnsafeGuaranteedRef(append) + 1)
  }

  func refuse(_ reason: String) -> UnsafeMutableRawPointer? {
    refusal = reason
    return nil
  }

  /// hiredis's word for the type of the outermost value under construction; -1 before its first byte.
  private var rootType: Int32 { reader.pointee.task[0]?.pointee.type ?? -1 }

  private var isRootPush: Bool { rootType == REDIS_REPLY_PUSH }
}

// MARK: - Sizes that are announced

extension ReplyReader {
  /// Refuses what is announced too large or goes on too long, before it is waited for.
  ///
  /// hiredis leaves an incomplete item, but for the byte of its type, unread in its buffer.
  private func checkIncompleteItem() throws(ProtocolFault) {
    let index = Int(reader.pointee.ridx)
    guard index >= 0, pendingBytes > 0, let task = reader.pointee.task[index] else { return }
    guard task.pointee.type == REDIS_REPLY_STRING || task.pointee.type == REDIS_REPLY_VERB else {
      guard pendingBytes <= Self.maximumLine else {
        throw ProtocolFault(text: "a line of more than \(Self.maximumLine) bytes")
      }
      return
    }
    guard let length = announcedLength else { return }
    guard length <= maximumReplyBytes else {
      throw ProtocolFault(text: "a string of \(length) bytes is announced")
    }
  }

  /// The length at the head of a bulk string that is not complete; nil while not all digits have come.
  ///
  /// Only the first 20 bytes can matter: longer numbers overflow, which hiredis finds itself at the line's end.
  private var announcedLength: Int? {
    guard let bytes = reader.pointee.buf else { return nil }
    var length = 0
    for position in reader.pointee.pos..<min(reader.pointee.len, reader.pointee.pos + 20) {
      let byte = UInt8(bitPattern: bytes[position])
      guard byte.isDigit else { return byte == UInt8(ascii: "\r") ? length : nil }
      length = length.multipliedReportingOverflow(by: 10).partialValue &+ Int(byte - UInt8(ascii: "0"))
    }
    return pendingBytes > 20 ? .max : nil
  }
}
