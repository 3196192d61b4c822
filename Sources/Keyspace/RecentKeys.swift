/// Remembers the keys that came by last, so that a name which SCAN gives twice is counted once.
///
/// SCAN repeats names where a hash table shrinks while it is read: the place it goes on at holds, in the smaller table,
/// also the keys of the places read just before it (dictScan in Redis' dict.c: the cursor counts in reversed binary, so
/// all places that fall together lie side by side). What is repeated is therefore always recent.
public struct RecentKeys: Sendable {
  private static let ways = 4
  private static let rows = 1 << 14

  /// Rows of hashes, the newest first in each; 0 stands for none. Empty until the first key.
  private var hashes: [UInt64] = []

  /// Nothing seen yet.
  public init() {}

  /// Notes a key by its hash; false where it is remembered already.
  ///
  /// Of 65,536 places each key has four to stand in. Complexity: O(1), half a megabyte in all.
  public mutating func insert(_ hash: UInt64) -> Bool {
    if hashes.isEmpty { hashes = [UInt64](repeating: 0, count: RecentKeys.rows * RecentKeys.ways) }
    let row = Int(truncatingIfNeeded: hash) & (RecentKeys.rows - 1)
    let start = row * RecentKeys.ways
    var carried = hash
    for place in start..<start + RecentKeys.ways {
      let other = hashes[place]
      hashes[place] = carried
      if other == hash { return false }
      carried = other
    }
    return true
  }

  /// Forgets a key.
  public mutating func remove(_ hash: UInt64) {
    guard !hashes.isEmpty else { return }
    let start = (Int(truncatingIfNeeded: hash) & (RecentKeys.rows - 1)) * RecentKeys.ways
    for place in start..<start + RecentKeys.ways where hashes[place] == hash { hashes[place] = 0 }
  }
}

extension RecentKeys: Checkpointed {
  /// Adds the newest key of each row: 128 KiB, and the 16,000 keys that came last.
  public func write(to writer: inout CheckpointWriter) {
    writer.add(hashes.isEmpty ? 0 : RecentKeys.rows)
    for start in stride(from: 0, to: hashes.count, by: RecentKeys.ways) { writer.add(fixed: hashes[start]) }
  }

  /// Takes out the newest keys.
  public init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    let rows = try reader.count()
    guard rows > 0 else { return }
    guard rows == RecentKeys.rows else { throw CheckpointDamage() }
    hashes = [UInt64](repeating: 0, count: RecentKeys.rows * RecentKeys.ways)
    for row in 0..<rows { hashes[row * RecentKeys.ways] = try reader.fixed() }
  }
}
