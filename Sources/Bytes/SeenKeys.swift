/// Remembers which keys have come by, in bounded memory: for lists and tags, which may name a key twice.
///
/// Keys are known by 64 bits of hash. Among a million keys, two of them are taken for one with a probability
/// of about 3 in 100 million; the one is then left out.
package struct SeenKeys: Sendable {
  /// So many keys are remembered; those that come later are not.
  package static let capacity = 1_000_000

  private var hashes = HashTable()
  private let seed = KeyHash.newSeed

  /// True where keys may have come by that are not remembered.
  package var isFull: Bool { hashes.count >= SeenKeys.capacity }

  /// Nothing seen yet.
  package init() {}

  /// Notes a key; false where it has come by before.
  package mutating func insert(_ key: Span<UInt8>) -> Bool {
    let hash = hash(of: key)
    guard hashes.count < SeenKeys.capacity else { return !hashes.contains(hash) }
    return hashes.insert(hash)
  }

  /// Forgets a key.
  package mutating func remove(_ key: Span<UInt8>) { hashes.remove(hash(of: key)) }

  /// True where a key has come by and is remembered.
  package func contains(_ key: Span<UInt8>) -> Bool { hashes.contains(hash(of: key)) }

  private func hash(of key: Span<UInt8>) -> UInt64 { KeyHash.tableValue(key, seed: seed) }
}
