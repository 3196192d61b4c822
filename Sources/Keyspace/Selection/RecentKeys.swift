package import Bytes

/// The keys seen last, so that a name that SCAN returns twice counts once.
///
/// SCAN repeats names where a hash table shrinks during the scan: in the smaller table, the next place also
/// holds keys of the places read just before it (dictScan in Redis' dict.c: the cursor counts in reversed
/// binary, so the places that become one lie side by side). A repeated name is therefore always recent.
package struct RecentKeys: Sendable {
  private static let rowCount = 1 << 14

  /// Four hashes each, the newest first; 0 marks a free place. Empty until the first key.
  private var rows: [SIMD4<UInt64>] = []

  /// Nothing seen yet.
  package init() {}

  /// Adds a key by its hash; false where it is remembered already.
  ///
  /// Each key has 4 possible places of 65,536. Complexity: O(1), half a megabyte in all.
  package mutating func insert(_ hash: UInt64) -> Bool {
    if rows.isEmpty { rows = RecentKeys.empty }
    return RecentKeys.insert(hash, into: &rows[RecentKeys.index(of: hash)])
  }

  /// Adds keys by their hashes, one after the other; false for each that is remembered already.
  ///
  /// In a loop this tight the processor loads the rows of several keys at once; they are not in its nearest
  /// caches.
  package mutating func insert(_ hashes: [UInt64]) -> [Bool] {
    if rows.isEmpty { rows = RecentKeys.empty }
    var rows = rows.mutableSpan
    return hashes.map { RecentKeys.insert($0, into: &rows[RecentKeys.index(of: $0)]) }
  }

  private static func insert(_ hash: UInt64, into row: inout SIMD4<UInt64>) -> Bool {
    let isSame = row .== SIMD4(repeating: hash)
    guard any(isSame) else {
      row = SIMD4(hash, row[0], row[1], row[2])
      return true
    }
    // A repeated key becomes the newest and swaps places with the one that was.
    row.replace(with: row[0], where: isSame)
    row[0] = hash
    return false
  }

  /// Forgets a key.
  package mutating func remove(_ hash: UInt64) {
    guard !rows.isEmpty else { return }
    let index = RecentKeys.index(of: hash)
    rows[index].replace(with: 0, where: rows[index] .== SIMD4(repeating: hash))
  }

  private static var empty: [SIMD4<UInt64>] { [SIMD4<UInt64>](repeating: .zero, count: rowCount) }

  private static func index(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (rowCount - 1) }
}

extension RecentKeys: Checkpointed {
  /// Adds the newest key of each row: 128 KiB, and the 16,000 keys that came last.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(rows.count)
    for row in rows { writer.add(fixed: row[0]) }
  }

  /// Reads the newest keys.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    let saved = try reader.count()
    guard saved > 0 else { return }
    guard saved == RecentKeys.rowCount else { throw CheckpointDamage() }
    rows = RecentKeys.empty
    for index in rows.indices { rows[index][0] = try reader.fixed() }
  }
}
