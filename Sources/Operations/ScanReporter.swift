import Keyspace
import RedisClient
import Reporting

/// Turns what a scan has counted into its report.
struct ScanReporter {
  let request: ScanRequest
  let header: ReportHeader
  let facts: ServerFacts
  let databases: [Int]
  let scan: ScanWalk

  func report() -> ScanReport {
    let summaries = ScanSummaries(scan, request: request)
    var totals = summaries.group(of: summaries.total, isTotal: true)
    correctTotal(&totals)
    let findings = ScanFindings(
      request: request, summaries: summaries, totals: totals, scan: scan
    ).findings()
    return ScanReport(
      header: header, serverLine: serverLine, grouping: request.reportedGrouping,
      coverage: coverage, groups: summaries.sorted(by: request.order), totals: totals, findings: findings,
      bigKeys: request.biggest.map { limit in
        scan.tally.biggest.entries.prefix(limit).map {
          ScanReport.BigKey(key: $0.key, type: scan.bigKeyTypes[$0.key] ?? nil, bytes: $0.bytes)
        }
      },
      top: request.top)
  }

  /// Where every key was chosen, INFO knows exactly how many never expire, whatever was sampled.
  private func correctTotal(_ totals: inout ScanGroup) {
    guard request.walk.selection.isEverything, scan.quota != nil, scan.isComplete, !facts.fields.isEmpty
    else { return }
    let counted = databases.compactMap { facts.databases[$0] }
    let withoutTTL = counted.reduce(0) { $0 &+ $1.keys &- $1.expires }
    guard withoutTTL <= totals.keys else { return }
    totals.withoutTTL = withoutTTL
    totals.withoutTTLError = 0
  }

  private var coverage: ScanReport.Coverage {
    var coverage = scan.coverage
    if request.walk.selection.isEverything, !facts.fields.isEmpty {
      coverage.keysExpected = databases.reduce(0) { $0 &+ (facts.databases[$1]?.keys ?? 0) }
    }
    coverage.typesAreSampled =
      !scan.asksEveryType && !request.choosesByMeasure && request.grouping != .type
      && scan.tally.seen > GroupFigures.typesToAgree
    return coverage
  }

  /// "Redis 7.0.15 primary  4.0 GiB allkeys-lru   1,166,537 keys, 41,212 without TTL".
  private var serverLine: String {
    var parts: [String] = []
    if let server = facts.server {
      parts.append(
        [server.prefix(1).uppercased() + server.dropFirst(), facts.version ?? "", facts.role ?? ""]
          .filter { !$0.isEmpty }.map { KeyText.sanitized($0) }.joined(separator: " "))
    }
    if let maximum = facts.integer("maxmemory") {
      let policy = KeyText.sanitized(facts.fields["maxmemory_policy"] ?? "")
      parts.append(
        (maximum == 0 ? "no maxmemory" : NumberText.bytes(maximum)) + (policy.isEmpty ? "" : " " + policy))
    }
    if !facts.fields.isEmpty {
      let counted = databases.compactMap { facts.databases[$0] }
      let keys = counted.reduce(0) { $0 &+ $1.keys }
      let withoutTTL = counted.reduce(0) { $0 &+ $1.keys &- $1.expires }
      parts.append("\(NumberText.count(keys)) keys, \(NumberText.count(withoutTTL)) without TTL")
    }
    return parts.joined(separator: "  ")
  }
}
