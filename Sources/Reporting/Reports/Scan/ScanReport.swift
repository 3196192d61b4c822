/// What `scan` found.
package struct ScanReport: Sendable {
  /// How many keys the figures rest on.
  package struct Coverage: Sendable {
    /// True where every key was asked about.
    package var isExact = true
    /// Keys that SCAN returned and that were chosen, those that vanished included.
    package var keysSeen = 0
    /// Keys that the server counts in the databases; nil where it does not tell or where not all are chosen.
    package var keysExpected: Int?
    /// Keys that were measured.
    package var keysMeasured = 0
    /// Keys that were gone when they were measured.
    package var keysVanished = 0
    /// Keys that were asked about and could not be measured.
    package var keysUnmeasured = 0
    /// Keys measured per group where sampled.
    package var sampleSize: Int?
    /// True where the types of big groups were told from a part of their keys.
    package var typesAreSampled = false
    /// How far a quantile may be off, relative to itself; the smallest and the largest value are exact.
    package var quantileError = 0.0

    /// No keys yet.
    package init() {}
  }

  /// What the servers say of themselves, as a sum; nil where one does not tell.
  package struct Server: Sendable, Equatable {
    /// `Redis 7.0.15 primary`; what the dump is of, where one was read.
    package var title = ""
    /// Bytes in use.
    package var usedMemory: Int?
    /// The limit on them; 0 for none.
    package var maximumMemory: Int?
    /// What is evicted at the limit, such as `allkeys-lru`.
    package var policy: String?
    /// Keys of the databases that were asked for, chosen or not.
    package var keys: Int?
    /// True where keys were evicted while the scan ran.
    package var isEvicting = false
    /// How many of them a second; nil where none was, or too few to speak of a rate.
    package var evictionsPerSecond: Double?

    /// Nothing known.
    package init() {}
  }

  /// One large key.
  package struct BigKey: Sendable {
    /// The key's bytes.
    package let key: [UInt8]
    /// The number of its database.
    package let database: Int
    /// The type of its value; nil where it is gone by now, or could not be asked for.
    package let type: String?
    /// The bytes that key and value take.
    package let bytes: Int

    /// Makes an entry.
    package init(key: [UInt8], database: Int = 0, type: String?, bytes: Int) {
      self.key = key
      self.database = database
      self.type = type
      self.bytes = bytes
    }
  }

  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// What the servers say of themselves.
  package var server: Server
  /// True where only some keys were chosen.
  package var isFiltered: Bool
  /// What the groups are grouped by: the column that names them.
  package var grouping: ScanGrouping
  /// How many keys the figures rest on.
  package var coverage: Coverage
  /// The groups, in the order asked for.
  package var groups: [ScanGroup]
  /// The rows of a table, where large groups are split there; nil where they are the groups.
  package var tableGroups: [ScanGroup]?
  /// All groups together.
  package var totals: ScanGroup
  /// The frameworks whose layouts names follow, in the order in which they were found.
  package var recognised: [RecognisedLayout]
  /// What the owner should know, the worst first.
  package var findings: [ReportFinding]
  /// True where every rule could be tried on every key: nothing was left out, and the server offers what rules look at.
  package var isJudged: Bool
  /// The largest keys, where asked for.
  package var bigKeys: [BigKey]?
  /// The keys that are used most, where asked for.
  package var hotKeys: ScanHotKeys?
  /// How many groups a table shows before the rest becomes one row.
  package var top: Int
  /// Whether a table shows all findings, however many.
  package var showsAllFindings: Bool
  /// True where several databases were asked for, so that tables name them.
  package var namesDatabases: Bool

  /// Makes a report.
  package init(
    header: ReportHeader, server: Server, isFiltered: Bool, grouping: ScanGrouping, coverage: Coverage,
    groups: [ScanGroup], tableGroups: [ScanGroup]? = nil, totals: ScanGroup,
    recognised: [RecognisedLayout] = [], findings: [ReportFinding],
    isJudged: Bool = true,
    bigKeys: [BigKey]?, hotKeys: ScanHotKeys? = nil,
    top: Int, showsAllFindings: Bool = false, namesDatabases: Bool = false
  ) {
    self.header = header
    self.server = server
    self.isFiltered = isFiltered
    self.grouping = grouping
    self.coverage = coverage
    self.groups = groups
    self.tableGroups = tableGroups
    self.totals = totals
    self.recognised = recognised
    self.findings = findings
    self.isJudged = isJudged && header.isComplete
    self.bigKeys = bigKeys
    self.hotKeys = hotKeys
    self.top = top
    self.showsAllFindings = showsAllFindings
    self.namesDatabases = namesDatabases
  }
}
