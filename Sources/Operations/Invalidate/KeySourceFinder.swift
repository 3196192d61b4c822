import Bytes
import RedisClient
import Reporting

/// Finds out where the keys of a removal come from.
struct KeySourceFinder<Channel: CommandChannel> {
  let request: InvalidateRequest
  let channel: Channel

  func find() throws(ClientError) -> KeySources {
    if let list = request.list { return KeySources(sources: [.list(list)], mostKeys: list.count) }
    guard !request.tags.isEmpty else { return KeySources(sources: [.database], mostKeys: nil) }
    var found = KeySources(sources: [], mostKeys: 0)
    for tag in request.tags { try look(for: tag, &found) }
    return found
  }

  /// Finds the sets of a tag. What has one of their names and is none is passed over, if another of them is one.
  private func look(for tag: [UInt8], _ found: inout KeySources) throws(ClientError) {
    let before = found.sources.count
    var strangers: [(name: [UInt8], type: String)] = []
    for name in request.tagKey.names(of: tag) {
      if let type = try look(at: name, &found) { strangers.append((name, type)) }
    }
    guard let stranger = strangers.first else {
      if found.sources.count == before {
        found.warnings.append("the tag \(KeyText.quoted(tag)) has no members here")
      }
      return
    }
    let fact = "\(KeyText.quoted(stranger.name)) is no tag: it is of type \(stranger.type), not set or zset"
    guard found.sources.count > before else {
      throw ClientError(.usage, fact, hints: [.nameTagKey])
    }
    found.warnings.append("\(fact), and was passed over")
  }

  /// Adds a set to the sources; returns the type of a key that is there and is no set.
  private func look(at name: [UInt8], _ found: inout KeySources) throws(ClientError) -> String? {
    let reply = try ask("TYPE", name)
    let type = (try? reply.decode(String.self)) ?? "unknown"
    guard type != "none" else { return nil }
    guard type == "set" || type == "zset" else { return KeyText.sanitized(type) }
    let isSorted = type == "zset"
    let member = request.memberKey ?? (isSorted ? request.tagKey.sortedMember : .same)
    found.sources.append(.tag(TagSource(key: name, isSorted: isSorted, member: member)))
    found.add(try ask(isSorted ? "ZCARD" : "SCARD", name).integer)
    return nil
  }

  private func ask(_ command: String, _ key: [UInt8]) throws(ClientError) -> Reply {
    let reply = try channel.call([Array(command.utf8), key])
    if let error = reply.error { throw ClientError(error, to: command, at: channel.endpoint) }
    return reply
  }
}

/// Where the keys of a removal come from.
struct KeySources {
  var sources: [KeySource]
  /// The most keys that are named; nil where only the database bounds them.
  var mostKeys: Int?
  var warnings: [String] = []

  /// The tags among the sources.
  var tags: [TagSource] {
    sources.compactMap { source in if case .tag(let tag) = source { tag } else { nil } }
  }

  /// Puts keys first that an earlier run has chosen, and may have taken out of their tags already.
  mutating func prepend(_ keys: [[UInt8]]) {
    guard !keys.isEmpty else { return }
    sources.insert(.list(KeyList(keys)), at: 0)
    add(Int64(keys.count))
  }

  mutating func add(_ count: Int64?) {
    mostKeys = mostKeys.flatMap { sum in count.map { sum &+ Int(clamping: min(max(0, $0), 1 << 50)) } }
  }
}
