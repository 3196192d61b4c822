import CHiredis

/// The functions through which hiredis's reader builds replies; each finds its `ReplyReader` in the task.
///
/// Invariant: every task that hiredis hands over, and the text it comes with, lives until the function returns.
func makeReplyFunctions() -> redisReplyObjectFunctions {
  redisReplyObjectFunctions(
    createString: { task, text, length in addText(task, text, length) },
    createArray: { task, elements in addAggregate(task, elements) },
    createInteger: { task, value in withReader(of: task) { $0.add($1) { $0.append(.integer, value: value) } }
    },
    createDouble: { task, value, _, _ in
      withReader(of: task) { $0.add($1) { $0.append(.double, value: Int64(bitPattern: value.bitPattern)) } }
    },
    createNil: { task in withReader(of: task) { $0.add($1) { $0.append(.null) } } },
    createBool: { task, value in
      withReader(of: task) { $0.add($1) { $0.append(.boolean, value: Int64(value)) } }
    },
    // Objects are indices: there is nothing to free.
    freeObject: { _ in }
  )
}

private typealias Task = UnsafePointer<redisReadTask>

private func withReader(
  of task: Task?, _ body: (ReplyReader, Task) -> UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
  guard let task, let owner = task.pointee.privdata else { return nil }
  // The reader outlives the call, as it is one of its methods that waits for it: it need not be retained for each node.
  return Unmanaged<ReplyReader>.fromOpaque(owner)._withUnsafeGuaranteedRef { body($0, task) }
}

private func addText(
  _ task: Task?, _ text: UnsafeMutablePointer<CChar>?, _ length: Int
) -> UnsafeMutableRawPointer? {
  withReader(of: task) { reader, task in
    let raw = UnsafeRawBufferPointer(start: text, count: length)
    return raw.withMemoryRebound(to: UInt8.self) { bytes in
      let kind: ReplyBuffer.Kind =
        switch task.pointee.type {
        case REDIS_REPLY_ERROR: .error
        case REDIS_REPLY_STATUS: .status
        default: .string
        }
      // A verbatim string begins with three letters of format and a colon.
      let isVerbatim = task.pointee.type == REDIS_REPLY_VERB && length >= 4
      let shown = isVerbatim ? UnsafeBufferPointer(rebasing: bytes[4...]) : bytes
      return reader.add(task, bytes: shown.count) { $0.appendText(kind, shown) }
    }
  }
}

private func addAggregate(_ task: Task?, _ elements: Int) -> UnsafeMutableRawPointer? {
  withReader(of: task) { reader, task in
    guard depth(of: task) < ReplyReader.maximumDepth else {
      return reader.refuse("a reply nested more than \(ReplyReader.maximumDepth) deep")
    }
    return reader.add(task) {
      $0.append(task.pointee.type == REDIS_REPLY_MAP ? .map : .array, count: elements)
    }
  }
}

/// How many arrays and maps a task is inside of.
private func depth(of task: Task) -> Int {
  var depth = 0
  var current = task.pointee.parent
  while let parent = current {
    depth += 1
    current = parent.pointee.parent
  }
  return depth
}
