import Bytes
import Reporting

/// Which findings a report leaves out.
package struct FindingFilter: Sendable {
  /// Findings of a kind that are left out: those about one group, or all.
  package struct Ignored: Sendable, Equatable {
    /// The kind.
    package let id: String
    /// A namespace, a namespace and a version with a space between, or a template, as reports show them; nil for all.
    package let group: [UInt8]?

    /// Reads `ID` or `ID:GROUP`; nil where there is no such kind.
    package init?(_ text: String) {
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let id = parts.first, FindingFilter.ids.contains(id) else { return nil }
      self.id = id
      group = parts.count == 2 ? KeyText.bytes(quoted: parts[1]) : nil
    }

    fileprivate func holds(_ finding: ReportFinding) -> Bool {
      guard finding.id == id else { return false }
      guard let group else { return true }
      let named = (finding.namespace ?? []) + (finding.version.map { [UInt8(ascii: " ")] + $0 } ?? [])
      return [finding.namespace, finding.template, named].contains(group)
    }
  }

  /// All kinds of findings.
  package static var ids: [String] { ScanFindings.rules.map(\.id) }

  /// The kinds that count keys, so that they can be a share of all.
  package static var countedIDs: [String] {
    ids.filter { ![BigKeyRule().id, MemoryFullRule().id].contains($0) }
  }

  /// What is left out.
  package var ignored: [Ignored] = []
  /// The share of the keys, 0 to 1, up to which a kind of finding is left out.
  package var limits: [String: Double] = [:]
  /// Whether there is no bound on the findings of a kind, nor on those that a table shows.
  package var showsAll = false

  /// Leaves out nothing.
  package init() {}

  /// True where a finding stays among `keys` keys.
  func admits(_ found: WeighedFinding, of keys: Int) -> Bool {
    if ignored.contains(where: { $0.holds(found.finding) }) { return false }
    guard let limit = limits[found.finding.id] else { return true }
    return Double(found.weight) > limit * Double(max(1, keys))
  }
}
