import Testing

@testable import Reporting

/// The table of a scan at the widths of terminals, as it is looked at.
@Suite struct ScanReportTests {
  /// A report with a bit of everything: old versions, hostile and wide names, findings of each severity.
  static func report() -> ScanReport {
    var header = ReportHeader(
      schema: "rediscache.scan/1", toolVersion: "0.1.0", targetName: "prod", uri: "redis://cache-1:6379/0",
      kind: "standalone", server: "redis", serverVersion: "7.0.15", nodes: [],
      startedAt: "2026-01-31T12:00:00Z", durationSeconds: 2.9)
    header.database = 0
    var server = ScanReport.Server()
    server.title = "Redis 7.0.15 primary"
    (server.usedMemory, server.maximumMemory) = (4_273_000_000, 4_294_967_296)
    (server.policy, server.keys) = ("allkeys-lru", 97_818)
    let groups = [
      group("product", "v7", keys: 60_000, endless: 0, bytes: 63_000_000),
      group("product", "v6", keys: 17_877, endless: 17_877, bytes: 8_600_000, isOld: true),
      group("セッション", nil, keys: 15_000, endless: 12, bytes: 21_000_000),
      group("🎉:\u{1B}[31m", "v1", keys: 4_941, endless: 204, bytes: 1_200_000),
    ]
    var totals = ScanGroup()
    (totals.keys, totals.share, totals.withoutTTL, totals.memoryBytes) = (97_818, 1, 18_093, 93_800_000)
    return ScanReport(
      header: header, server: server, isFiltered: false, grouping: .version, coverage: ScanReport.Coverage(),
      groups: groups, totals: totals, findings: findings, bigKeys: nil, top: 40)
  }

  private static func group(
    _ namespace: String, _ version: String?, keys: Int, endless: Int, bytes: Int, isOld: Bool = false
  ) -> ScanGroup {
    var group = ScanGroup()
    (group.namespace, group.version) = (Array(namespace.utf8), version.map { Array($0.utf8) })
    (group.keys, group.share) = (keys, Double(keys) / 97_818)
    (group.withoutTTL, group.memoryBytes, group.isSuperseded) = (endless, bytes, isOld)
    if endless < keys { group.ttl = ScanGroup.Quantiles(min: 60, p50: 20_000, p99: 86_000, max: 90_000) }
    return group
  }

  private static var findings: [ReportFinding] {
    let old = [SuggestedOption.namespace("product"), .keyVersion("v6")]
    return [
      ReportFinding(
        id: "big-key", severity: .critical,
        message:
          "the set key audience:v1:newsletter takes 68 MiB: reading or deleting it whole holds up every client",
        figures: [], command: SuggestedCommand(.scan, [.biggest(10)])),
      ReportFinding(
        id: "superseded-version", severity: .warning,
        message: "product v6 is superseded by v7: 17,877 keys, 8.2 MiB, none expires", figures: [],
        command: SuggestedCommand(.invalidate, old + [.dryRun])),
      ReportFinding(
        id: "unversioned", severity: .info, message: "セッション has no version", figures: [], command: nil),
    ]
  }

  private static let wording = ReportWording(
    everyKey: "--exact measures every key.", everyRemark: "--json has them all"
  ) { command in "rediscache \(command.verb.rawValue) …" }

