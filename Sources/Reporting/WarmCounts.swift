/// What became of the records of a seed. Each record is counted in one place only.
public struct WarmCounts: Sendable, Equatable {
  /// Written, and acknowledged by the server.
  public var written = 0
  /// Left out: the key was there already, its TTL was long enough, or the record had expired.
  public var skipped = 0
  /// Not understood.
  public var rejected = 0
  /// Refused by the server.
  public var failed = 0
  /// Sent, and no reply seen.
  public var unknown = 0
  /// What a dry run would have written.
  public var planned = 0

  /// Nothing counted yet.
  public init() {}

  /// All records that were dealt with.
  public var records: Int { written + skipped + rejected + failed + unknown + planned }

  /// Adds other counts.
  public mutating func add(_ other: WarmCounts) {
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
