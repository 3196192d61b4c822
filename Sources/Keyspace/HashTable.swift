/// A set of 64-bit hashes, whose own bits say where they stand: nothing is hashed a second time.
///
/// Open addressing with linear probing, at most three quarters full; what is removed leaves no gap (Knuth, The Art of
/// Computer Programming, volume 3, 6.4, algorithm R). The hashes must be spread evenly, as those of a seed that nobody
/// can foresee are.
struct HashTable: Sendable {
  /// A power of two of places; 0 stands for none.
  private var places: [UInt64] = []
  /// How many hashes there are.
  private(set) var count = 0

  /// Adds a hash; false where it is there already. O(1), and O(count) when the table grows.
  mutating func insert(_ hash: UInt64) -> Bool {
    if (count + 1) * 4 > places.count * 3 { grow() }
    let hash = HashTable.entry(hash)
    let place = place(of: hash)
    guard places[place] == 0 else { return false }
    places[place] = hash
    count += 1
    return true
  }

  /// True where a hash is there.
  func contains(_ hash: UInt64) -> Bool {
    !places.isEmpty && places[place(of: HashTable.entry(hash))] != 0
  }

  /// Takes a hash out, where it is there.
  mutating func remove(_ hash: UInt64) {
    guard contains(hash) else { return }
    count -= 1
    let mask = places.count - 1
    var gap = place(of: HashTable.entry(hash))
    var next = gap
    while true {
      next = (next + 1) & mask
      guard places[next] != 0 else { break }
      let home = Int(truncatingIfNeeded: places[next]) & mask
      // It may stand in the gap only if its search begins there or before.
      guard (next - home) & mask >= (next - gap) & mask else { continue }
      places[gap] = places[next]
      gap = next
    }
    places[gap] = 0
  }

  /// Where an entry stands, or would.
  private func place(of entry: UInt64) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: entry) & mask
    while places[place] != entry, places[place] != 0 { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let entries = places
    places = [UInt64](repeating: 0, count: max(64, entries.count * 2))
    for entry in entries where entry != 0 { places[place(of: entry)] = entry }
  }

  /// One of all hashes shares its entry with another, for the sake of the sign that a place is free.
  private static func entry(_ hash: UInt64) -> UInt64 { hash == 0 ? 1 : hash }
}
