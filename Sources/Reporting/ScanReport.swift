/// What `scan` found.
public struct ScanReport: Sendable {
  /// How many keys the figures rest on.
  public struct Coverage: Sendable {
    /// True where every key was measured.
    public var isExact = true
    /// Keys that SCAN returned and that were chosen, those that vanished included.
    public var keysSeen = 0
    /// Keys that the server counts in the databases; nil where it does not tell or where not all are chosen.
    public var keysExpected: Int?
    /// Keys that were measured.
    public var keysMeasured = 0
    /// Keys that were gone when they were measured.
    public var keysVanished = 0
    /// Keys measured per group where sampled.
    public var sampleSize: Int?
    /// True where the types of big groups were told from a part of their keys.
    public var typesAreSampled = false

    /// No keys yet.
    public init() {}
  }

  /// One large key.
  public struct BigKey: Sendable {
    /// The key's bytes.
    public let key: [UInt8]
    /// The type of its value; nil where it is gone by now, or could not be asked for.
    public let type: String?
    /// The bytes that key and value take.
    public let bytes: Int

    /// Makes an entry.
    public init(key: [UInt8], type: String?, bytes: Int) {
      self.key = key
      self.type = type
      self.bytes = bytes
    }
  }

  /// Of whom, when, how complete.
  public var header: ReportHeader
  /// One line on the server: name, version, role, memory, keys.
  public var serverLine: String
  /// What the groups are grouped by: the column that names them.
  public var grouping: ScanGrouping
  /// How many keys the figures rest on.
  public var coverage: Coverage
  /// The groups, in the order asked for.
  public var groups: [ScanGroup]
  /// All groups together.
  public var totals: ScanGroup
  /// What the owner should know, the worst first.
  public var findings: [ReportFinding]
  /// The largest keys, where asked for.
  public var bigKeys: [BigKey]?
  /// How many groups a table shows before the rest becomes one row.
  public var top: Int

  /// Makes a report.
  public init(
    header: ReportHeader, serverLine: String, grouping: ScanGrouping, coverage: Coverage, groups: [ScanGroup],
    totals: ScanGroup, findings: [ReportFinding], bigKeys: [BigKey]?, top: Int
  ) {
    self.header = header
    self.serverLine = serverLine
    self.grouping = grouping
    self.coverage = coverage
    self.groups = groups
    self.totals = totals
    self.findings = findings
    self.bigKeys = bigKeys
    self.top = top
  }
}

/// What `scan` groups keys by.
public enum ScanGrouping: String, Sendable, CaseIterable {
  /// The namespace.
  case namespace
  /// Namespace and version.
  case version
  /// Namespace, version and the constant segments that follow.
  case entity
  /// The whole shape of the name.
  case template
  /// The type of the value.
  case type
  /// The server that holds the keys.
  case node
}
