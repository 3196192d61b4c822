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

  /// What is known of the role of a template's keys.
  struct Candidate {
    var namespace: [UInt8]?
    var keys: Int
    /// The role that a known layout gives; nil where none does.
    var known: KeyRole?
    /// The role of the template by itself.
    var role: KeyRole
  }

  /// The roles of templates among each other: keys that a queue or the like has beside its known ones, which are most of a
  /// namespace, share its role.
  static func shared(among all: [Candidate]) -> [KeyRole] {
    var known: [[UInt8]?: (keys: Int, all: Int, roles: [KeyRole: Int])] = [:]
    for group in all {
      known[group.namespace, default: (0, 0, [:])].all += group.keys
      guard let role = group.known else { continue }
      known[group.namespace, default: (0, 0, [:])].keys += group.keys
      known[group.namespace, default: (0, 0, [:])].roles[role, default: 0] += group.keys
    }
    return all.map { group in
      guard group.known == nil, group.role == .entry, let share = known[group.namespace],
        share.keys * 2 > share.all,
        let role = share.roles.max(by: { $0.value != $1.value ? $0.value < $1.value : $0.key < $1.key })?.key
      else { return group.role }
      return role
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
