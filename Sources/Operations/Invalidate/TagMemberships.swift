import RedisClient
import SeedFormat

/// Takes keys out of their tags before they are removed, and puts back those that could not be removed.
///
/// The membership goes first: an application that writes a key again meanwhile, and makes it a member again, is left with
/// a key in its tag, or at worst with a member whose key is gone. The other way round it would be left with a key that no
/// tag names. What a key is a member of is looked at before, so that a backup can hold it.
struct TagMemberships {
  /// The membership of a key in a tag.
  private struct Membership {
    /// The place of the tag.
    let tag: Int
    let member: [UInt8]
    /// The member's score in a sorted set; nil in a set.
    let score: Double?
  }

  private let tags: [TagSource]
  private let policy: WriteRetryPolicy
  /// True where a backup holds the memberships, and the moments at which the tags expire.
  private let savesTimes: Bool
  /// What the batch that is about to be removed was seen to be a member of.
  private var seen: [[UInt8]: [Membership]] = [:]
  /// When the tags expire, in milliseconds since 1970, by their places. What was learned last stays when a tag has lost
  /// its last member.
  private var expiries: [Int: Int64] = [:]
  /// The memberships that were taken away, of keys that are not known to be removed yet.
  private var taken: [[UInt8]: [Membership]] = [:]
  /// True once the server has let a member be added: what is taken out can be put back.
  private var mayPutBack = false
  /// Why the server does not let members be taken out, or put back; nothing is taken out from then on.
  private(set) var refusal: String?

  /// Without tags there is nothing to do.
  init(_ tags: [TagSource], policy: WriteRetryPolicy, savesTimes: Bool = false) {
    (self.tags, self.policy, self.savesTimes) = (tags, policy, savesTimes)
  }

  /// True where keys are members of tags.
  var isEmpty: Bool { tags.isEmpty }

  // MARK: - Looking

  /// Looks what the keys of a batch are members of; nothing else may be under way on the channel.
  mutating func look(at batch: RemovalBatch, on channel: some CommandChannel) throws(ClientError) {
    seen = [:]
    guard !tags.isEmpty, refusal == nil else { return }
    var commands = CommandBuffer()
    var asked: [(key: [UInt8], member: [UInt8], tag: Int)] = []
    for (tag, source) in tags.enumerated() {
      for index in 0..<batch.count {
        let key = batch.key(index)
        guard let member = source.member.member(of: key) else { continue }
        asked.append((key, member, tag))
        commands.append([source.isSorted ? CommandWord.score : CommandWord.isMember, source.key, member])
      }
    }
    guard !asked.isEmpty else { return }
    if savesTimes {
      for source in tags { commands.append([CommandWord.remainingTime, source.key]) }
      commands.append("TIME")
    }
    let replies = ReplyBuffer()
    try channel.send(commands)
    try channel.receive(commands.count, into: replies)
    for (index, question) in asked.enumerated() {
      let reply = replies[index]
      if let error = reply.error {
        guard !policy.retries(after: error) else {
          throw ClientError(refusing: error, "SISMEMBER", channel.endpoint)
        }
        note(error)
        seen = [:]
        return
      }
      let isSorted = tags[question.tag].isSorted
      do throws(DecodeError) {
        let score = isSorted && !reply.isNull ? try reply.decode(Double.self) : nil
        let isMember = isSorted ? score != nil : try reply.decode(Presence.self).isThere
        guard isMember else { continue }
        seen[question.key, default: []].append(
          Membership(tag: question.tag, member: question.member, score: score))
      } catch {
        // Taken for no member, a key would be removed and stay in its tag.
        throw ClientError(error, to: isSorted ? "ZSCORE" : "SISMEMBER", at: channel.endpoint)
      }
    }
    if savesTimes { learnExpiries(replies, from: asked.count) }
  }

  private mutating func learnExpiries(_ replies: ReplyBuffer, from start: Int) {
    guard let now = ServerTime(replies[start + tags.count])?.milliseconds else { return }
    for tag in tags.indices {
      guard let left = replies[start + tag].integer, left >= 0, left <= SeedExpiry.longest - now else {
        continue
      }
      expiries[tag] = now + left
    }
  }

  /// What a backup holds of a key's memberships: those that were seen, and those that were taken away by an attempt before.
  func saved(_ key: [UInt8]) -> [SeedMembership] {
    let now = seen[key] ?? []
    let before = (taken[key] ?? []).filter { membership in !now.contains { $0.tag == membership.tag } }
    return (now + before).map {
      SeedMembership(
        set: tags[$0.tag].key, member: $0.member, score: $0.score.map(ValueForm.text),
        setExpiresAt: expiries[$0.tag])
    }
  }

  // MARK: - Taking out

