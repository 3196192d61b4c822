import RedisClient
import SeedFormat

/// Makes keys members of their tags; a tag lives at least twice as long as its keys, and its TTL is never cut. Puts keys
/// back into the sets that a backup has seen them in.
struct TagWriter {
  private let tagKey: TagKey
  /// What is left of each tag that the next batch touches, in milliseconds: -1 for ever, -2 where there is none.
  private var remaining: [[UInt8]: Int64] = [:]
  /// The tags among them that are sorted sets.
  private var sorted: Set<[UInt8]> = []

  init(_ tagKey: TagKey) { self.tagKey = tagKey }

  /// The names of tags' sets.
  func names(of tags: [[UInt8]]) -> [[UInt8]] { tags.compactMap { tagKey.names(of: $0).first } }

  /// Takes in what the server says is left of the tags.
  ///
  /// `sorted` names those that are sorted sets already.
  mutating func learn(_ names: [[UInt8]], _ times: [Int64], sorted: Set<[UInt8]> = []) {
    self.sorted = sorted
    remaining = Dictionary(zip(names, times)) { _, last in last }
  }

  /// Adds the commands that make a key a member; says how many replies they bring.
  ///
  /// `inTransaction` says whether the server takes transactions: a new tag gets its members and its end in one step then,
  /// because a run that dies between them would leave a tag that lives for ever.
  mutating func append(
    _ key: [UInt8], _ names: [[UInt8]], _ lifetime: KeyLifetime, now: Int64 = 0, inTransaction: Bool,
    to commands: inout CommandBuffer
  ) -> Int {
    let before = commands.count
    for name in names {
      if isSorted(name) {
        guard let member = member(for: key) else { continue }
        commands.append([CommandWord.addToSortedSet, name, TagWriter.score(lifetime, now), member])
        continue
      }
      let left = remaining[name] ?? -2
      let change = change(of: name, left: left, lifetime)
      let isOneStep = inTransaction && left == -2 && change != nil
      if isOneStep { commands.append([CommandWord.multi]) }
      commands.append([CommandWord.addToSet, name, key])
      if let change { commands.append(change) }
      if isOneStep { commands.append([CommandWord.exec]) }
    }
    return commands.count - before
  }

  /// Adds the commands that put a key back into sets; says how many replies they bring.
  ///
  /// A set that is gone begins anew with the expiry that it had; one that is there keeps its own.
  mutating func restore(
    _ memberships: [SeedMembership], now: Int64, inTransaction: Bool, to commands: inout CommandBuffer
  ) -> Int {
    let before = commands.count
    for membership in memberships {
      let isNew = (remaining[membership.set] ?? -2) == -2
      let time = isNew ? membership.setExpiresAt.map { max(1, $0 - now) } : nil
      if isNew { remaining[membership.set] = time ?? -1 }
      let isOneStep = inTransaction && time != nil
      if isOneStep { commands.append([CommandWord.multi]) }
      if let score = membership.score {
        commands.append([CommandWord.addToSortedSet, membership.set, score, membership.member])
      } else {
        commands.append([CommandWord.addToSet, membership.set, membership.member])
      }
      if let time { commands.append([CommandWord.expire, membership.set, CommandWord.number(time)]) }
      if isOneStep { commands.append([CommandWord.exec]) }
    }
    return commands.count - before
  }

  /// True for a tag that is kept as Laravel keeps it. Laravel lets such a tag live for ever, and so does this.
  private func isSorted(_ name: [UInt8]) -> Bool { tagKey.isSorted || sorted.contains(name) }

  /// True where a sorted tag among some cannot name a key: its members are keys without the prefix of the store.
  func cannotName(_ key: [UInt8], in names: [[UInt8]]) -> Bool {
    names.contains(where: isSorted) && member(for: key) == nil
  }

  private func member(for key: [UInt8]) -> [UInt8]? { tagKey.sortedMember.member(of: key) }

  /// Laravel's score: the moment of expiry in seconds since 1970, -1 for a key that never expires.
  private static func score(_ lifetime: KeyLifetime, _ now: Int64) -> [UInt8] {
    guard case .after(let time) = lifetime else { return CommandWord.number(-1) }
    let (moment, overflows) = now.addingReportingOverflow(time)
    return CommandWord.number((overflows ? .max : moment) / 1000)
  }

  /// The command that changes how long a tag lives, where a member of some lifetime asks for it.
  private mutating func change(of name: [UInt8], left: Int64, _ lifetime: KeyLifetime) -> [[UInt8]]? {
    // A set that lives for ever stays so.
    guard left != -1 else { return nil }
    guard case .after(let time) = lifetime else {
      remaining[name] = -1
      // The key lives for ever; a new set does so by itself.
      return left >= 0 ? [CommandWord.persist, name] : nil
    }
    let (doubled, overflows) = time.multipliedReportingOverflow(by: 2)
    let wanted = overflows ? time : doubled
    guard left < wanted else { return nil }
    remaining[name] = wanted
    return [CommandWord.expire, name, CommandWord.number(wanted)]
  }

  /// True where a key of this type, as TYPE says it, can be a tag, or become one.
  static func mayHoldMembers(_ type: Reply) -> Bool {
    let type = try? type.decode(String.self)
    return type == nil || type == "set" || type == "none" || type == "zset"
  }

  /// What the server has refused, by one of the replies to such commands: that a transaction is void says nothing new.
  static func refusals(in reply: Reply) -> [ServerError] {
    ([reply.error] + reply.children.map(\.error)).compactMap(\.self).filter { $0.code != "EXECABORT" }
  }
}
