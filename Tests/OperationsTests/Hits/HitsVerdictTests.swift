import Keyspace
import Reporting
import Testing

@testable import Operations

@Suite struct HitsVerdictTests {
  static func group(
    _ name: String, reads: Int?, ratio: Double?, error: Double = 0.01, bytes: Int?, unseen: Int = 0,
    evicted: Int = 0
  ) -> HitsGroup {
    var group = HitsGroup()
    group.names.namespace = Array(name.utf8)
    (group.reads, group.hitRatio, group.hitRatioError, group.memoryBytes) = (reads, ratio, error, bytes)
    var causes = HitsGroup.Causes()
    (causes.unseen, causes.evicted) = (unseen, evicted)
    (group.causes, group.misses) = (causes, unseen + evicted)
    return group
  }

  static func findings(_ groups: HitsGroup...) -> [ReportFinding] {
    HitsVerdict(
      groups: groups, labels: groups.map { GroupLabel(namespace: $0.names.namespace) }, seconds: 60,
      grouping: .version, isInferred: false, separator: nil,
      commandContext: []
    ).findings
  }

  @Test func namesWhatEarnsLittleAndWhy() throws {
    let findings = Self.findings(
      Self.group("product", reads: 9000, ratio: 0.97, bytes: 1 << 30, evicted: 270),
      Self.group("search", reads: 4000, ratio: 0.2, bytes: 200 << 20, unseen: 3100, evicted: 100))
    #expect(findings.map(\.id) == ["earns-little"])
    let message = try #require(findings.first?.message)
    #expect(message.contains("search earns little: 80.0 % of its reads miss, nearly all for keys never seen"))
    #expect(message.contains("it holds 200 MiB"))
    #expect(findings.first?.command?.verb == .scan)
  }

  @Test func judgesByTheWholeInterval() {
    #expect(
      Self.findings(Self.group("a", reads: 500, ratio: 0.45, error: 0.2, bytes: 1)).map(\.id) == [
        "low-hit-ratio"
      ])
    #expect(Self.findings(Self.group("a", reads: 500, ratio: 0.75, error: 0.1, bytes: 1)).isEmpty)
    #expect(Self.findings(Self.group("a", reads: 50, ratio: 0.1, bytes: 1)).isEmpty, "too few reads")
  }

  @Test func namesMemoryThatIsNotRead() {
    let findings = Self.findings(
      Self.group("idle", reads: 0, ratio: nil, bytes: 50 << 20),
      Self.group("small", reads: 0, ratio: nil, bytes: 10),
      Self.group("used", reads: 500, ratio: 0.99, bytes: 50 << 20))
    #expect(findings.map(\.id) == ["not-read"])
    #expect(findings.first?.namespace == Array("idle".utf8))
  }
}
