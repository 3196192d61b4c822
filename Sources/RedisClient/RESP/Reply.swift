/// One reply inside a buffer; valid until the buffer is emptied.
package struct Reply {
  let buffer: ReplyBuffer
  let index: Int

  private var node: ReplyBuffer.Node { buffer.nodes[index] }

  /// What the reply is.
  package var kind: ReplyBuffer.Kind { node.kind }

  /// The number of children of an array or map (two an entry of a map), else 0.
  package var childCount: Int { kind == .array || kind == .map ? node.count : 0 }

  /// The children of an array or map, in order; of a map its names and values in turn.
  ///
  /// Complexity: O(size of the subtree).
  package var children: [Reply] {
    var result: [Reply] = []
    result.reserveCapacity(childCount)
    var next = index + 1
    for _ in 0..<childCount {
      result.append(Reply(buffer: buffer, index: next))
      next = buffer.end(of: next)
    }
    return result
  }

  /// Where a text's bytes lie in the buffer's `bytes`; nil for anything that is no string, status or error.
  package var textRange: Range<Int>? {
    let node = node
    guard node.kind == .string || node.kind == .status || node.kind == .error else { return nil }
    return Int(node.value)..<(Int(node.value) + node.count)
  }

  /// The value of an integer reply, else nil.
  package var integer: Int64? {
    let node = node
    return node.kind == .integer ? node.value : nil
  }

  /// The value of a RESP3 double, else nil.
  package var double: Double? {
    let node = node
    return node.kind == .double ? Double(bitPattern: UInt64(bitPattern: node.value)) : nil
  }

  /// The value of a RESP3 boolean, else nil.
  package var boolean: Bool? {
    let node = node
    return node.kind == .boolean ? node.value != 0 : nil
  }

  /// True for a null of either protocol version.
  package var isNull: Bool { kind == .null }

  /// The error that the server answered with, else nil.
  package var error: ServerError? {
    guard kind == .error, let range = textRange else { return nil }
    return ServerError(
      line: String(decoding: buffer.bytes[range], as: UTF8.self), hiding: buffer.secret)
  }

  /// Where the strings of an array lie in the buffer's `bytes`; false, and nothing appended, where a child is none.
  ///
  /// Appends to `ranges`, so that a page of keys is read without one allocation per key.
  package func appendTextRanges(to ranges: inout [Range<Int>]) -> Bool {
    guard kind == .array else { return false }
    let before = ranges.count
    // As long as every child is a string, each takes exactly one node.
    for child in (index + 1)..<(index + 1 + node.count) {
      let node = buffer.nodes[child]
      guard node.kind == .string || node.kind == .status else {
        ranges.removeSubrange(before...)
        return false
      }
      ranges.append(Int(node.value)..<(Int(node.value) + node.count))
    }
    return true
  }

  /// A short word for what the reply is, for messages; an error's text is made safe to show.
  package var summary: String {
    switch kind {
    case .error: "the error \(error?.shownMessage ?? "")"
    case .array, .map: "\(kind) of \(node.count)"
    default: "\(kind)"
    }
  }
}
