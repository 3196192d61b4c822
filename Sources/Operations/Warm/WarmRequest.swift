package import Bytes
import Keyspace
package import Quantities
package import Reporting
package import SeedFormat

/// What `warm` is asked to do.
package struct WarmRequest: GuardedRequest, Sendable {
  /// What is done where a key is there already.
  package enum Policy: Sendable, Equatable {
    /// It is replaced.
    case overwrite
    /// It is left as it is.
    case ifMissing
    /// It is replaced where less than this share of the seed's TTL remains, 0 to 1.
    case refreshBelow(Double)
  }

  /// What is done with records that name a database.
  package enum Databases: Sendable, Equatable {
    /// Those of the run's database are loaded, others are rejected.
    case own
    /// Each is loaded into the database that it names.
    case each
    /// All are loaded into the run's database.
    case ignored
  }

  /// The format of the seed; nil goes by its content.
  package var format: SeedFormat?
  /// The database of the run.
  package var database = 0
  /// Which records are loaded, where they name a database.
  package var databases = Databases.own
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
  /// How many keys there should be to write: counted before anything is written.
  package var expectation: ExpectedCount?
  /// The bound on keys that are written; nil for none.
  package var maximumKeys: Int? = 1_000_000
  /// True where some keys are read back at the end.
  package var verifies = false
  /// The options that lead to the same run again, for suggested commands.
  package var commandContext: [SuggestedOption] = []
  /// True where the seed can be read again, so that a command may be suggested.
  package var isRepeatable = true
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
  /// Gets the value of each key before it is replaced.
  package var backup: (any RecordFile)?
  /// The keys that the backup holds already, from an earlier run.
  package var backedUp = SeenKeys()

  /// Makes records; nil keeps none.
  package init(
    journal: (any RecordFile)? = nil, rejects: (any RecordFile)? = nil, backup: (any RecordFile)? = nil
  ) {
    self.journal = journal
    self.rejects = rejects
    self.backup = backup
  }

  /// Notes a line that the backup holds from an earlier run, given without its end; `database` is that of the run.
  package mutating func noteBackedUp(line: [UInt8], database: Int) {
    var reader = SeedReader(format: .jsonl)
    reader.feed(line)
    reader.finish()
    guard case .record(var record, _) = reader.next() else { return }
    if record.database == database { record.database = nil }
    _ = backedUp.insert(record.place.span)
  }
}
