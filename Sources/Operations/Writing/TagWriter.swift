import RedisClient

/// Makes keys members of their tags; a tag lives at least twice as long as its keys, and its TTL is never cut.
struct TagWriter {
  private let tagKey: TagKey
  /// What is left of each tag that the next batch touches, in milliseconds: -1 for ever, -2 where there is none.
  private var remaining: [[UInt8]: Int64] = [:]

  init(_ tagKey: TagKey) { self.tagKey = tagKey }

  /// The names of tags' sets.
  func names(of tags: [[UInt8]]) -> [[UInt8]] { tags.compactMap { tagKey.names(of: $0).first } }

  /// Takes in what the server says is left of the tags.
  mutating func learn(_ names: [[UInt8]], _ times: [Int64]) {
    remaining = Dictionary(zip(names, times)) { _, last in last }
  }

  /// Adds the commands that make a key a member; says how many replies they bring.
  ///
  /// `inTransaction` says whether the server takes transactions: a new tag gets its members and its end in one step then,
  /// because a run that dies between them would leave a tag that lives for ever.
  mutating func append(
    _ key: [UInt8], _ names: [[UInt8]], _ lifetime: KeyLifetime, inTransaction: Bool,
    to commands: inout CommandBuffer
  ) -> Int {
    let before = commands.count
    for name in names {
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
    return type == nil || type == "set" || type == "none"
  }

  /// What the server has refused, by one of the replies to such commands: that a transaction is void says nothing new.
  static func refusals(in reply: Reply) -> [ServerError] {
    ([reply.error] + reply.children.map(\.error)).compactMap(\.self).filter { $0.code != "EXECABORT" }
  }
}
