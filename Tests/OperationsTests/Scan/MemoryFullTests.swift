import Keyspace
import Reporting
import TestSupport
import Testing

@testable import Operations

/// Memory that is full stands above everything else that a scan finds.
struct MemoryFullTests {
  private static let keys: [FakeKey] = {
    func lifetime(_ index: Int) -> Int64 { 600_000 + Int64(index * 7919 % 80_000) * 1000 }
    let new = (0..<300).map { FakeKey("product:v7:\($0)", ttl: lifetime($0), bytes: 400) }
    let old = (0..<100).map { FakeKey("product:v6:\($0)", ttl: lifetime($0 + 300)) }
    return new + old + [FakeKey("app:all", type: "hash", ttl: 1000, bytes: 64 << 20)]
  }()

  /// A server that uses so much of 100 MB; `evicted` is what it has evicted at its second INFO.
  private static func server(
    _ keys: [FakeKey] = keys, used: Int, policy: String, errors: Int = 0, evicted: Int = 0
  ) -> FakeServer {
    let server = FakeServer(keys)
    server.info = [
      "redis_version:7.0.15", "role:master", "cluster_enabled:0", "used_memory:\(used)",
      "maxmemory:100000000",
      "maxmemory_policy:\(policy)", "evicted_keys:1000", "# Errorstats", "errorstat_OOM:count=\(errors)",
      "# Keyspace",
    ]
    server.faults.reply = { arguments in
      guard arguments.count == 2, arguments[0].text == "INFO", arguments[1].text == "stats" else {
        return nil
      }
      return .bulk(Array("# Stats\r\nevicted_keys:\(1000 + evicted)".utf8))
    }
    return server
  }

  private func figure(_ finding: ReportFinding, _ name: String) -> JSON? {
    finding.figures.first { $0.0 == name }?.1
  }

  @Test func evictingIsToldWithItsRateAndWhatIsSuperseded() throws {
    let report = try Self.server(used: 99_900_000, policy: "allkeys-lru", evicted: 50).scan().report
    let first = try #require(report.findings.first)
    #expect(first.id == "memory-full" && first.severity == .critical, "above the huge key")
    #expect(report.findings.contains { $0.id == "big-key" && $0.severity == .critical })
    #expect(first.message.hasPrefix("memory is full and evicting "), "\(first.message)")
    // The huge key takes nearly all: what is superseded is too little to name.
    #expect(!first.message.contains("superseded"))
    #expect(report.server.isEvicting && (report.server.evictionsPerSecond ?? 0) > 0)
    #expect(figure(first, "used_memory_bytes") == .int(99_900_000))
    let small = Array(Self.keys.dropLast())
    let next = try Self.server(small, used: 99_900_000, policy: "allkeys-lru", evicted: 5).scan().report
    let named = try #require(next.findings.first)
    #expect(named.message.hasPrefix("memory is full and evicting (95.27 of 95.37 MiB, allkeys-lru); "))
    #expect(named.message.hasSuffix(" of it is superseded product v6"), "\(named.message)")
    let line = try #require(SuggestedLine(named.command?.line ?? ""))
    #expect(line.verb == "invalidate" && line.options["--key-version"] == "v6")
  }

  @Test(arguments: [
    ("noeviction", 7428, "the server refuses writes: memory is full", "noeviction evicts nothing (7,428 OOM"),
    ("noeviction", 0, "the server refuses the next write: memory is full", "noeviction evicts nothing"),
  ])
  func refusedWritesAreNamed(policy: String, errors: Int, start: String, reason: String) throws {
    let report = try Self.server(used: 99_900_000, policy: policy, errors: errors).scan().report
    let first = try #require(report.findings.first)
    #expect(first.id == "memory-full" && first.message.hasPrefix(start), "\(first.message)")
    #expect(first.message.contains(reason), "\(first.message)")
    #expect(figure(first, "oom_errors") == .int(errors))
  }

  @Test func whatIsNotFullIsNotCalledSo() throws {
    for (used, policy, errors) in [
      (80_000_000, "allkeys-lru", 0), (96_000_000, "allkeys-lru", 0), (80_000_000, "noeviction", 9),
    ] {
      let report = try Self.server(used: used, policy: policy, errors: errors).scan().report
      #expect(report.findings("memory-full").isEmpty, "\(used) \(policy)")
    }
    // From 95 % on evictions and refused writes decide.
    let full = [(96_000_000, "allkeys-lru", 0, 3), (96_000_000, "noeviction", 9, 0)]
    for (used, policy, errors, evicted) in full {
      let server = Self.server(used: used, policy: policy, errors: errors, evicted: evicted)
      #expect(try server.scan().report.findings("memory-full").count == 1, "\(used) \(policy)")
    }
    // Who looks at a part asks about that part.
    let part = try Self.server(used: 99_900_000, policy: "noeviction").scan {
      $0.walk.selection.neverExpires = true
    }
    #expect(part.report.findings("memory-full").isEmpty)
  }
}
