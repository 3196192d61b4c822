/// What became of the records of a seed. Each record is counted in one place only.
package struct WarmCounts: Sendable, Equatable {
  /// Written, and acknowledged by the server.
  package var written = 0
  /// Left out: the key was there already, its TTL was long enough, or the record had expired.
  package var skipped = 0
  /// Not understood.
  package var rejected = 0
  /// Refused by the server.
  package var failed = 0
  /// Sent, without a reply.
  package var unknown = 0
  /// What a dry run would have written.
  package var planned = 0

  /// Nothing counted yet.
  package init() {}

  /// All records that were dealt with.
  package var records: Int { written + skipped + rejected + failed + unknown + planned }

  /// Adds other counts.
  package mutating func add(_ other: WarmCounts) {
    written += other.written
    skipped += other.skipped
    rejected += other.rejected
    failed += other.failed
    unknown += other.unknown
    planned += other.planned
  }

  /// The counts by their names in JSON.
  var members: [(String, JSON)] {
    [
      ("records", .int(records)), ("written", .int(written)), ("skipped", .int(skipped)),
      ("rejected", .int(rejected)), ("failed", .int(failed)), ("unknown", .int(unknown)),
    ]
  }
}
