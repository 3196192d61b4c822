/// One reply inside a buffer; valid until the buffer is emptied.
public struct Reply {
  let buffer: ReplyBuffer
  let index: Int

  private var node: ReplyBuffer.Node { buffer.nodes[index] }

  /// What the reply is.
  public var kind: ReplyBuffer.Kind { node.kind }

  /// The number of children of an array or map (two an entry of a map), else 0.
  public var childCount: Int { kind == .array || kind == .map ? node.count : 0 }

  /// The children of an array or map, in order.
  ///
  /// Complexity: O(size of the subtree).
  public var children: [Reply] {
    var result: [Reply] = []
    result.reserveCapacity(childCount)
    var next = index + 1
    for _ in 0..<childCount {
      result.append(Reply(buffer: buffer, index: next))
      next = buffer.end(of: next)
    }
    return result
  }

  /// Where a string's bytes lie in the buffer's `bytes`; nil for anything that is no string or status.
  public var textRange: Range<Int>? {
    let node = node
    guard node.kind == .string || node.kind == .status || node.kind == .error else { return nil }
    return Int(node.value)..<(Int(node.value) + node.count)
  }

  /// The value of an integer reply, else nil.
  public var integer: Int64? {
    let node = node
    return node.kind == .integer ? node.value : nil
  }

  /// True for a null of either protocol version.
  public var isNull: Bool { kind == .null }

  /// The error that the server answered with, else nil.
  public var error: ServerError? {
    guard kind == .error, let range = textRange else { return nil }
    return ServerError(line: String(decoding: buffer.bytes[range], as: UTF8.self))
  }

  /// Where the strings of an array lie in the buffer's `bytes`; nil when a child is no string.
  ///
  /// Appends to `ranges`, so that a page of keys is read without one allocation per key.
  public func appendTextRanges(to ranges: inout [Range<Int>]) -> Bool {
    guard kind == .array else { return false }
    for child in (index + 1)..<(index + 1 + node.count) {
      let node = buffer.nodes[child]
      guard node.kind == .string || node.kind == .status else { return false }
      ranges.append(Int(node.value)..<(Int(node.value) + node.count))
    }
    return true
  }

  /// A short word for what the reply is, for messages.
  public var summary: String {
    switch kind {
    case .error: "the error \(error?.message ?? "")"
    case .array, .map: "\(kind) of \(node.count)"
    default: "\(kind)"
    }
  }
}
