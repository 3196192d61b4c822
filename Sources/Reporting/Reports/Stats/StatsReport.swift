/// What `stats` found.
package struct StatsReport: Sendable {
  /// The figures of a server, or of all.
  package struct Figures: Sendable, Equatable {
    /// Since the server started, or since CONFIG RESETSTAT: the server's own counters.
    package var lifetime: StatsWindow
    /// Between two readings; nil where there is one only, or where they cannot be compared.
    package var interval: StatsWindow?
    /// What holds at the last reading.
    package var gauges: StatsGauges

    /// Makes figures.
    package init(lifetime: StatsWindow, interval: StatsWindow?, gauges: StatsGauges) {
      self.lifetime = lifetime
      self.interval = interval
      self.gauges = gauges
    }

    /// The interval where there is one, else the lifetime.
    package var window: StatsWindow { interval ?? lifetime }

    var members: [(String, JSON)] {
      var members: [(String, JSON)] = [("lifetime", .object(lifetime.members))]
      if let interval { members.append(("interval", .object(interval.members))) }
      return members + gauges.members
    }
  }

  /// One server.
  package struct Node: Sendable {
    /// `host:port` or the socket's path.
    package var address: String
    /// `primary` or `replica`; nil where the server does not tell.
    package var role: String?
    /// Its figures.
    package var figures: Figures

    /// Makes a node.
    package init(address: String, role: String?, figures: Figures) {
      self.address = address
      self.role = role
      self.figures = figures
    }
  }

  /// A part of a cluster that could not be read.
  package struct Unread: Sendable {
    /// `host:port` of the node; nil where no node is known to have the slots.
    package var address: String?
    /// The hash slots, as in `0-5460, 5462`.
    package var slots: String
    /// Why.
    package var reason: String

    /// Makes an unread part.
    package init(address: String?, slots: String, reason: String) {
      self.address = address
      self.slots = slots
      self.reason = reason
    }
  }

  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// The servers.
  package var nodes: [Node]
  /// What of a cluster could not be read, and is in no figure.
  package var unread: [Unread]
  /// All servers that were read together, ratios from summed counters.
  package var totals: Figures
  /// True where CONFIG RESETSTAT was called since the start, so that the lifetime's counters began later.
  package var wasReset: Bool
  /// The verdict, the worst first.
  package var findings: [ReportFinding]

  /// Makes a report.
  package init(
    header: ReportHeader, nodes: [Node], unread: [Unread] = [], totals: Figures, wasReset: Bool,
    findings: [ReportFinding]
  ) {
    self.header = header
    self.nodes = nodes
    self.unread = unread
    self.totals = totals
    self.wasReset = wasReset
    self.findings = findings
  }

  /// True where the report is of a cluster and not of one server.
  var isOfCluster: Bool { nodes.count + unread.count > 1 }

  /// Of how many of the nodes the totals are, where they are not of all.
  package var shareOfNodes: String? {
    unread.isEmpty ? nil : "\(nodes.count) of \(nodes.count + unread.count) nodes"
  }
}
