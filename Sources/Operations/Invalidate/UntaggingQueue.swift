import Bytes
import Keyspace
import RedisClient

/// Commands that take removed keys out of the tags that named them, until they are sent.
struct UntaggingQueue {
  private var commands = CommandBuffer()
  /// Keys that are known to be removed: where several tags name a key, each must lose it.
  private var removed = SeenKeys()
  /// True where keys only get another TTL, and stay members of their tags.
  private let keepsMembers: Bool

  init(_ action: RemovalAction) {
    keepsMembers = if case .expire = action { true } else { false }
  }

  /// The number of commands.
  var count: Int { commands.count }

  /// Hands the commands over and begins anew.
  mutating func take() -> CommandBuffer {
    defer { commands.removeAll() }
    return commands
  }

  /// Notes keys that were removed, or were gone already.
  mutating func noteRemoved(_ keys: [[UInt8]], from source: KeySource) {
    guard !keepsMembers, source.isTag else { return }
    for key in keys { _ = removed.insert(key.span) }
    append(keys, from: source)
  }

  /// Notes that a tag names a key once more: if the key is known to be removed, this tag loses it too.
  mutating func noteNamedAgain(_ key: Span<UInt8>, from source: KeySource) {
    guard source.isTag, removed.contains(key) else { return }
    append([Array(copying: key)], from: source)
  }

  private mutating func append(_ keys: [[UInt8]], from source: KeySource) {
    switch source {
    case .database, .list: return
    case .set(let tag): commands.append([Array("SREM".utf8), tag] + keys)
    case .sortedSet(let tag, let prefix):
      commands.append([Array("ZREM".utf8), tag] + keys.map { Array($0.dropFirst(prefix.count)) })
    }
  }
}
