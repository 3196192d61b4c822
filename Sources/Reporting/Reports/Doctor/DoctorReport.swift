/// What `doctor` found.
package struct DoctorReport: Sendable {
  /// A rule that could not be checked, everywhere or on one server.
  package struct Unchecked: Sendable, Equatable {
    /// The rule.
    package var rule: String
    /// The server; nil where it is no single one.
    package var node: String?
    /// Why, in words for people.
    package var reason: String
    /// The word of an access rule that would do; nil where no right is missing.
    package var right: String?

    /// Makes an entry.
    package init(rule: String, node: String? = nil, reason: String, right: String? = nil) {
      self.rule = rule
      self.node = node
      self.reason = reason
      self.right = right
    }
  }

  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// The servers' figures, as `stats` has them.
  package var stats: StatsReport
  /// The keys whose names were read; nil where none were.
  package var keysSeen: Int?
  /// What the owner should know, the worst first.
  package var findings: [ReportFinding]
  /// The rules that were checked, and found something or not.
  package var checked: [String]
  /// The rules that were not, and why.
  package var notChecked: [Unchecked]

  /// Makes a report.
  package init(
    header: ReportHeader, stats: StatsReport, keysSeen: Int?, findings: [ReportFinding], checked: [String],
    notChecked: [Unchecked]
  ) {
    self.header = header
    self.stats = stats
    self.keysSeen = keysSeen
    self.findings = findings
    self.checked = checked
    self.notChecked = notChecked
  }

  /// The number of findings of a severity.
  func count(_ severity: Severity) -> Int { findings.count { $0.severity == severity } }
}
