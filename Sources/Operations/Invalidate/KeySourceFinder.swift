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
    for tag in request.tags {
      let before = found.sources.count
      for name in request.tagKey.names(of: tag) { try look(at: name, &found) }
      if found.sources.count == before {
        found.warnings.append("the tag \(KeyText.quoted(tag)) has no members here")
      }
    }
    return found
  }

  private func look(at name: [UInt8], _ found: inout KeySources) throws(ClientError) {
    let type = try ask("TYPE", name)
    switch try? type.decode(String.self) {
    case "none": return
    case "set":
      found.sources.append(.set(key: name))
      found.add(try ask("SCARD", name).integer)
    case "zset":
      found.sources.append(.sortedSet(key: name, prefix: request.tagKey.memberPrefix))
      found.add(try ask("ZCARD", name).integer)
    case let other:
      throw ClientError(
        .usage,
        "\(KeyText.quoted(name)) is no tag: it is of type \(KeyText.sanitized(other ?? "unknown")), not set or zset",
        hints: [.nameTagKey])
    }
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

  mutating func add(_ count: Int64?) {
    mostKeys = mostKeys.flatMap { sum in count.map { sum &+ Int(clamping: min(max(0, $0), 1 << 50)) } }
  }
}
