import Keyspace
package import SeedFormat

/// What `warm` is asked to do.
package struct WarmRequest: Sendable {
  /// What is done where a key is there already.
  package enum Policy: Sendable, Equatable {
    /// It is replaced.
    case overwrite
    /// It is left as it is.
    case ifMissing
    /// It is replaced where less than this share of the seed's TTL remains, 0 to 1.
    case refreshBelow(Double)
  }

  /// The format of the seed; nil goes by its content.
  package var format: SeedFormat?
  /// The TTL of records that name none, in milliseconds; nil lets them live for ever.
  package var defaultTTL: Int64?
  /// How far a TTL may be from what was asked for, as a ratio: 0.1 spreads 10 s over 9 s to 11 s.
  package var jitter = 0.0
  /// What is done where a key is there already.
  package var policy = Policy.overwrite
  /// Tags of every record, beside those that it names.
  package var tags: [[UInt8]] = []
  /// Where the members of a tag are kept.
  package var tagKey = TagKey.standard
  /// Set where strings are wrapped into an object with the moments of caching and of expiry; the value is how
  /// many milliseconds a key outlives its expiry.
  package var envelope: Int64?
  /// How hard the server is worked.
  package var pace = Pace.auto
  /// The bound on keys a second.
  package var rate: Int?
  /// The bound on records a batch, where the user fixes it.
  package var batchSize: Int?
  /// True where the first bad record ends the run.
  package var isStrict = false
  /// True where the run ends once the server evicts keys.
  package var stopsOnEviction = false
  /// True where everything is done but the writing.
  package var isDryRun = false
  /// True where some keys are read back at the end.
  package var verifies = false
  /// True where only this server is asked, although it may be part of a cluster.
  package var nodeOnly = false
  /// What earlier runs of the same journal have done.
  package var earlier: WarmProgress?

  /// The defaults.
  package init() {}
}

/// Where a warming keeps account of what it does.
package struct WarmRecords {
  /// Gets a line after each batch: how far the run has come.
  package var journal: (any RecordFile)?
  /// Gets each record that cannot be loaded.
  package var rejects: (any RecordFile)?

  /// Makes records; nil keeps none.
  package init(journal: (any RecordFile)? = nil, rejects: (any RecordFile)? = nil) {
    self.journal = journal
    self.rejects = rejects
  }
}
