/// What `ttl` found.
package struct TTLReport: Sendable {
  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// What the groups are grouped by.
  package var grouping: ScanGrouping
  /// How many keys the figures rest on.
  package var coverage: ScanReport.Coverage
  /// The groups, those with most keys first.
  package var groups: [TTLGroup]
  /// All groups together.
  package var totals: TTLGroup
  /// How many groups a table shows before the rest becomes one line.
  package var top: Int
  /// True where several databases were asked for, so that tables and labels name them.
  package var namesDatabases: Bool

  /// Makes a report.
  package init(
    header: ReportHeader, grouping: ScanGrouping, coverage: ScanReport.Coverage, groups: [TTLGroup],
    totals: TTLGroup, top: Int, namesDatabases: Bool = false
  ) {
    self.header = header
    self.grouping = grouping
    self.coverage = coverage
    self.groups = groups
    self.totals = totals
    self.top = top
    self.namesDatabases = namesDatabases
  }

  /// How a group is called in a line of its own.
  func title(_ group: TTLGroup) -> String {
    let title = group.names.title(grouping)
    guard namesDatabases, grouping != .database, let database = group.names.database else { return title }
    return "db \(database): \(title)"
  }
}

/// When the keys of one group expire.
package struct TTLGroup: Sendable {
  /// Keys whose remaining time to live lies between two edges.
  package struct Bucket: Sendable, Equatable {
    /// The upper edge in seconds, which belongs to the bucket; nil has none.
    package let upTo: Double?
    /// The keys, not counting those of the buckets before.
    package let keys: Int

    /// Makes a bucket.
    package init(upTo: Double?, keys: Int) {
      self.upTo = upTo
      self.keys = keys
    }
  }

  /// A short time in which far more keys expire than an even spread would give.
  package struct Wave: Sendable {
    /// When it begins, RFC 3339.
    package let at: String
    /// How long it lasts, in seconds.
    package let windowSeconds: Int
    /// The keys that expire in it.
    package let keys: Int
    /// Their share of the group's keys that expire.
    package let share: Double
    /// The load that it means, in one sentence.
    package let sentence: String
    /// The command that lists its keys, or spreads them.
    package let command: SuggestedCommand?

    /// Makes a wave.
    package init(
      at: String, windowSeconds: Int, keys: Int, share: Double, sentence: String, command: SuggestedCommand?
    ) {
      self.at = at
      self.windowSeconds = windowSeconds
      self.keys = keys
      self.share = share
      self.sentence = sentence
      self.command = command
    }
  }

  /// The group's names; its other figures are not part of this report.
  package var names = ScanGroup()
  /// Keys, counted exactly.
  package var keys = 0
  /// Keys that never expire; nil where the server cannot tell.
  package var withoutTTL: Int?
  /// The half-width of a 95 % interval of `withoutTTL`, in keys; 0 where exact.
  package var withoutTTLError: Int?
  /// Keys without a time to live of which parts have one, or may have: hashes with fields that expire.
  package var partlyExpiring = 0
  /// Keys of `keys` of which nothing is known, because they could not be measured.
  package var unmeasured = 0
  /// Keys that were gone when they were measured; not part of `keys`.
  package var vanished = 0
  /// The distribution of what remains; nil where no key expires.
  package var ttl: ScanGroup.Quantiles?
  /// The sum of what remains, in seconds.
  package var sumSeconds = 0.0
  /// The keys that expire, by what remains.
  package var buckets: [Bucket] = []
  /// Waves, the largest first.
  package var waves: [Wave] = []
  /// What the TTLs say about the rule by which they were set.
  package var policy: String?

  /// A group without keys.
  package init() {}

  /// Keys that are known to expire.
  package var expiring = 0
}
