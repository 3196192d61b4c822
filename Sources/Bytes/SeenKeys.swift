/// The keys seen so far, in bounded memory: lists and tags may name a key twice.
///
/// Compares 64-bit hashes. Among a million keys two share a hash with a probability of about 3 in 100
/// million; one of them is then left out.
package struct SeenKeys: Sendable {
  /// The most keys that are remembered; later ones are not.
  package static let capacity = 1_000_000

  private var hashes = HashTable()
  private let seed = KeyHash.newSeed

  /// True once there may be seen keys that are not remembered.
  package var isFull: Bool { hashes.count >= SeenKeys.capacity }

  /// Nothing seen yet.
  package init() {}

  /// Adds a key; false where it was seen before.
  package mutating func insert(_ key: Span<UInt8>) -> Bool {
    let hash = hash(of: key)
    guard hashes.count < SeenKeys.capacity else { return !hashes.contains(hash) }
    return hashes.insert(hash)
  }

  /// Forgets a key.
  package mutating func remove(_ key: Span<UInt8>) { hashes.remove(hash(of: key)) }

  /// True where a key was seen and is remembered.
  package func contains(_ key: Span<UInt8>) -> Bool { hashes.contains(hash(of: key)) }

  private func hash(of key: Span<UInt8>) -> UInt64 { KeyHash.tableValue(key, seed: seed) }
}
