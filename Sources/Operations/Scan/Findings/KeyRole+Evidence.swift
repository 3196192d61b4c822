import Bytes
import Keyspace

extension KeyRole {
  /// What the keys of a template are for: what a known layout says, else what the words of their names and the types of
  /// their values say together; without either they are entries of a cache.
  init(of label: GroupLabel, types: [String]) {
    if let known = label.role {
      self = known
    } else {
      let name = label.template ?? label.namespace ?? []
      self = KeyRole.candidates(in: name).first { $0.fits(types) } ?? .entry
    }
  }

  /// True for cached values, which can be computed again: only these may be removed, expire earlier, or need a version.
  var isReplaceable: Bool { self == .entry }

  private static let words: [(role: KeyRole, words: [[UInt8]])] = [
    (.queue, ["queue", "queues", "jobs"].map { Array($0.utf8) }),
    (.tag, ["tag", "tags"].map { Array($0.utf8) }),
    (.index, ["index", "indexes", "idx"].map { Array($0.utf8) }),
  ]

  /// The roles that the words of a name speak for.
  private static func candidates(in name: [UInt8]) -> [KeyRole] {
    var roles: [KeyRole] = []
    switch NameTraits.kind(of: name.span) {
    case .lock: roles.append(.lock)
    case .counter: roles.append(.counter)
    case .session: roles.append(.session)
    case nil: break
    }
    let text = name.split { !$0.isLetter }
    for (role, words) in words where text.contains(where: { words.contains($0.map { $0 | 0x20 }) }) {
      roles.append(role)
    }
    return roles
  }

  /// True where keys of these types may have the role; types that were not asked for speak against nothing.
  private func fits(_ types: [String]) -> Bool {
    switch self {
    case .lock: types.allSatisfy { ["string", "hash"].contains($0) }
    case .counter: types.allSatisfy { ["string", "hash", "zset"].contains($0) }
    case .queue: !types.isEmpty && types.allSatisfy { ["list", "zset", "stream", "set"].contains($0) }
    case .tag, .index: !types.isEmpty && types.allSatisfy { ["set", "zset", "list"].contains($0) }
    case .session, .entry: true
    }
  }
}
