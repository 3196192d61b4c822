import RedisClient

/// Takes keys out of their tags before they are removed, and puts back those that could not be removed.
///
/// The membership goes first: an application that writes a key again meanwhile, and makes it a member again, is left with
/// a key in its tag, or at worst with a member whose key is gone. The other way round it would be left with a key that no
/// tag names.
struct TagMemberships {
  /// The membership of a key in a tag.
  private struct Membership {
    /// The place of the tag.
    let tag: Int
    /// The member's score in a sorted set; nil in a set.
    let score: Double?
  }

  private let tags: [TagSource]
  private let policy: WriteRetryPolicy
  /// The memberships that were taken away, of keys that are not known to be removed yet.
  private var taken: [[UInt8]: [Membership]] = [:]
  /// Why the server does not let members be taken out; nothing is taken out from then on.
  private(set) var refusal: String?

  /// Without tags there is nothing to do.
  init(_ tags: [TagSource], policy: WriteRetryPolicy) { (self.tags, self.policy) = (tags, policy) }

  /// True where keys are members of tags.
  var isEmpty: Bool { tags.isEmpty }

  // MARK: - Taking out

  /// Takes the keys of a batch out of all tags; nothing else may be under way on the channel.
  ///
  /// Throws where the answer is lost, or is one that passes: the batch must be tried again then. What was taken away by then
  /// is remembered.
  mutating func takeOut(_ batch: RemovalBatch, on channel: some CommandChannel) throws(ClientError) {
    guard !tags.isEmpty, refusal == nil else { return }
    let keys = (0..<batch.count).map { batch.key($0) }
    // Asked first: the scores are needed where a key has to be put back.
    let found = try memberships(of: keys, on: channel)
    var commands = CommandBuffer()
    var asked: [Int] = []
    for (tag, source) in tags.enumerated() {
      let members = found.filter { $0.membership.tag == tag }.map(\.member)
      guard !members.isEmpty else { continue }
      asked.append(tag)
      let name = source.isSorted ? CommandWord.removeFromSortedSet : CommandWord.removeFromSet
      commands.append([name, source.key] + members)
    }
    // Noted before it is sent: where the answer is lost, putting back what is still there does no harm.
    for (key, _, membership) in found { taken[key, default: []].append(membership) }
    let errors = try send(commands, "SREM", on: channel)
    for (tag, error) in zip(asked, errors) {
      guard let error else { continue }
      for key in keys { taken[key]?.removeAll { $0.tag == tag } }
      note(error)
    }
  }

  /// The memberships of some keys in the tags.
  private mutating func memberships(
    of keys: [[UInt8]], on channel: some CommandChannel
  ) throws(ClientError) -> [(key: [UInt8], member: [UInt8], membership: Membership)] {
    var commands = CommandBuffer()
    var asked: [(key: [UInt8], member: [UInt8], tag: Int)] = []
    for (tag, source) in tags.enumerated() {
      for key in keys {
        guard let member = source.member.member(of: key) else { continue }
        asked.append((key, member, tag))
        commands.append([source.isSorted ? CommandWord.score : CommandWord.isMember, source.key, member])
      }
    }
    guard !asked.isEmpty else { return [] }
    let replies = ReplyBuffer()
    try channel.send(commands)
    try channel.receive(asked.count, into: replies)
    var found: [(key: [UInt8], member: [UInt8], membership: Membership)] = []
    for (index, question) in asked.enumerated() {
      let reply = replies[index]
      if let error = reply.error {
        guard !policy.retries(after: error) else {
          throw ClientError(refusing: error, "SISMEMBER", channel.endpoint)
        }
        note(error)
        return []
      }
      let score = tags[question.tag].isSorted ? try? reply.decode(Double.self) : nil
      guard score != nil || reply.integer == 1 else { continue }
      found.append((question.key, question.member, Membership(tag: question.tag, score: score)))
    }
    return found
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
  ///
  /// A member that is there again keeps the score that it has now.
  mutating func putBack(
    _ keys: [[UInt8]], on channel: some CommandChannel
  ) throws(ClientError) -> [String] {
    var commands = CommandBuffer()
    for key in keys {
      for membership in taken[key] ?? [] {
        let source = tags[membership.tag]
        guard let member = source.member.member(of: key) else { continue }
        if let score = membership.score {
          commands.append([
            CommandWord.addToSortedSet, source.key, CommandWord.ifMissing, Array("\(score)".utf8), member,
          ])
        } else {
          commands.append([CommandWord.addToSet, source.key, member])
        }
      }
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
    return errors
  }
}
