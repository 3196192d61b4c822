import Keyspace
import Reporting
import TestSupport
import Testing

@testable import Operations
@testable import Quantities

struct FindingsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let keys: @Sendable () -> [FakeKey]
    /// Every finding, by id and severity.
    let finds: [String: Severity]
    var configure: @Sendable (inout ScanRequest) -> Void = { _ in }
    var testDescription: String { name }
  }

  /// Keys with a TTL, so that only what a case is about is found.
  private static func keys(
    _ count: Int = 20, ttl: Int64? = nil, bytes: Int = 100, idle: Int = 0, _ name: (Int) -> String
  ) -> [FakeKey] {
    // Many keys of one TTL would be a wave.
    (0..<count).map { index in
      let spread = 600_000 + Int64(index * 7919 % 80_000) * 1000
      return FakeKey(name(index), ttl: ttl ?? spread, bytes: bytes, idle: idle)
    }
  }

  private static let tidy = keys(100) { "app:v2:user:\($0)" }

  static let cases: [Case] = [
    Case(name: "nothing odd", keys: { tidy }, finds: [:]),
    Case(
      name: "an old version", keys: { tidy + keys(3) { "app:v1:user:\($0)" } },
      finds: ["superseded-version": .warning]),
    Case(
      name: "versions of many organisations",
      keys: { keys(200) { "org:\(Keyspaces.word($0 % 40)):v\(1 + $0 % 2):x:\($0)" } },
      finds: [:]),
    Case(name: "no version", keys: { tidy + keys(20) { "product:\($0)" } }, finds: ["unversioned": .info]),
    Case(name: "few without a version", keys: { tidy + keys(9) { "product:\($0)" } }, finds: [:]),
    Case(name: "sessions need no version", keys: { tidy + keys(20) { "session:\($0)" } }, finds: [:]),
    Case(
      name: "no namespace", keys: { tidy + keys(20) { "\(1_000_000 + $0)" } }, finds: ["no-namespace": .info]),
    Case(name: "few without a namespace", keys: { tidy + keys(9) { "\(1_000_000 + $0)" } }, finds: [:]),
    Case(
      name: "no TTL", keys: { tidy + keys(50, ttl: -1) { "shop:v1:item:\($0)" } }, finds: ["no-ttl": .warning]
    ),
    Case(
      name: "mixed policies", keys: { tidy + keys(50, ttl: -1) { "app:v2:user:x\($0)" } },
      finds: ["no-ttl": .warning, "mixed-ttl-policy": .warning]),
    Case(
      name: "two templates, each with a policy of its own",
      keys: { tidy + keys(50, ttl: -1) { "app:v2:team:\($0)" } }, finds: ["no-ttl": .warning]),
    Case(
      name: "queues, tags and indexes have no policy",
      keys: {
        tidy
          + (0..<40).map {
            FakeKey("mail:queue:\($0)", type: "list", ttl: $0 % 2 == 0 ? -1 : 700_000 + Int64($0) * 9000)
          }
          + (0..<40).map {
            FakeKey("tags:\($0)", type: "set", ttl: $0 % 2 == 0 ? -1 : 700_000 + Int64($0) * 9000)
          }
      }, finds: [:]),
    Case(
      name: "one old key is no policy",
      keys: { keys(300) { "app:v2:user:\($0)" } + keys(1, ttl: -1) { "app:v2:team:\($0)" } },
      finds: ["no-ttl": .info]),
    Case(name: "a wave", keys: { waves(share: 0.1) }, finds: ["expiry-wave": .warning]),
    Case(name: "no wave", keys: { waves(share: 0) }, finds: [:]),
    Case(
      name: "free text", keys: { tidy + [FakeKey("app:v2:search:how do I boil an egg", ttl: 1000)] },
      finds: ["unbounded-key": .warning]),
    Case(
      name: "encoded free text", keys: { tidy + [FakeKey("app:v2:search:how%20do%20I%20boil", ttl: 1000)] },
      finds: ["unbounded-key": .warning]),
    Case(
      name: "201 bytes",
      keys: { tidy + [FakeKey("app:v2:" + String(repeating: "x", count: 194), ttl: 1000)] },
      finds: ["unbounded-key": .warning]),
    Case(
      name: "200 bytes",
      keys: { tidy + [FakeKey("app:v2:" + String(repeating: "x", count: 193), ttl: 1000)] },
      finds: [:]),
    Case(
      name: "a big key", keys: { tidy + [FakeKey("app:v2:all", type: "hash", ttl: 1000, bytes: 1 << 20)] },
      finds: ["big-key": .warning]),
    Case(
      name: "a huge key", keys: { tidy + [FakeKey("app:v2:all", type: "hash", ttl: 1000, bytes: 64 << 20)] },
      finds: ["big-key": .critical]),
    Case(
      name: "nearly big", keys: { tidy + [FakeKey("app:v2:all", ttl: 1000, bytes: 1 << 20 - 1)] }, finds: [:]),
    Case(
      name: "unused", keys: { keys(100, idle: 86_400) { "app:v2:user:\($0)" } }, finds: ["low-reuse": .info],
      configure: { $0.measuresIdle = true }),
    Case(
      name: "half used", keys: { keys(100, idle: 86_000) { "app:v2:user:\($0)" } }, finds: [:],
      configure: { $0.measuresIdle = true }),
    Case(
      name: "a forgotten lock", keys: { tidy + [FakeKey("app:v2:user:7:lock")] },
      finds: ["lock-without-ttl": .warning]),
    Case(
      name: "a block is no lock",
      keys: { tidy + keys(300) { "app:v2:a:\($0)" } + [FakeKey("app:v2:user:7:block")] },
      finds: ["no-ttl": .info]),
    Case(
      name: "an endless counter", keys: { tidy + keys(1, ttl: -1) { "rate:v1:ip_counter:\($0)" } },
      finds: ["counter-without-ttl": .warning]),
    Case(
      name: "endless sessions", keys: { tidy + keys(15, ttl: -1) { "Session:\($0)" } },
      finds: ["session-without-ttl": .warning]),
    Case(
      name: "a schema", keys: { tidy + [FakeKey("stray", ttl: 1000)] }, finds: ["schema-mismatch": .warning],
      configure: { $0.walk.naming.schemas = (try? KeySchema.parse("{namespace}:{version}:{rest}")) ?? [] }),
  ]

  private static func waves(share: Double) -> [FakeKey] {
    var random = SeededGenerator(seed: 3)
    return (0..<4000).map { index in
      let seconds = random.chance(share) ? 40_000 + random.unit() * 20 : 60 + random.unit() * 80_000
      return FakeKey("app:v2:user:\(index)", ttl: Int64(seconds * 1000))
    }
  }

  @Test(arguments: cases) func findsWhatThereIsAndNothingElse(scenario: Case) throws {
    let keys = scenario.keys()
    let report = try FakeServer(keys).scan { scenario.configure(&$0) }.report
    var found: [String: Severity] = [:]
    for finding in report.findings {
      found[finding.id] = max(found[finding.id] ?? finding.severity, finding.severity)
    }
    #expect(found == scenario.finds)
    for finding in report.findings {
      #expect(!finding.message.isEmpty && !finding.figures.isEmpty)
      guard let command = finding.command?.line else { continue }
      #expect(SuggestedLine(command) != nil, "\(command)")
    }
    let severities = report.findings.map(\.severity)
    #expect(severities == severities.sorted(by: >), "the worst first")
  }

  private func figure(_ finding: ReportFinding?, _ name: String) -> JSON? {
    finding?.figures.first { $0.0 == name }?.1
  }

  @Test func figuresAreThoseOfTheGroup() throws {
    let keys =
      FindingsTests.tidy + FindingsTests.keys(30, ttl: -1, bytes: 1000) { "app:v1:user:\($0)" }
      + [FakeKey("app:v2:all", type: "zset", ttl: 9, bytes: 3 << 20)]
    let report = try FakeServer(keys).scan().report
    let old = report.findings("superseded-version").first
    #expect(old?.namespace?.text == "app" && old?.version?.text == "v1")
    #expect(figure(old, "keys") == .int(30) && figure(old, "without_ttl") == .int(30))
    #expect(figure(old, "memory_bytes") == .int(30_000))
    #expect(figure(old, "newest_version") == .string("v2"))
    let endless = report.findings("no-ttl").first
    #expect(figure(endless, "keys") == .int(30) && figure(endless, "keys_error") == .int(0))
    #expect(figure(endless, "share") == .double(30.0 / 131))
    #expect(endless?.message.contains("most in app v1") == true)
    let big = report.findings("big-key").first
    #expect(figure(big, "key") == .string("app:v2:all") && figure(big, "type") == .string("zset"))
    #expect(figure(big, "bytes") == .int(3 << 20))
  }

  @Test func aWaveIsToldWithItsMoment() throws {
    let server = FakeServer(FindingsTests.waves(share: 0.1))
    let finding = try #require(try server.scan().report.findings("expiry-wave").first)
    guard case .int(let keys)? = figure(finding, "keys"), case .double(let share)? = figure(finding, "share")
    else {
      Issue.record("a wave has keys and a share")
      return
    }
    #expect(abs(keys - 400) < 80 && abs(share - 0.1) < 0.02)
    #expect(figure(finding, "window_seconds") == .int(60))
    let at = Timestamp(secondsSince1970: server.time + 40_000)
    guard case .string(let told)? = figure(finding, "at") else { return }
    #expect(told.prefix(15) == at.text.prefix(15))
    let options = try #require(SuggestedLine(finding.command?.line ?? "")).options
    #expect(options["--namespace"] == "app" && options["--key-version"] == "v2")
    // The moments hold whenever the command is run.
    #expect(options["--expires-after"]?.prefix(15) == at.text.prefix(15))
    #expect(options["--expires-before"]?.prefix(13) == at.text.prefix(13))
    // Spread over the time until then.
    #expect(options["--expire-within"]?.hasPrefix("11h") == true)
  }

  /// Removing works on one database, so that what is suggested names it where several were scanned.
  @Test func aRemovalIsSuggestedForTheDatabaseOfTheFinding() throws {
    let keys = FindingsTests.tidy + FindingsTests.keys(30, ttl: -1) { "app:v1:user:\($0)" }
    let report = try FakeServer(keys).scan { $0.commandContext = [.allDatabases] }.report
    let command = try #require(report.findings("superseded-version").first?.command?.line)
    let line = try #require(SuggestedLine(command))
    #expect(line.verb == "invalidate" && line.options["--db"] == "0" && !command.contains("--all-dbs"))
  }

  /// A sample's finding tells of all keys, not of those that were measured.
  @Test func figuresOfASampleAreScaled() throws {
    let keys = (0..<10_000).map { FakeKey("app:v1:lock:\($0)", ttl: $0 % 4 == 0 ? -1 : 60_000) }
    let report = try FakeServer(keys).scan { $0.measuring = .sample(1000) }.report
    guard case .int(let locks)? = figure(report.findings("lock-without-ttl").first, "keys") else {
      Issue.record("locks without TTL are found")
      return
    }
    #expect(abs(locks - 2500) < 350)
    // What a finding of their own tells is no second one.
    #expect(report.findings("no-ttl").isEmpty)
  }

  @Test func findingsOfOneKindAreBounded() throws {
    let keys = (0..<30).flatMap { space in
      (0..<20).map { FakeKey("space\(Keyspaces.word(space)):\($0)", ttl: $0 % 2 == 0 ? -1 : 1000) }
    }
    let report = try FakeServer(keys).scan().report
    #expect(report.findings("mixed-ttl-policy").count == ScanFindings.mostOfAKind)
    // What holds for all of them is one line.
    #expect(report.findings("unversioned").count == 1)
    #expect(figure(report.findings("unversioned").first, "namespaces") == .int(30))
  }

  @Test(arguments: [ScanGrouping.type, .node])
  func groupsThatAreNoNamesSuggestNothingAboutNames(grouping: ScanGrouping) throws {
    let keys =
      FindingsTests.tidy + FindingsTests.keys(30, ttl: -1) { "app:v1:user:\($0)" }
      + [FakeKey("app:v2:all", ttl: 9, bytes: 3 << 20)]
    let findings = try FakeServer(keys).scan { $0.grouping = grouping }.report.findings
    #expect(Set(findings.map(\.id)).isSubset(of: ["no-ttl", "big-key", "mixed-ttl-policy"]))
    #expect(findings.contains { $0.id == "no-ttl" })
    for finding in findings {
      guard let command = finding.command?.line else { continue }
      let options = try #require(SuggestedLine(command)).options
      #expect(options["--type"] == nil && options["--namespace"] == nil)
    }
  }

  static let hostile: [[UInt8]] = [
    Array("a'b".utf8), Array("a b".utf8), Array("$reboot".utf8), Array("`x`".utf8), Array("-rf".utf8),
    Array("--list".utf8), Array("a[b".utf8), Array("a]b".utf8), Array("a\\b".utf8), Array("a?b".utf8),
    Array("\u{1B}[2Jx".utf8), Array("a\nb".utf8), Array("a\"b".utf8), Array("é€".utf8),
    Array("a\u{202E}b".utf8), [0xFF, 0xFE], [0x61, 0x00, 0x62], Array("a;b>e!".utf8), Array("!".utf8),
    Array("\\x41".utf8), [],
  ]

  /// What a finding suggests must choose that group and no other, whatever its name does to shells and globs.
  @Test(arguments: hostile) func suggestedCommandsSurviveHostileNamespaces(namespace: [UInt8]) throws {
    func keys(_ version: String, _ count: Int) -> [FakeKey] {
      (0..<count).map { FakeKey(namespace + Array(":\(version):\($0)".utf8), ttl: 1000) }
    }
    let others = ["a", "b", "aXb", "A", "weXrd2"].flatMap { name in
      (0..<15).map { FakeKey("\(name):v1:\($0)", ttl: 1000) }
    }
    let server = FakeServer(keys("v1", 12) + keys("v2", 20) + others)
    let report = try server.scan().report
    let finding = try #require(report.findings("superseded-version").first)
    let command = try #require(finding.command?.line)
    #expect(!command.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E })
    let line = try #require(SuggestedLine(command), "\(command)")
    #expect(line.verb == "invalidate")
    #expect(line.options["--dry-run"] == "")
    let namespaceText = try #require(line.options["--namespace"])
    let versionText = try #require(line.options["--key-version"])
    let chosen = try server.scan {
      $0.walk.selection.namespaces = [NamespaceChoice(namespaceText)]
      $0.walk.selection.version = VersionChoice(versionText)
    }.report
    #expect(chosen.totals.keys == 12, "\(command)")
    let text = finding.message
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x202E })
  }

  /// A version that no option can say is left out, and the command still parses.
  @Test func oddVersionsAreNotSuggested() throws {
    let keys = ["blue", "green"].flatMap { version in
      (0..<20).map { FakeKey("app:\(version):\($0)", ttl: 1000) }
    }
    let rule = try VersionRule(pattern: "blue|green")
    let report = try FakeServer(keys).scan { $0.walk.naming.versionRule = rule }.report
    for finding in report.findings {
      guard let command = finding.command?.line else { continue }
      let line = try #require(SuggestedLine(command), "\(command)")
      #expect(line.options["--key-version"] == nil)
    }
  }
}
