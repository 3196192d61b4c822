import Keyspace
import Testing

@testable import Bytes
@testable import Operations

/// Each way of choosing keys, alone and together with others.
struct ScanSelectionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// Cases of the same option exclude each other.
    var option: String { String(name.prefix { $0 != "," }) }
    let choose: @Sendable (inout KeySelection) -> Void
    let holds: @Sendable (FakeKey) -> Bool
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "pattern", choose: { $0.pattern = Glob(pattern: Array("app:v2:*".utf8)) },
      holds: { $0.name.text.hasPrefix("app:v2:") }),
    Case(
      name: "exclude", choose: { $0.excluded = ["app:*", "org:*"].map { Glob(pattern: Array($0.utf8)) } },
      holds: { !$0.name.text.hasPrefix("app:") && !$0.name.text.hasPrefix("org:") }),
    Case(name: "type", choose: { $0.type = "hash" }, holds: { $0.type == "hash" }),
    Case(
      name: "namespace", choose: { $0.namespaces = [NamespaceChoice("app")] },
      holds: { $0.labels.namespace == "app" }),
    Case(
      name: "namespace, of two segments", choose: { $0.namespaces = [NamespaceChoice("org:*")] },
      holds: { $0.labels.namespace == "org:*" }),
    Case(
      name: "version, below", choose: { $0.version = VersionChoice("<v3") },
      holds: { ["v1", "v2"].contains($0.labels.version) }),
    Case(
      name: "version, none", choose: { $0.version = VersionChoice("none") },
      holds: { $0.labels.version == nil }),
    Case(
      name: "superseded", choose: { $0.isSuperseded = true },
      holds: { $0.labels.namespace == "app" && $0.labels.version == "v1" }),
    Case(name: "no TTL", choose: { $0.neverExpires = true }, holds: { $0.ttl == -1 }),
    Case(
      name: "TTL below", choose: { $0.ttlBelow = 3_600_000 }, holds: { $0.ttl >= 0 && $0.ttl < 3_600_000 }),
    Case(name: "TTL above", choose: { $0.ttlAbove = 36_000_000 }, holds: { $0.ttl > 36_000_000 }),
    Case(name: "larger than", choose: { $0.largerThan = 90 }, holds: { $0.bytes > 90 }),
    Case(name: "idle above", choose: { $0.idleAbove = 3600 }, holds: { $0.idle > 3600 }),
  ]

  private static let keys = Keyspaces.mixed(20, seed: 5)

  private func check(_ cases: [Case]) throws {
    let server = FakeServer(ScanSelectionTests.keys)
    let report = try server.scan { request in cases.forEach { $0.choose(&request.walk.selection) } }.report
    let chosen = ScanSelectionTests.keys.filter { key in cases.allSatisfy { $0.holds(key) } }
    Truth(chosen).expectExactly(report.totals)
    #expect(report.coverage.keysSeen == chosen.count)
  }

  @Test(arguments: cases) func choosesAlone(option: Case) throws {
    let holds = ScanSelectionTests.keys.count(where: option.holds)
    #expect(holds > 0 && holds < ScanSelectionTests.keys.count, "the case proves something")
    try check([option])
  }

  @Test(arguments: cases) func choosesTogether(option: Case) throws {
    for other in ScanSelectionTests.cases where other.option != option.option { try check([option, other]) }
  }

  @Test func theServerFiltersByPatternAndType() throws {
    let server = FakeServer(ScanSelectionTests.keys)
    _ = try server.scan {
      $0.walk.selection.pattern = Glob(pattern: Array("app:*".utf8))
      $0.walk.selection.type = "hash"
    }
    // One SCAN finds out before whether the server knows TYPE as an argument.
    #expect(server.scans.first == ["SCAN", "0", "COUNT", "1", "TYPE", "string"])
    let first = try #require(server.scans.dropFirst().first)
    #expect(first == ["SCAN", "0", "MATCH", "app:*", "COUNT", "100", "TYPE", "hash"])
    _ = try server.scan()
    #expect(server.scans.last?.contains("MATCH") == false)
  }

  /// A proxy that passes over MATCH must not widen the choice.
  @Test func keysOutsideOfThePatternChangeNothing() throws {
    let server = FakeServer(ScanSelectionTests.keys)
    server.faults.ignoresFilters = true
    let report = try server.scan { $0.walk.selection.pattern = Glob(pattern: Array("app:v2:*".utf8)) }.report
    Truth(ScanSelectionTests.keys.filter { $0.labels.version == "v2" }).expectExactly(report.totals)
    #expect(server.log.allSatisfy { $0.name != "PTTL" || $0.key.text.hasPrefix("app:v2:") })
  }

  @Test func generationsAreNeverSuperseded() throws {
    let generations = (0..<600).map { FakeKey("user:\($0):v\(1 + $0 % 60):profile", ttl: 1000) }
    let old = (0..<30).map { FakeKey("product:v6:\($0)") } + (0..<30).map { FakeKey("product:v7:\($0)") }
    let server = FakeServer(generations + old)
    let chosen = try server.scan { $0.walk.selection.isSuperseded = true }.report
    #expect(chosen.groups.map { $0.namespace?.text } == ["product"])
    #expect(chosen.totals.keys == 30)
    let all = try server.scan().report
    #expect(all.group("user:*", "v*")?.isSuperseded == false)
    #expect(all.group("product", "v6")?.isSuperseded == true)
    #expect(all.group("product", "v7")?.isSuperseded == false)
    #expect(all.findings("superseded-version").map { $0.version?.text } == ["v6"])
  }

  /// Which version is the newest is a matter of all keys, not of those chosen.
  @Test func supersededLooksBeyondTheOtherConditions() throws {
    let keys =
      (0..<20).map { FakeKey("app:v1:a\($0)", type: "hash") } + (0..<20).map { FakeKey("app:v2:b\($0)") }
    let report = try FakeServer(keys).scan {
      $0.walk.selection.isSuperseded = true
      $0.walk.selection.type = "hash"
      $0.walk.selection.pattern = Glob(pattern: Array("app:v1:*".utf8))
    }.report
    #expect(report.totals.keys == 20)
  }
}
