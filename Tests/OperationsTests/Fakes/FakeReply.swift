@testable import RedisClient

/// A reply as a test writes it.
enum FakeReply: Sendable {
  case integer(Int64)
  case bulk([UInt8])
  case status(String)
  case error(String)
  case null
  case array([FakeReply])

  /// Adds the reply to a buffer as the reader of a connection would.
  func append(to buffer: ReplyBuffer) { buffer.finishRoot(at: appendNode(to: buffer)) }

  private func appendNode(to buffer: ReplyBuffer) -> Int {
    switch self {
    case .integer(let value): return buffer.append(.integer, value: value)
    case .bulk(let bytes): return bytes.withUnsafeBufferPointer { buffer.appendText(.string, $0) }
    case .status(let text): return Array(text.utf8).withUnsafeBufferPointer { buffer.appendText(.status, $0) }
    case .error(let text): return Array(text.utf8).withUnsafeBufferPointer { buffer.appendText(.error, $0) }
    case .null: return buffer.append(.null)
    case .array(let children):
      let node = buffer.append(.array, count: children.count)
      for child in children { _ = child.appendNode(to: buffer) }
      return node
    }
  }
}

extension CommandBuffer {
  /// The commands of a batch, each as its arguments.
  var commands: [[[UInt8]]] {
    var position = 0
    func number() -> Int {
      var value = 0
      position += 1
      while bytes[position] != UInt8(ascii: "\r") {
        value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
        position += 1
      }
      position += 2
      return value
    }
    var commands: [[[UInt8]]] = []
    while position < bytes.count {
      var arguments: [[UInt8]] = []
      for _ in 0..<number() {
        let length = number()
        arguments.append(Array(bytes[position..<(position + length)]))
        position += length + 2
      }
      commands.append(arguments)
    }
    return commands
  }
}
