import Keyspace

/// The newest version of each namespace among some groups.
struct VersionRanking {
  /// The version of a group that holds many generations.
  static let generations = Array("v*".utf8)

  private var newest: [[UInt8]?: KeyVersion] = [:]

  init(labels: [GroupLabel]) {
    for label in labels {
      guard let version = label.version, version != VersionRanking.generations else { continue }
      let candidate = KeyVersion(version)
      if newest[label.namespace].map({ $0 < candidate }) ?? true { newest[label.namespace] = candidate }
    }
  }

  /// The newest version of a namespace; nil where it has none.
  func newest(of namespace: [UInt8]?) -> KeyVersion? { newest[namespace] }

  /// True where a newer version of the group's namespace is live. Generations (`v*`) never are.
  func isSuperseded(_ label: GroupLabel) -> Bool {
    guard let version = label.version, version != VersionRanking.generations,
      let newest = newest[label.namespace]
    else {
      return false
    }
    return KeyVersion(version).compareNumbers(with: newest) < 0
  }
}
