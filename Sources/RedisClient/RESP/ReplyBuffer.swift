import Bytes

/// A run of parsed replies in two flat arrays: one of nodes in reading order, one of the bytes of all strings.
///
/// Reading a page of a thousand keys fills the arrays and allocates nothing once they have grown, where
/// a tree of reply objects would allocate once per key.
package final class ReplyBuffer {
  /// What a reply is, after the protocol's two versions are folded together.
  ///
  /// A set is an array; a verbatim string and a big number are strings.
  package enum Kind: UInt8, Sendable {
    case string, status, error, integer, double, boolean, null, array, map
  }

  struct Node {
    var kind: Kind
    /// Strings: where the bytes begin; integers, booleans: the value; doubles: the bit pattern.
    var value: Int64
    /// Strings: the number of bytes; arrays and maps: the number of children (a map has two an entry).
    var count: Int
  }

  private(set) var nodes: [Node] = []
  /// The bytes of every string and error, end to end.
  package private(set) var bytes: [UInt8] = []
  private var roots: [Int] = []
  /// What errors must not show: the password of the connection that the replies came over.
  var secret: [UInt8] = []
  /// True where an error is among the replies, or inside of one.
  package private(set) var hasErrors = false

  /// An empty buffer.
  package init() {}

  /// The bytes of memory that the replies take.
  var size: Int { bytes.count + nodes.count * MemoryLayout<Node>.stride }

  /// The number of complete replies held.
  package var count: Int { roots.count }

  /// The reply at a position, in the order of their commands.
  package subscript(position: Int) -> Reply { Reply(buffer: self, index: roots[position]) }

  /// The value of an integer reply at a position, else nil: what `self[position].integer` gives, for replies that come
  /// by the million.
  package func integer(at position: Int) -> Int64? {
    let index = roots[position]
    return nodes[index].kind == .integer ? nodes[index].value : nil
  }

  /// Forgets the replies and keeps the memory, unless a huge reply made it grow far beyond need.
  package func removeAll() {
    nodes.removeAll(keepingCapacity: nodes.capacity < 1 << 18)
    bytes.removeAll(keepingCapacity: bytes.capacity < 8 << 20)
    roots.removeAll(keepingCapacity: roots.capacity < 1 << 18)
    hasErrors = false
  }

  /// Adds a string-like node and gives its index.
  func appendText(_ kind: Kind, _ text: UnsafeBufferPointer<UInt8>) -> Int {
    nodes.append(Node(kind: kind, value: Int64(bytes.count), count: text.count))
    bytes.append(contentsOf: text)
    if kind == .error { hasErrors = true }
    return nodes.count - 1
  }

  /// Adds an error of this side's own as a whole reply.
  func append(error text: String) {
    nodes.append(Node(kind: .error, value: Int64(bytes.count), count: text.utf8.count))
    bytes.append(contentsOf: text.utf8)
    hasErrors = true
    finishRoot(at: nodes.count - 1)
  }

  /// Adds a node without bytes and gives its index.
  func append(_ kind: Kind, value: Int64 = 0, count: Int = 0) -> Int {
    nodes.append(Node(kind: kind, value: value, count: count))
    return nodes.count - 1
  }

  /// Notes that the reply which begins at a node is complete.
  func finishRoot(at index: Int) { roots.append(index) }

  /// The index of the node after a whole subtree.
  ///
  /// Complexity: O(size of the subtree), O(1) for anything but arrays and maps. The recursion is as deep as the
  /// reply, which the reader bounds.
  func end(of index: Int) -> Int {
    let node = nodes[index]
    guard node.kind == .array || node.kind == .map else { return index + 1 }
    var next = index + 1
    for _ in 0..<node.count { next = end(of: next) }
    return next
  }

  /// Adds a reply of another buffer.
  ///
  /// Complexity: O(size of the reply).
  func append(copying reply: Reply) {
    let first = nodes.count
    let other = reply.buffer
    if !other.secret.isEmpty { secret = other.secret }
    for index in reply.index..<other.end(of: reply.index) {
      var node = other.nodes[index]
      if let range = Reply(buffer: other, index: index).textRange {
        node.value = Int64(bytes.count)
        bytes.append(contentsOf: other.bytes[range])
      }
      if node.kind == .error { hasErrors = true }
      nodes.append(node)
    }
    finishRoot(at: first)
  }
}
