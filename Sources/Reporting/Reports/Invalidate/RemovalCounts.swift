/// What became of the keys that a removal has chosen. Each chosen key is counted in one place only.
package struct RemovalCounts: Sendable, Equatable {
  /// Removed, or given a shorter TTL, and acknowledged by the server.
  package var removed = 0
  /// Gone before they could be removed.
  package var absent = 0
  /// Left as they were because they expire sooner already; soft expiry only.
  package var kept = 0
  /// Refused by the server.
  package var failed = 0
  /// Sent, without a reply.
  package var unknown = 0
  /// Neither sent nor refused: what a dry run would have removed.
  package var planned = 0

  /// Nothing counted yet.
  package init() {}

  /// All keys that were chosen.
  package var matched: Int { removed + absent + kept + failed + unknown + planned }

  /// The keys that a run writes to, or would: the number that a user expects is about them.
  package var toWrite: Int { matched - absent - kept }

  /// Adds other counts.
  package mutating func add(_ other: RemovalCounts) {
    removed += other.removed
    absent += other.absent
    kept += other.kept
    failed += other.failed
    unknown += other.unknown
    planned += other.planned
  }

  /// The counts by their names in JSON.
  var members: [(String, JSON)] {
    [
      ("matched", .int(matched)), ("removed", .int(removed)), ("absent", .int(absent)), ("kept", .int(kept)),
      ("failed", .int(failed)), ("unknown", .int(unknown)),
    ]
  }
}
