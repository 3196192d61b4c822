import Reporting
import Testing

@testable import Operations
@testable import RedisClient

struct ScanOperationTests {
  /// What names a group in a report at a grouping.
  private func name(of row: ScanGroup, _ grouping: ScanGrouping) -> [String?] {
    switch grouping {
    case .namespace: [row.namespace?.text]
    case .version: [row.namespace?.text, row.version?.text]
    case .entity: [row.entity?.text]
    case .template: [row.template?.text]
    case .type: [row.type]
    case .node: [row.node]
    case .database: [row.database.map { String($0) }]
    case .role: [row.role]
    case .segment: [row.segment?.text]
    }
  }

  /// The group that a key belongs to at a grouping.
  private func name(of key: FakeKey, _ grouping: ScanGrouping) -> [String?] {
    switch grouping {
    case .namespace: [key.labels.namespace]
    case .version: [key.labels.namespace, key.labels.version]
    case .entity: [key.labels.entity]
    case .template: [key.labels.template]
    case .type: [key.type]
    case .node: ["cache-1:6379"]
    case .database: ["0"]
    case .role: [key.labels.namespace == "session" ? "session" : "entry"]
    case .segment(let number):
      [
        key.name.text.filter { !"{}".contains($0) }.split(separator: ":").map(String.init).dropFirst(
          number - 1
        ).first
      ]
    }
  }

  @Test(arguments: ScanGrouping.allCases)
  func figuresAreExactAtEveryGrouping(grouping: ScanGrouping) throws {
    let keys = Keyspaces.mixed()
    let report = try FakeServer(keys).scan {
      $0.grouping = grouping
      $0.measuring = .exact
    }.report
    let truth = Dictionary(grouping: keys) { name(of: $0, grouping) }
    #expect(Set(report.groups.map { name(of: $0, grouping) }) == Set(truth.keys))
    #expect(report.groups.count == truth.count, "no group is told twice")
    for group in report.groups {
      let expected = Truth(truth[name(of: group, grouping)] ?? [])
      expected.expectExactly(group)
      #expect(abs(group.share - Double(expected.keys) / Double(keys.count)) < 1e-9)
    }
    Truth(keys).expectExactly(report.totals)
    #expect(report.coverage.isExact && report.coverage.keysMeasured == keys.count)
    #expect(report.header.isComplete && report.header.warnings.isEmpty)
  }

  @Test(arguments: [1, 2, 3])
  func depthCutsTemplates(depth: Int) throws {
    let keys = Keyspaces.mixed(10)
    let report = try FakeServer(keys).scan { $0.depth = depth }.report
    let templates = Set(report.groups.compactMap { $0.template?.text })
    #expect(templates.allSatisfy { $0.split(separator: ":").count <= depth })
    #expect(templates.contains(["app", "app:v1", "app:v1:user"][depth - 1]))
    #expect(report.totals.keys == keys.count)
  }

  @Test(arguments: ScanRequest.Order.allCases)
  func groupsComeInTheOrderAskedFor(order: ScanRequest.Order) throws {
    let groups = try FakeServer(Keyspaces.mixed(20)).scan { $0.order = order }.report.groups
    let isOrdered = zip(groups, groups.dropFirst()).allSatisfy { left, right in
      switch order {
      case .keys: left.keys >= right.keys
      case .memory: (left.memoryBytes ?? 0) >= (right.memoryBytes ?? 0)
      case .ttl: (left.ttl?.p50 ?? .infinity) <= (right.ttl?.p50 ?? .infinity)
      case .name: (left.namespace?.text ?? "") <= (right.namespace?.text ?? "")
      }
    }
    #expect(isOrdered)
  }

  @Test func aSampledScanCountsExactlyAndMeasuresNoMoreThanItsQuota() throws {
    let keys = Keyspaces.mixed(400, seed: 3)
    let server = FakeServer(keys)
    let quota = 300
    let report = try server.scan { $0.measuring = .sample(quota) }.report
    #expect(!report.coverage.isExact && report.coverage.sampleSize == quota)
    #expect(report.totals.keys == keys.count)
    let truth = Dictionary(grouping: keys) { [$0.labels.namespace, $0.labels.version] }
    var misses = 0
    for group in report.groups {
      let expected = Truth(truth[[group.namespace?.text, group.version?.text]] ?? [])
      #expect(group.keys == expected.keys)
      let without = try #require(group.withoutTTL)
      let bytes = try #require(group.memoryBytes)
      if abs(without - expected.withoutTTL) > group.withoutTTLError ?? 0 { misses += 1 }
      if abs(Double(bytes - expected.bytes)) > (group.memoryError ?? 0) * Double(bytes) + 1 { misses += 1 }
      #expect(group.types.reduce(0) { $0 + $1.keys } == group.keys)
    }
    // Twelve intervals of 95 % each.
    #expect(misses <= 2)
    // The quota is that of a template. Each name of a crowd has one of its own until all keys have been seen.
    func template(of key: FakeKey) -> String? {
      guard key.labels.namespace == "org:*" else { return key.labels.template }
      return String(key.name.text.split(separator: ":")[1])
    }
    let templates = Dictionary(keys.map { ($0.name, template(of: $0)) }) { $1 }
    let measured = Dictionary(grouping: server.log.filter { $0.name == "PTTL" }) { templates[$0.key] }
    #expect(measured.count == 5 + 40 && measured.values.allSatisfy { $0.count <= quota })
    #expect(report.coverage.keysMeasured < keys.count / 4)
    #expect(report.coverage.keysMeasured == server.count("PTTL"))
    // The total is the sum of the rows, with their error.
    let missed = abs(try #require(report.totals.withoutTTL) - Truth(keys).withoutTTL)
    #expect(missed <= 2 * (report.totals.withoutTTLError ?? 0))
    #expect(
      abs(report.groups.reduce(0) { $0 + ($1.withoutTTL ?? 0) } - (report.totals.withoutTTL ?? 0))
        <= report.groups.count)
  }

