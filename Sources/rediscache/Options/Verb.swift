/// The commands that do something, by the names that are typed.
enum Verb: String, CaseIterable {
  case scan, ttl, stats, hits, doctor, inspect, invalidate, warm, export, profile
}

extension Set<Verb> {
  /// What connects to a server.
  static let all = Set(Verb.allCases).subtracting([.profile])
  /// What walks over keys.
  static let walking: Set<Verb> = [.scan, .ttl, .invalidate, .export]
  /// What reads keys and groups them.
  static let grouping: Set<Verb> = [.scan, .ttl]
  /// What writes many keys.
  static let writing: Set<Verb> = [.invalidate, .warm]
}
