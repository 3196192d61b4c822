/// A set of 64-bit hashes, whose own bits choose their places: nothing is hashed a second time.
///
/// It grows in parts, one at a time, so that it never holds two copies of the whole. The hashes must be
/// spread evenly: use an unpredictable seed.
package struct HashTable: Sendable {
  /// The highest bits of a hash choose its part, of 64.
  private static let bits = 6

  private var parts: [Part] = []
  /// How many hashes there are.
  package private(set) var count = 0

  /// An empty set.
  package init() {}

  /// Adds a hash; false where the set has it already. O(1), now and then O(count / 64).
  package mutating func insert(_ hash: UInt64) -> Bool {
    if parts.isEmpty { parts = [Part](repeating: Part(), count: 1 << HashTable.bits) }
    let entry = HashTable.entry(hash)
    let isNew = parts[HashTable.part(of: entry)].insert(entry)
    if isNew { count += 1 }
    return isNew
  }

  /// True where the set has a hash.
  package func contains(_ hash: UInt64) -> Bool {
    let entry = HashTable.entry(hash)
    return !parts.isEmpty && parts[HashTable.part(of: entry)].contains(entry)
  }

  /// Removes a hash where the set has it.
  package mutating func remove(_ hash: UInt64) {
    let entry = HashTable.entry(hash)
    if !parts.isEmpty, parts[HashTable.part(of: entry)].remove(entry) { count -= 1 }
  }

  private static func part(of entry: UInt64) -> Int { Int(truncatingIfNeeded: entry >> (64 - bits)) }

  /// Zero marks a free place, so the hash 0 shares an entry with the hash 1.
  private static func entry(_ hash: UInt64) -> UInt64 { hash == 0 ? 1 : hash }
}

extension HashTable {
  /// Open addressing with linear probing, at most three quarters full; what is removed leaves no gap (Knuth, The Art of
  /// Computer Programming, volume 3, 6.4, algorithm R).
  private struct Part: Sendable {
    /// The number of places is a power of two; an entry of 0 marks a free one.
    private var places: [UInt64] = []
    private var count = 0

    mutating func insert(_ entry: UInt64) -> Bool {
      if (count + 1) * 4 > places.count * 3 { grow() }
      let place = place(of: entry)
      guard places[place] == 0 else { return false }
      places[place] = entry
      count += 1
      return true
    }

    func contains(_ entry: UInt64) -> Bool { !places.isEmpty && places[place(of: entry)] != 0 }

    /// Removes an entry; false where there is none.
    mutating func remove(_ entry: UInt64) -> Bool {
      guard !places.isEmpty else { return false }
      let mask = places.count - 1
      var gap = place(of: entry)
      guard places[gap] != 0 else { return false }
      var next = gap
      while true {
        next = (next + 1) & mask
        guard places[next] != 0 else { break }
        let home = Int(truncatingIfNeeded: places[next]) & mask
        // An entry may move to the gap only if its search begins there or before.
        guard (next - home) & mask >= (next - gap) & mask else { continue }
        places[gap] = places[next]
        gap = next
      }
      places[gap] = 0
      count -= 1
      return true
    }

    /// The place of an entry, or the free one where it belongs.
    private func place(of entry: UInt64) -> Int {
      let mask = places.count - 1
      var place = Int(truncatingIfNeeded: entry) & mask
      while places[place] != entry, places[place] != 0 { place = (place + 1) & mask }
      return place
    }

    private mutating func grow() {
      let entries = places
      places = [UInt64](repeating: 0, count: max(16, entries.count * 2))
      for entry in entries where entry != 0 { places[place(of: entry)] = entry }
    }
  }
}
