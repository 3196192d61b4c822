import Bytes

/// Remembers the nodes to which keys of the same shape led, so that most keys find theirs with one look.
///
/// A shape is the template form of a key's pieces; where values of a place are kept apart, those values are part of
/// it. What is remembered holds until the nodes change. Shapes are told apart by a hash of 64 bits with a seed that no
/// client knows: two of a billion different keys are confused once in 10^10 scans.
struct PathMemo: Sendable {
  private struct Entry: Sendable {
    var hash: UInt64 = 0
    /// How often the nodes had changed; -1 in an unused entry.
    var changes = -1
    var node: Int32 = 0
    /// A bit for each piece whose value decides, too: the entry of shape and values has the node.
    var values: UInt64 = 0
  }

  /// A power of two; a shape that needs the place of another takes it.
  private static let size = 512

  private let seed = KeyHash.newSeed
  private var entries: [Entry] = []

  /// The hash of the first `count` pieces of a key in template form.
  ///
  /// Complexity: O(length of the key).
  func hash(_ reading: borrowing KeyReading, count: Int) -> UInt64 {
    let bytes = reading.bytes.span
    var hash = seed
    for index in 0..<count {
      let token = reading.tokens[index]
      let place =
        UInt64(token.separator.rawValue) << 16 | UInt64(token.role.rawValue) << 8
        | UInt64(token.traits.rawValue)
      hash = KeyHash.tableValue(bytes.extracting(token.range), seed: hash ^ place &* 0x9e37_79b9_7f4a_7c15)
    }
    return hash
  }

  /// The node of a key whose shape has this hash, if the nodes have not changed since it was noted.
  func node(_ hash: UInt64, _ reading: borrowing KeyReading, changes: Int) -> Int? {
    guard let entry = entry(hash, changes) else { return nil }
    guard entry.values != 0 else { return Int(entry.node) }
    return self.entry(self.hash(hash, with: entry.values, of: reading), changes).map { Int($0.node) }
  }

  /// Remembers the node of a key; `values` has a bit for each piece whose own value has decided.
  mutating func note(
    _ node: Int, _ hash: UInt64, _ reading: borrowing KeyReading, values: UInt64, changes: Int
  ) {
    if entries.isEmpty { entries = Array(repeating: Entry(), count: PathMemo.size) }
    let entry = Entry(hash: hash, changes: changes, node: Int32(truncatingIfNeeded: node), values: values)
    set(entry)
    guard values != 0 else { return }
    set(Entry(hash: self.hash(hash, with: values, of: reading), changes: changes, node: entry.node))
  }

  private func entry(_ hash: UInt64, _ changes: Int) -> Entry? {
    guard !entries.isEmpty else { return nil }
    let entry = entries[Int(truncatingIfNeeded: hash) & (PathMemo.size &- 1)]
    return entry.hash == hash && entry.changes == changes ? entry : nil
  }

  private mutating func set(_ entry: Entry) {
    entries[Int(truncatingIfNeeded: entry.hash) & (PathMemo.size &- 1)] = entry
  }

  private func hash(_ hash: UInt64, with values: UInt64, of reading: borrowing KeyReading) -> UInt64 {
    var (hash, values) = (hash, values)
    let bytes = reading.bytes.span
    while values != 0 {
      let literal = reading.tokens[values.trailingZeroBitCount].literal
      hash = KeyHash.tableValue(bytes.extracting(literal), seed: hash)
      values &= values &- 1
    }
    return hash
  }
}
