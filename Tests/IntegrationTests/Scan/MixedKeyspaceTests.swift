import TestHarness
import Testing

/// The figures of a scan against what is true.
@Suite(.overlapping) struct MixedKeyspaceTests {
  @Test("an exact scan tells the truth about every group") func exactScan() throws {
    try RedisServer.with { server in
      try MixedKeyspace.load(into: server)
      let report = try Rediscache.report(server, ["--exact", "--pace", "full"])
      #expect(report.schema == "rediscache.scan/1")
      #expect(report.complete)
      #expect(report.coverage.mode == "exact")
      #expect(report.coverage.keysSeen == MixedKeyspace.count)
      #expect(report.coverage.keysMeasured == MixedKeyspace.count)
      #expect(report.groups.count == MixedKeyspace.parts.count)
      var bytes = 0
      for part in MixedKeyspace.parts {
        let truth = try MixedKeyspace.truth(of: part, on: server)
        bytes += truth.bytes
        expect(try #require(report.group(part.namespace, part.version), "\(part.prefix)"), truth, part)
      }
      #expect(report.totals.memoryBytes == bytes)
      #expect(report.totals.keys == MixedKeyspace.count)
      #expect(report.groups.filter(\.superseded).map(\.version) == ["v1"])
    }
  }

  private func expect(_ group: Report.Group, _ truth: MixedKeyspace.Truth, _ part: MixedKeyspace.Part) {
    #expect(group.keys == truth.keys, "\(part.prefix)")
    #expect(group.withoutTtl == truth.withoutTTL, "\(part.prefix)")
    #expect(group.withoutTtlError == 0 && group.memoryError == 0)
    #expect(group.memoryBytes == truth.bytes, "\(part.prefix)")
    #expect(group.types == [part.type: part.count])
    guard let ttl = group.ttlSeconds else {
      #expect(truth.ttls.isEmpty, "\(part.prefix)")
      return
    }
    let pairs = [
      ("min", ttl.min, 0), ("p50", ttl.p50, 0.5), ("p99", ttl.p99, 0.99), ("max", ttl.max, 1),
    ]
    for (name, figure, share) in pairs {
      let expected = truth.ttl(at: share)
      // The truth is asked for a little later than the scan, hence the seconds.
      #expect(
        abs(figure - expected) <= expected * 0.03 + 5, "\(part.prefix) \(name): \(figure), truly \(expected)")
    }
  }

  @Test("a sampled scan counts exactly and errs by no more than it says") func sampledScan() throws {
    try RedisServer.with { server in
      try MixedKeyspace.load(into: server)
      let report = try Rediscache.report(server, ["--sample", "500"])
      #expect(report.coverage.mode == "sampled")
      #expect(report.coverage.keysSeen == MixedKeyspace.count)
      #expect(report.coverage.keysMeasured == 500 * 7 + 300)
      var (bytes, without) = (0, 0)
      for part in MixedKeyspace.parts {
        let truth = try MixedKeyspace.truth(of: part, on: server)
        bytes += truth.bytes
        without += truth.withoutTTL
        let group = try #require(report.group(part.namespace, part.version), "\(part.prefix)")
        #expect(group.keys == truth.keys)
        // Three times the half-width of a 95 % interval is left once in a hundred million runs.
        let missed = abs(try #require(group.withoutTtl) - truth.withoutTTL)
        #expect(missed <= 3 * (group.withoutTtlError ?? 0), "\(part.prefix): \(missed) in \(group)")
        let estimate = Double(try #require(group.memoryBytes))
        let slack = 3 * (group.memoryError ?? 0) * estimate + 1
        #expect(abs(estimate - Double(truth.bytes)) <= slack, "\(part.prefix): \(estimate), \(truth.bytes)")
      }
      let total = Double(try #require(report.totals.memoryBytes))
      #expect((0.000_001..<0.2).contains(report.totals.memoryError ?? 0))
      #expect(abs(total - Double(bytes)) <= 3 * (report.totals.memoryError ?? 0) * total)
      let missed = abs(try #require(report.totals.withoutTtl) - without)
      #expect(missed <= 3 * (report.totals.withoutTtlError ?? 0))
    }
  }
}
