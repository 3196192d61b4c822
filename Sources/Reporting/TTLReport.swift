/// What `ttl` found.
public struct TTLReport: Sendable {
  /// Of whom, when, how complete.
  public var header: ReportHeader
  /// What the groups are grouped by.
  public var grouping: ScanGrouping
  /// How many keys the figures rest on.
  public var coverage: ScanReport.Coverage
  /// The groups, those with most keys first.
  public var groups: [TTLGroup]
  /// All groups together.
  public var totals: TTLGroup
  /// How many groups a table shows before the rest becomes one line.
  public var top: Int

  /// Makes a report.
  public init(
    header: ReportHeader, grouping: ScanGrouping, coverage: ScanReport.Coverage, groups: [TTLGroup],
    totals: TTLGroup, top: Int
  ) {
    self.header = header
    self.grouping = grouping
    self.coverage = coverage
    self.groups = groups
    self.totals = totals
    self.top = top
  }
}

/// When the keys of one group expire.
public struct TTLGroup: Sendable {
  /// Keys whose remaining time to live lies between two edges.
  public struct Bucket: Sendable, Equatable {
    /// The upper edge in seconds, which belongs to the bucket; nil has none.
    public let upTo: Double?
    /// The keys, not counting those of the buckets before.
    public let keys: Int

    /// Makes a bucket.
    public init(upTo: Double?, keys: Int) {
      self.upTo = upTo
      self.keys = keys
    }
  }

  /// A short time in which far more keys expire than an even spread would give.
  public struct Wave: Sendable {
    /// When it begins, RFC 3339.
    public let at: String
    /// How long it lasts, in seconds.
    public let windowSeconds: Int
    /// The keys that expire in it.
    public let keys: Int
    /// Their share of the group's keys that expire.
    public let share: Double
    /// The load that it means, in one sentence.
    public let sentence: String
    /// The command that lists its keys.
    public let command: String?

    /// Makes a wave.
    public init(at: String, windowSeconds: Int, keys: Int, share: Double, sentence: String, command: String?)
    {
      self.at = at
      self.windowSeconds = windowSeconds
      self.keys = keys
      self.share = share
      self.sentence = sentence
      self.command = command
    }
  }

  /// The group's names; its other figures are not part of this report.
  public var names = ScanGroup()
  /// Keys, counted exactly.
  public var keys = 0
  /// Keys that never expire; nil where the server cannot tell.
  public var withoutTTL: Int?
  /// The half-width of a 95 % interval of `withoutTTL`, in keys; 0 where exact.
  public var withoutTTLError = 0
  /// Keys that were gone when they were measured; not part of `keys`.
  public var vanished = 0
  /// The distribution of what remains; nil where no key expires.
  public var ttl: ScanGroup.Quantiles?
  /// The sum of what remains, in seconds.
  public var sumSeconds = 0.0
  /// The keys that expire, by what remains.
  public var buckets: [Bucket] = []
  /// Waves, the largest first.
  public var waves: [Wave] = []
  /// What the TTLs say about the rule by which they were set.
  public var policy: String?

  /// A group without keys.
  public init() {}

  /// Keys that are known to expire.
  public var expiring = 0
}
