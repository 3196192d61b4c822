import Reporting

/// The findings of a scan: the rules, and the order in which a report has what they find.
enum ScanFindings {
  /// The most findings of one kind: those about the groups with most keys.
  static let mostOfAKind = 20

  /// All rules. Where two findings are as bad and weigh the same, the earlier rule's comes first.
  static let rules: [any FindingRule] = [
    MemoryFullRule(), SupersededVersionRule(), EndlessKindRule(.lock), EndlessKindRule(.counter),
    EndlessKindRule(.session),
    UnversionedRule(), NoNamespaceRule(), MixedTTLPolicyRule(), ExpiryWaveRule(), UnboundedKeyRule(),
    LowReuseRule(), NoTTLRule(), BigKeyRule(), SchemaMismatchRule(),
  ]

  /// What the rules find in each database, the worst first, and within a severity by weight.
  static func findings(in databases: [ScanEvidence], _ filter: FindingFilter) -> [ReportFinding] {
    rules.flatMap { rule in
      databases.flatMap { scan in
        rule.findings(in: scan).filter { filter.admits($0, of: scan.totals.keys) }
          .prefix(filter.showsAll ? .max : mostOfAKind).map(scan.placed)
      }
    }
    .enumerated()
    .sorted { left, right in
      let (mine, theirs) = (left.element, right.element)
      if mine.finding.severity != theirs.finding.severity {
        return mine.finding.severity > theirs.finding.severity
      }
      return mine.weight != theirs.weight ? mine.weight > theirs.weight : left.offset < right.offset
    }
    .map(\.element.finding)
  }
}
