import Foundation
import TestHarness
import TestSupport
import Testing

/// `hits` on servers that send no events: misses are inferred from keys that are filled in, and called that.
@Suite(.overlapping) struct HitsInferenceTests {
  private static let options = ["--for", "1500ms", "--duty", "50%", "--no-memory"]

  @Test("a read that a write follows is a miss; every format says that this is inferred") func refills()
    throws
  {
    try RedisServer.with { server in
      try server.populate(310, prefix: "product:v7:")
      try server.populate(1000, prefix: "session:")
      try server.populate(20, prefix: "search:")
      let load = try HitsReadsTests.Load(on: server, seed: 5, fills: true)
      let texts = ["table", "csv", "prometheus"]
      let others = try texts.map {
        try Rediscache.command(
          ["hits", "-s", server.socketPath, "--refill", "50ms", "--format", $0] + Self.options
        ).start()
      }
      let run = try HitsFixture(server, ["--json", "--refill", "50ms"] + Self.options)
      let report = try run.report()
      let outputs = others.map { $0.wait() }
      let truth = load.stop()
      #expect(report.complete && report.coverage.method == "inferred", "\(report.warnings)")
      for name in HitsReadsTests.namespaces {
        let parts = name.split(separator: ":").map(String.init)
        let group = try #require(report.group(parts[0], parts.count > 1 ? parts[1] : nil), "\(name)")
        let real = try #require(truth[name])
        let ratio = Double(real.hits) / Double(real.reads)
        let (found, error) = (try #require(group.hitRatio), try #require(group.hitRatioError))
        #expect(abs(found - ratio) <= error + 0.03, "\(name): \(found) ± \(error), in truth \(ratio)")
        #expect(group.missesByCause == nil)
      }
      let known = report.coverage.misses ?? 0
      #expect(known > 0.7, "what INFO counted is explained: \(known)")
      #expect(outputs.map(\.status) == [0, 0, 0], "\(outputs)")
      #expect(outputs[0].text.contains("INFERRED") && outputs[0].text.contains("~HIT RATIO"))
      #expect(outputs[1].text.contains(",inferred,"))
      #expect(outputs[2].text.contains("rediscache_hits_inferred{") && outputs[2].text.contains("} 1\n"))
    }
  }

  @Test("without being asked for, an inference is partial, and what to set is said") func unasked() throws {
    try RedisServer.with { server in
      let load = try HitsReadsTests.Load(on: server, seed: 6, fills: true)
      let result = try Rediscache.run(["hits", "-s", server.socketPath, "--json"] + Self.options)
      _ = load.stop()
      let report = try HitsJSON(result.stdout)
      #expect(result.status == 1 && !report.complete && report.coverage.method == "inferred", "\(result)")
      #expect(report.warnings.contains { $0.contains("notify-keyspace-events") })
    }
  }
}