  static let snapshots: [(width: Int, text: String)] = [
    (
      60,
      #"""
      prod  redis://cache-1:6379/0  Redis 7.0.15 primary
      memory 3.98 of 4.00 GiB (99.5 %), at the limit  allkeys-lru
      97,818 keys, 18.5 % never expire  2 problems

       1  CRITICAL  the set key audience:v1:newsletter takes 68
          MiB: reading or deleting it whole holds up every client
          rediscache scan …

       2  WARNING   product v6 is superseded by v7: 17,877 keys,
          8.2 MiB, none expires
          rediscache invalidate …

       3  INFO      セッション has no version

      NAMESPACE      VERSION    KEYS   NEVER  TTL p50   MEMORY
      product        v7       60,000       0     5.6h   60 MiB
      product        v6 old   17,877  17,877        -  8.2 MiB
      セッション     -        15,000      12     5.6h   20 MiB
      "🎉:\x1b[31m"  v1        4,941     204     5.6h  1.1 MiB
      total                   97,818  18,093        -   89 MiB

      """#
    ),
    (
      80,
      #"""
      prod  redis://cache-1:6379/0  Redis 7.0.15 primary
      memory 3.98 of 4.00 GiB (99.5 %), at the limit  allkeys-lru
      97,818 keys, 18.5 % never expire  2 problems

       1  CRITICAL  the set key audience:v1:newsletter takes 68 MiB: reading or
          deleting it whole holds up every client
          rediscache scan …

       2  WARNING   product v6 is superseded by v7: 17,877 keys, 8.2 MiB, none expires
          rediscache invalidate …

       3  INFO      セッション has no version

      NAMESPACE     VERSION    KEYS   SHARE   NEVER  TTL p50  TTL p99   MEMORY    MEM%
      product       v7       60,000   61.3%       0     5.6h     1.0d   60 MiB   67.2%
      product       v6 old   17,877   18.3%  17,877        -        -  8.2 MiB    9.2%
      セッション    -        15,000   15.3%      12     5.6h     1.0d   20 MiB   22.4%
      "🎉:\x…[31m"  v1        4,941    5.1%     204     5.6h     1.0d  1.1 MiB    1.3%
      total                  97,818  100.0%  18,093        -        -   89 MiB  100.0%

      """#
    ),
    (
      120,
      #"""
      prod  redis://cache-1:6379/0  Redis 7.0.15 primary
      memory 3.98 of 4.00 GiB (99.5 %), at the limit  allkeys-lru  97,818 keys, 18.5 % never expire  2 problems

       1  CRITICAL  the set key audience:v1:newsletter takes 68 MiB: reading or deleting it whole holds up every client
          rediscache scan …

       2  WARNING   product v6 is superseded by v7: 17,877 keys, 8.2 MiB, none expires
          rediscache invalidate …

       3  INFO      セッション has no version

      NAMESPACE      VERSION    KEYS   SHARE   NEVER  TTL p50  TTL p99   MEMORY    MEM%      AVG
      product        v7       60,000   61.3%       0     5.6h     1.0d   60 MiB   67.2%  1.0 KiB
      product        v6 old   17,877   18.3%  17,877        -        -  8.2 MiB    9.2%    481 B
      セッション     -        15,000   15.3%      12     5.6h     1.0d   20 MiB   22.4%  1.4 KiB
      "🎉:\x1b[31m"  v1        4,941    5.1%     204     5.6h     1.0d  1.1 MiB    1.3%    242 B
      total                   97,818  100.0%  18,093        -        -   89 MiB  100.0%    958 B

      """#
    ),
  ]

  @Test("the target comes first, then what is wrong, then the groups and their total", arguments: snapshots)
  func snapshot(_ width: Int, _ text: String) {
    #expect(Self.report().table(width: width, style: .plain, wording: Self.wording) == text)
  }

  @Test(
    "no line is wider than the terminal, and nothing that is needed is missing",
    arguments: [60, 80, 120, 200])
  func width(_ width: Int) {
    let table = Self.report().table(width: width, style: .plain, wording: Self.wording)
    #expect(table.split(separator: "\n").allSatisfy { TextWidth.columns(String($0)) <= width })
    for words in [
      "v6 old", "total", "97,818", "NEVER", "MEMORY", "allkeys-lru", "2 problems", "at the limit",
    ] {
      #expect(table.contains(words), "\(words) at \(width)")
    }
    #expect(!table.contains("\u{1B}"))
  }

  @Test("colours add nothing but themselves", arguments: [60, 120]) func colours(_ width: Int) {
    let style = Style(color: true)
    let coloured = Self.report().table(width: width, style: style, wording: Self.wording)
    let plain = Self.report().table(width: width, style: .plain, wording: Self.wording)
    #expect(coloured.contains("\u{1B}[31mCRITICAL\u{1B}[0m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
    // A command is copied: it is not dim.
    #expect(!coloured.contains("\u{1B}[2m    rediscache") && !coloured.contains("\u{1B}[2mrediscache"))
  }

  @Test("a report of chosen keys says so, and a server without a limit has none") func filtered() {
    var report = Self.report()
    report.isFiltered = true
    (report.server.maximumMemory, report.server.keys) = (0, 200_000)
    let table = report.table(width: 80, style: .plain, wording: Self.wording)
    #expect(table.contains("97,818 keys chosen of 200,000, 18.5 % never expire"), "\(table)")
    #expect(table.contains("memory 4.0 GiB, no limit"), "\(table)")
    let members = report.json(wording: Self.wording)
    #expect(members["filtered"] == true && members["database_keys"] == 200_000)
    #expect(members["maxmemory_bytes"] == 0 && members["maxmemory_policy"] == "allkeys-lru")
  }
}