  /// Takes the keys of the batch that was looked at, or of a part of it, out of all tags; nothing else may be under way.
  ///
  /// Throws where the answer is lost, or is one that passes: the batch must be tried again then. What was taken away by then
  /// is remembered.
  mutating func takeOut(_ batch: RemovalBatch, on channel: some CommandChannel) throws(ClientError) {
    guard !seen.isEmpty, refusal == nil else { return }
    let keys = (0..<batch.count).map { batch.key($0) }
    guard try canPutBack(keys, on: channel) else { return }
    var members = tags.map { _ in [[UInt8]]() }
    for key in keys {
      guard let memberships = seen[key] else { continue }
      for membership in memberships { members[membership.tag].append(membership.member) }
      // Noted before it is sent: where the answer is lost, putting back what is still there does no harm.
      let tags = Set(memberships.map(\.tag))
      taken[key] = (taken[key] ?? []).filter { !tags.contains($0.tag) } + memberships
    }
    let asked = tags.indices.filter { !members[$0].isEmpty }
    var commands = CommandBuffer()
    for tag in asked {
      let name = tags[tag].isSorted ? CommandWord.removeFromSortedSet : CommandWord.removeFromSet
      commands.append([name, tags[tag].key] + members[tag])
    }
    let errors = try send(commands, "SREM", on: channel)
    for (tag, error) in zip(asked, errors) {
      guard let error else { continue }
      for key in keys { taken[key]?.removeAll { $0.tag == tag } }
      note(error)
    }
  }

  /// Adds a member to each kind of tag that it has already, once in a run: what may not be put back is not taken out.
  private mutating func canPutBack(
    _ keys: [[UInt8]], on channel: some CommandChannel
  ) throws(ClientError) -> Bool {
    guard !mayPutBack else { return true }
    let memberships = keys.flatMap { seen[$0] ?? [] }
    let first = [memberships.first { $0.score == nil }, memberships.first { $0.score != nil }]
    var commands = CommandBuffer()
    for membership in first.compactMap(\.self) { commands.append(addition(of: membership)) }
    for error in try send(commands, "SADD", on: channel).compactMap(\.self) { note(error) }
    mayPutBack = refusal == nil && first.allSatisfy { $0 != nil || !tags.contains(where: \.isSorted) }
    return refusal == nil
  }

  /// The command that makes a key a member again; one that is there keeps the score that it has now.
  private func addition(of membership: Membership) -> [[UInt8]] {
    let tag = tags[membership.tag].key
    guard let score = membership.score else { return [CommandWord.addToSet, tag, membership.member] }
    return [
      CommandWord.addToSortedSet, tag, CommandWord.ifMissing, ValueForm.text(of: score), membership.member,
    ]
  }

  /// Notes why members cannot be taken out. What stops the removal as well is said by the removal itself.
  private mutating func note(_ error: ServerError) {
    guard error.isCommandForbidden || error.isUnknownCommand || !error.stopsWriting else { return }
    refusal = refusal ?? error.shownMessage
  }

  // MARK: - Afterwards

  /// Forgets keys that are removed, or whose removal cannot be known.
  mutating func forget(_ keys: [[UInt8]]) {
    guard !taken.isEmpty else { return }
    for key in keys { taken[key] = nil }
  }

  /// True where some of the keys have lost tags that they should have.
  func holds(_ keys: [[UInt8]]) -> Bool { keys.contains { taken[$0]?.isEmpty == false } }

  /// Puts keys back that were not removed, and returns why that failed, one line for each refusal.
  mutating func putBack(
    _ keys: [[UInt8]], on channel: some CommandChannel
  ) throws(ClientError) -> [String] {
    var commands = CommandBuffer()
    for key in keys {
      for membership in taken[key] ?? [] { commands.append(addition(of: membership)) }
    }
    let errors = try send(commands, "SADD", on: channel)
    forget(keys)
    return errors.compactMap(\.self).map(\.shownMessage)
  }

  /// Sends commands and returns for each the refusal that will not pass, or nil.
  private func send(
    _ commands: CommandBuffer, _ name: String, on channel: some CommandChannel
  ) throws(ClientError) -> [ServerError?] {
    guard !commands.isEmpty else { return [] }
    let replies = ReplyBuffer()
    try channel.send(commands)
    try channel.receive(commands.count, into: replies)
    let errors = (0..<commands.count).map { replies[$0].error }
    if let error = errors.compactMap(\.self).first(where: policy.retries) {
      throw ClientError(refusing: error, name, channel.endpoint)
    }
    for index in errors.indices where errors[index] == nil {
      do throws(DecodeError) { _ = try replies[index].decode(ElementCount.self) } catch {
        throw ClientError(error, to: name, at: channel.endpoint)
      }
    }
    return errors
  }
}
