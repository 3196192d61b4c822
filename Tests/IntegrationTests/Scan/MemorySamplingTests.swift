import Foundation
import TestHarness
import TestSupport
import Testing

/// Sizes that rest on a part: of the keys, or of a collection's elements. None is shown as exact.
@Suite(.overlapping) struct MemorySamplingTests {
  private static func size(_ key: String, on server: RedisServer, samples: Int = 0) throws -> Int {
    try #require(
      try server.connection().command("MEMORY", "USAGE", key, "SAMPLES", String(samples)).integer)
  }

  /// A hash of small fields, of which one is huge.
  private static func loadSkewed(_ server: RedisServer) throws {
    var fields = ["HSET", "skew:v1:hash"]
    for index in 0..<2000 { fields += ["field:\(index)", "small"] }
    try server.load(text: [fields, ["HSET", "skew:v1:hash", "huge", String(repeating: "x", count: 5 << 20)]])
    try server.load(text: (0..<300).map { ["SET", "app:v1:\($0)", String(repeating: "y", count: 500)] })
  }

  @Test("a collection with one huge element is sized by more of its elements") func skewed() throws {
    try RedisServer.with { server in
      try Self.loadSkewed(server)
      let truth = try Self.size("skew:v1:hash", on: server)
      for arguments in [["--exact"], ["--big", "3"], ["--samples", "0"]] {
        let report = try Rediscache.report(server, arguments)
        #expect(report.group("skew", "v1")?.memoryBytes == truth, "\(arguments): \(report.groups)")
        #expect(report.findings.contains { $0.id == "big-key" }, "\(arguments)")
        #expect(report.group("app", "v1")?.memoryError == 0)
      }
    }
  }

  @Test("--samples decides what a condition on the size chooses") func chosen() throws {
    try RedisServer.with { server in
      try Self.loadSkewed(server)
      let few = ["--larger-than", "1MB", "--samples", "0", "--list"]
      let listed = try Rediscache.scan(server, few)
      #expect(listed.status == 0 && listed.text == "skew:v1:hash\n", "\(listed)")
      let removed = try Rediscache.run(
        ["invalidate", "--larger-than", "1MB", "--samples", "0", "--yes", "-s", server.socketPath])
      #expect(removed.status == 0, "\(removed)")
      #expect(try server.size() == 300)
      for bad in ["-1", "five"] {
        #expect(try Rediscache.scan(server, ["--samples", bad]).status == 64)
      }
    }
  }

  @Test("where every collection is skewed, the error covers what the others hold") func allSkewed() throws {
    try RedisServer.with { server in
      for number in 0..<60 {
        var fields = ["HSET", "skew:v1:\(number)"]
        for index in 0..<600 { fields += ["field:\(index)", "s"] }
        try server.load(
          text: [fields, ["HSET", "skew:v1:\(number)", "huge", String(repeating: "x", count: 400_000)]])
      }
      let truth = try (0..<60).reduce(0) { try $0 + Self.size("skew:v1:\($1)", on: server) }
      let report = try Rediscache.report(server, ["--exact"])
      let (bytes, error) = (try #require(report.totals.memoryBytes), try #require(report.totals.memoryError))
      #expect(abs(Double(truth - bytes)) <= error * Double(bytes) + 1, "\(truth) \(bytes) \(error)")
    }
  }

  @Test("a few huge keys that no sample has met widen the error to what is in use") func tail() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<20_000).map { ["SET", "app:v1:\($0)", String(repeating: "x", count: 60)] })
      try server.load(
        text: (20_000..<20_040).map { ["SET", "app:v1:\($0)", String(repeating: "x", count: 1 << 20)] })
      let truth = try Rediscache.report(server, ["--exact"])
      #expect(truth.totals.memoryError == 0 && truth.warnings.isEmpty, "\(truth.warnings)")
      for _ in 0..<3 {
        let report = try Rediscache.report(server, ["--sample", "100"])
        let bytes = Double(try #require(report.totals.memoryBytes))
        let missed = abs(bytes - Double(try #require(truth.totals.memoryBytes)))
        #expect(missed <= 1.3 * (report.totals.memoryError ?? 0) * bytes, "\(report.totals)")
        let group = try #require(report.group("app", "v1"))
        #expect(group.memoryError ?? 0 > 0.3)
      }
    }
  }

  @Test("more bytes than are in use are said to be too many") func tooMany() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<30).map { ["SADD", "app:v1:\($0)", "a", "b", "long"] })
      let proxy = try EditingProxy(to: server, [.answer("MEMORY USAGE", with: .integer(4 << 20))])
      let report = try Report(try Rediscache.run(["scan", "--exact", "--json", "-u", proxy.uri]))
      #expect(report.warns("--samples 0"), "\(report.warnings)")
      #expect(report.totals.memoryError ?? 0 > 0.9)
    }
  }
}
