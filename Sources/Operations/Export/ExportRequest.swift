import Reporting

/// What `export` is asked to do.
package struct ExportRequest: Sendable {
  /// Which keys, and how hard the server is worked.
  package var walk = WalkRequest()
  /// True where values are written as DUMP gives them, instead of in their natural form.
  package var dumps = false
  /// The number of keys, those used most first; nil exports all that are chosen.
  package var hottest: Int?
  /// Only keys with at least this TTL, in milliseconds, or without one.
  package var minimumTTL: Int64?
  /// How many of the keys that cannot be exported are named in the report.
  package var namedAtMost = ExportReport.keysShown

  /// Every key, in natural form.
  package init() {}

  /// True where a key lives long enough.
  func admits(ttl: Int64?) -> Bool {
    guard let minimumTTL, let ttl, ttl >= 0 else { return true }
    return ttl >= minimumTTL
  }
}
