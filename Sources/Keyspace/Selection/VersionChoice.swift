import Bytes

/// A choice of versions as a user writes it: `v3`, `<v3`, `<=v3`, `>v3`, `>=v3`, `none`.
package struct VersionChoice: Sendable, Equatable {
  private enum Relation: Sendable, Equatable { case below, atMost, equal, atLeast, above, none }

  /// The signs, longer ones before those that they begin with; no sign means the version itself.
  private static let relations: [(sign: String, relation: Relation)] = [
    ("<=", .atMost), (">=", .atLeast), ("<", .below), (">", .above), ("=", .equal), ("", .equal),
  ]

  private let relation: Relation
  private let version: KeyVersion

  /// Reads an expression; nil where it holds no version number and is not `none`.
  package init?(_ text: String) {
    guard text != "none" else {
      (relation, version) = (.none, KeyVersion([]))
      return
    }
    guard let (sign, relation) = VersionChoice.relations.first(where: { text.hasPrefix($0.sign) }) else {
      return nil
    }
    let name = text.dropFirst(sign.count).drop { $0 == " " }
    guard name.utf8.contains(where: \.isDigit) else { return nil }
    guard !name.contains(where: { " <>=,".contains($0) }) else { return nil }
    self.relation = relation
    version = KeyVersion(name.utf8)
  }

  /// True where a key's version, or its lack of one, is among those chosen.
  ///
  /// Versions compare by their numbers: `3`, `v3` and `v03` are the same.
  package func contains(_ candidate: KeyVersion?) -> Bool {
    guard let candidate else { return relation == .none }
    let order = candidate.compareNumbers(with: version)
    return switch relation {
    case .none: false
    case .below: order < 0
    case .atMost: order <= 0
    case .equal: order == 0
    case .atLeast: order >= 0
    case .above: order > 0
    }
  }
}