  @Test func aSmallDatabaseIsMeasuredWholly() throws {
    let report = try FakeServer(Keyspaces.mixed(100)).scan().report
    #expect(report.coverage.isExact && report.coverage.keysMeasured == 4400)
    #expect(!report.coverage.typesAreSampled)
  }

  @Test func theNodeIsDescribed() throws {
    let report = try FakeServer(Keyspaces.mixed(1)).scan().report
    #expect(report.header.schema == "rediscache.scan/1")
    #expect(report.header.uri == "redis://cache-1:6379/0")
    #expect(report.header.server == "redis" && report.header.serverVersion == "7.0.15")
    #expect(report.header.nodes.map(\.address) == ["cache-1:6379"])
    #expect(report.header.nodes.map(\.role) == ["primary"])
    #expect(report.server.title == "Redis 7.0.15 primary")
  }

  @Test func theLargestKeysAreListedWithTheirTypes() throws {
    var keys = Keyspaces.mixed(50)
    for (index, type) in ["hash", "zset", "string", "list"].enumerated() {
      keys.append(FakeKey("big:v1:\(index)", type: type, bytes: (2 + index) << 20))
    }
    let server = FakeServer(keys)
    let report = try server.scan { $0.biggest = 3 }.report
    let big = try #require(report.bigKeys)
    #expect(big.map(\.key.text) == ["big:v1:3", "big:v1:2", "big:v1:1"])
    #expect(big.map(\.bytes) == [5 << 20, 4 << 20, 3 << 20])
    #expect(big.map(\.type) == ["list", "string", "zset"])
    #expect(report.coverage.isExact, "--big measures every key")
    #expect(try FakeServer(keys).scan().report.bigKeys == nil)
  }

  @Test func everyDatabaseWithKeysIsWalked() throws {
    let server = FakeServer(Keyspaces.mixed(10))
    let others = (0..<50).map { FakeKey("other:v1:\($0)", ttl: 1000, bytes: 10) }
    server.add(others, to: 3)
    server.add([], to: 5)
    let report = try server.scan(.all) { $0.biggest = 2 }.report
    #expect(report.totals.keys == 440 + 50)
    #expect(report.group("other", "v1")?.memoryBytes == 500)
    #expect(try server.scan(.only(3)).report.totals.keys == 50)
    #expect(try server.scan(.only(5)).report.totals.keys == 0)
  }

  @Test func groupsBeyondTheBoundShareOneGroup() throws {
    let keys = (0..<30).flatMap { space in
      (0..<10).map { FakeKey("space\(Keyspaces.word(space)):v1:\($0)", ttl: 5000, bytes: 100) }
    }
    let report = try FakeServer(keys).scan { $0.maximumGroups = 8 }.report
    #expect(report.groups.count <= 9)
    let overflow = report.groups.filter(\.isOverflow)
    #expect(overflow.count == 1)
    #expect(report.totals.keys == 300 && report.totals.memoryBytes == 30_000)
    #expect(report.findings.allSatisfy { !($0.command?.line ?? "").contains("overflow") })
  }

  @Test func idleTimesAreAskedForOnRequestOnly() throws {
    let keys = (0..<100).map { FakeKey("app:v1:\($0)", idle: 100 + $0) }
    let server = FakeServer(keys)
    #expect(try server.scan().report.group("app", "v1")?.idle == nil)
    #expect(server.count("OBJECT IDLETIME") == 0)
    let idle = try server.scan { $0.measuresIdle = true }.report.group("app", "v1")?.idle
    #expect(idle?.min == 100 && idle?.max == 199)
    #expect(server.count("OBJECT IDLETIME") == 100)
  }

  /// Keys that no text can hold are keys all the same.
  @Test func hostileNamesAreCounted() throws {
    let names: [[UInt8]] = [
      [], [0], [0x0A], [0x1B, 0x5B, 0x32, 0x4A], [0xFF, 0xFE], Array("a\u{202E}b:v1:x".utf8),
      [UInt8](repeating: 0x78, count: 5000), Array(":::".utf8), Array("*".utf8), Array("v1".utf8),
    ]
    let keys = names.map { FakeKey($0, ttl: 60_000, bytes: 100) }
    for grouping in ScanGrouping.allCases {
      let report = try FakeServer(keys).scan { $0.grouping = grouping }.report
      #expect(report.totals.keys == names.count && report.totals.memoryBytes == 100 * names.count)
    }
  }

  @Test func emptyPagesAndOpaqueCursorsAreWalkedThrough() throws {
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    server.faults.emptyPages = 0.4
    server.cursorPrefix = "c-"
    let report = try server.scan().report
    #expect(report.totals.keys == keys.count)
    #expect(server.scans.count > 10)
  }

  @Test func anEmptyDatabaseIsAReportToo() throws {
    let report = try FakeServer([]).scan().report
    #expect(report.groups.isEmpty && report.totals.keys == 0 && report.totals.share == 0)
    #expect(report.header.isComplete && report.findings.isEmpty)
  }
}
