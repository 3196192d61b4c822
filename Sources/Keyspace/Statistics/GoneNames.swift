/// Remembers by hash which names have gone lately and why, in bounded memory.
///
/// Where more names go than there is room for, a random part of all names is followed, chosen by their hashes: a name is
/// followed always or never, so that what is found of those that are followed holds for all, with an error that shrinks with
/// their number (the spatial sampling of SHARDS, C. Waldspurger et al., FAST 2015).
package struct GoneNames: Sendable {
  /// Why a name went.
  package enum Cause: UInt8, Sendable, CaseIterable {
    /// Its time to live was over.
    case expired
    /// The server needed the room.
    case evicted
    /// A command removed it.
    case deleted
  }

  /// What is known of a name.
  package enum Answer: Sendable, Equatable {
    /// The name is not among those that are followed.
    case notFollowed
    /// It has not gone since the beginning.
    case unseen
    /// It went, for this reason the last time.
    case gone(Cause)
  }

  /// The names that are followed have a hash below it.
  private var limit = UInt64.max
  /// Hashes whose two lowest bits are a cause plus one; 0 is a free place.
  private var places: [UInt64]
  private var count = 0
  private let most: Int

  /// An empty memory of up to about `most` names, at 8 to 16 bytes each.
  package init(most: Int = 1 << 20) {
    self.most = max(16, most)
    places = [UInt64](repeating: 0, count: 1024)
  }

  /// The share of all names that is followed, 1 where all are.
  package var share: Double { limit == .max ? 1 : Double(limit) / Double(UInt64.max) }

  /// Notes that the name with a hash has gone. The hashes must be spread evenly.
  package mutating func note(_ hash: UInt64, _ cause: Cause) {
    guard hash <= limit else { return }
    let place = place(of: hash)
    if places[place] == 0 { count += 1 }
    places[place] = hash & ~3 | UInt64(cause.rawValue + 1)
    if count * 4 > places.count * 3 { makeRoom() }
  }

  /// Says what is known of the name with a hash.
  package func answer(_ hash: UInt64) -> Answer {
    guard hash <= limit else { return .notFollowed }
    let entry = places[place(of: hash)]
    guard entry != 0, let cause = Cause(rawValue: UInt8(entry & 3) - 1) else { return .unseen }
    return .gone(cause)
  }

  /// The place of a name, or the free one where it belongs.
  private func place(of hash: UInt64) -> Int {
    let mask = places.count - 1
    // The highest bits decide whether a name is followed: others choose its place.
    var place = Int(truncatingIfNeeded: hash >> 2) & mask
    while places[place] != 0, places[place] & ~3 != hash & ~3 { place = (place + 1) & mask }
    return place
  }

  private mutating func makeRoom() {
    let isFull = count >= most
    // Where the room is used up, half of the names is followed from now on.
    if isFull { limit /= 2 }
    let entries = places
    places = [UInt64](repeating: 0, count: isFull ? entries.count : entries.count * 2)
    count = 0
    for entry in entries where entry != 0 && entry <= limit {
      places[place(of: entry)] = entry
      count += 1
    }
  }
}
