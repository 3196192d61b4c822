/// What `stats` found.
public struct StatsReport: Sendable {
  /// The figures of a server, or of all.
  public struct Figures: Sendable, Equatable {
    /// Since the server started, or since CONFIG RESETSTAT: the server's own counters.
    public var lifetime: StatsWindow
    /// Between two readings; nil where there is one only, or where they cannot be compared.
    public var interval: StatsWindow?
    /// What holds at the last reading.
    public var gauges: StatsGauges

    /// Makes figures.
    public init(lifetime: StatsWindow, interval: StatsWindow?, gauges: StatsGauges) {
      self.lifetime = lifetime
      self.interval = interval
      self.gauges = gauges
    }

    /// The interval where there is one, else the lifetime.
    public var window: StatsWindow { interval ?? lifetime }

    var members: [(String, JSON)] {
      var members: [(String, JSON)] = [("lifetime", .object(lifetime.members))]
      if let interval { members.append(("interval", .object(interval.members))) }
      return members + gauges.members
    }
  }

  /// One server.
  public struct Node: Sendable {
    /// `host:port` or the socket's path.
    public var address: String
    /// `primary` or `replica`; nil where the server does not tell.
    public var role: String?
    /// Its figures.
    public var figures: Figures
    /// Lookups of inspecting commands that were subtracted from its interval.
    public var subtractedLookups: (hits: Int, misses: Int)?

    /// Makes a node.
    public init(
      address: String, role: String?, figures: Figures, subtractedLookups: (hits: Int, misses: Int)? = nil
    ) {
      self.address = address
      self.role = role
      self.figures = figures
      self.subtractedLookups = subtractedLookups
    }
  }

  /// A part of a cluster that could not be read.
  public struct Unread: Sendable {
    /// `host:port` of the node; nil where nobody is known to have the slots.
    public var address: String?
    /// The hash slots, as in `0-5460, 5462`.
    public var slots: String
    /// Why.
    public var reason: String

    /// Makes an unread part.
    public init(address: String?, slots: String, reason: String) {
      self.address = address
      self.slots = slots
      self.reason = reason
    }
  }

  /// Of whom, when, how complete.
  public var header: ReportHeader
  /// The servers.
  public var nodes: [Node]
  /// What of a cluster could not be read, and is in no figure.
  public var unread: [Unread]
  /// All servers that were read together, ratios from summed counters.
  public var totals: Figures
  /// True where CONFIG RESETSTAT was called since the start, so that the lifetime's counters began later.
  public var wasReset: Bool
  /// Lookups of inspecting commands that were subtracted from the interval's hits and misses.
  public var subtractedLookups: (hits: Int, misses: Int)?
  /// The verdict, the worst first.
  public var findings: [ReportFinding]

  /// Makes a report.
  public init(
    header: ReportHeader, nodes: [Node], unread: [Unread] = [], totals: Figures, wasReset: Bool,
    subtractedLookups: (hits: Int, misses: Int)?, findings: [ReportFinding]
  ) {
    self.header = header
    self.nodes = nodes
    self.unread = unread
    self.totals = totals
    self.wasReset = wasReset
    self.subtractedLookups = subtractedLookups
    self.findings = findings
  }

  /// True where the report is of a cluster and not of one server.
  var isOfCluster: Bool { nodes.count + unread.count > 1 }

  /// Of how many of the nodes the totals are, where they are not of all.
  public var shareOfNodes: String? {
    unread.isEmpty ? nil : "\(nodes.count) of \(nodes.count + unread.count) nodes"
  }
}
