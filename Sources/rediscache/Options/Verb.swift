/// The commands that do something, by the names that are typed.
enum Verb: String, CaseIterable {
  case scan, ttl, stats, invalidate, warm, export
}

extension Set<Verb> {
  static let all = Set(Verb.allCases)
  /// What walks over keys.
  static let walking: Set<Verb> = [.scan, .ttl, .invalidate, .export]
  /// What reads keys and groups them.
  static let grouping: Set<Verb> = [.scan, .ttl]
  /// What writes many keys.
  static let writing: Set<Verb> = [.invalidate, .warm]
}
