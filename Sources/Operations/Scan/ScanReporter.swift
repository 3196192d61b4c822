import Bytes
import Keyspace
import Quantities
import RedisClient
import Reporting

/// Turns what a scan has counted into its report.
struct ScanReporter {
  let request: ScanRequest
  let header: ReportHeader
  let server: ScanServer
  let scan: ScanRun
  /// Words an advice.
  let advise: (ReportAdvice) -> String

  func report() -> ScanReport {
    let summaries = ScanSummaries(scan, request: request)
    let totals = summaries.group(of: summaries.total, isTotal: true)
    let evidence = ScanEvidence(
      of: scan, request: request, summaries: summaries, totals: totals,
      knownWithoutTTL: knownWithoutTTL(totals))
    var header = header
    header.warnings += remarks(summaries, totals)
    return ScanReport(
      header: header, serverLine: server.line, grouping: request.reportedGrouping,
      coverage: coverage, groups: summaries.sorted(by: request.order), totals: totals,
      findings: ScanFindings.findings(in: evidence),
      bigKeys: request.biggest.map { limit in
        scan.tally.biggest.entries.prefix(limit).map {
          ScanReport.BigKey(key: $0.key, type: scan.bigKeyTypes[$0.key] ?? nil, bytes: $0.bytes)
        }
      },
      top: request.top)
  }

  /// Where every key was chosen, INFO knows exactly how many never expire, whatever was sampled.
  private func knownWithoutTTL(_ totals: ScanGroup) -> Int? {
    guard request.walk.selection.isEverything, scan.quota != nil, scan.isComplete,
      let endless = server.counted.endless
    else { return nil }
    return (0...max(0, totals.keys)).contains(endless) ? endless : nil
  }

  /// What the figures leave open.
  private func remarks(_ summaries: ScanSummaries, _ totals: ScanGroup) -> [String] {
    var remarks: [String] = []
    if let rest = summaries.groups.first(where: { $0.label.isOverflow }) {
      remarks.append(
        "\(NumberText.keys(rest.estimate.keys)) found no group of their own and share (other); "
          + advise(.holdMoreGroups)
      )
    }
    if server.isRefuted {
      remarks.append(
        "INFO counts far fewer keys than the \(NumberText.count(scan.tally.seen)) that SCAN has named: its counts are not used"
      )
    }
    // A sample sees the few huge keys of a group only by luck; what the server uses in all gives them away.
    if scan.quota != nil, scan.isComplete, request.walk.selection.isEverything,
      let bytes = totals.memoryBytes,
      let used = server.usedMemory, used > 64 << 20,
      Double(bytes) * (1 + totals.memoryError) < 0.6 * Double(used)
    {
      remarks.append(
        "the sampled keys explain \(NumberText.bytes(bytes)) of the \(NumberText.bytes(used)) that the server uses: "
          + "a few keys may be far larger than the rest; \(advise(.listBiggestKeys))")
    }
    return remarks
  }

  private var coverage: ScanReport.Coverage {
    var coverage = scan.coverage
    if request.walk.selection.isEverything { coverage.keysExpected = server.counted.keys }
    coverage.typesAreSampled =
      !scan.asksEveryType && !request.choosesByMeasure && request.grouping != .type
      && scan.tally.seen > GroupFigures.typesToAgree
    return coverage
  }
}
