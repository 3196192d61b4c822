import RedisClient

/// Makes keys members of their tags; a tag lives at least twice as long as its keys, and its life is never cut.
struct TagKeeper {
  private let tagKey: TagKey
  /// What is left of each tag that the next flight touches, in milliseconds: -1 for ever, -2 where there is none.
  private var remaining: [[UInt8]: Int64] = [:]

  init(_ tagKey: TagKey) { self.tagKey = tagKey }

  /// The names of tags' sets.
  func names(of tags: [[UInt8]]) -> [[UInt8]] { tags.compactMap { tagKey.names(of: $0).first } }

  /// Takes in what the server says is left of the tags.
  mutating func learn(_ names: [[UInt8]], _ times: [Int64]) {
    remaining = Dictionary(zip(names, times)) { _, last in last }
  }

  /// Adds the commands that make a key a member; says how many replies they bring.
  mutating func append(
    _ key: [UInt8], _ names: [[UInt8]], _ lifetime: KeyLifetime, to flight: inout CommandBuffer
  ) -> Int {
    let before = flight.count
    for name in names {
      flight.append([CommandWord.addToSet, name, key])
      let left = remaining[name] ?? -2
      // A set that lives for ever goes on so.
      guard left != -1 else { continue }
      guard case .after(let time) = lifetime else {
        // The key lives for ever; a new set does so by itself.
        if left >= 0 { flight.append([CommandWord.persist, name]) }
        remaining[name] = -1
        continue
      }
      let (doubled, overflows) = time.multipliedReportingOverflow(by: 2)
      let wanted = overflows ? time : doubled
      guard left < wanted else { continue }
      flight.append([CommandWord.expire, name, CommandWord.number(wanted)])
      remaining[name] = wanted
    }
    return flight.count - before
  }
}
