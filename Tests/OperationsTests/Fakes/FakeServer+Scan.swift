import RedisClient
import Reporting
import Testing

@testable import Operations

typealias FakeOutcome = ScanOperation<FakeChannel>.Outcome

extension FakeServer {
  func target(_ databases: WalkDatabases = .only(0)) -> WalkTarget<FakeChannel> {
    let endpoint = Endpoint(address: .tcp(host: "cache-1", port: 6379))
    return WalkTarget(
      identity: WalkIdentity(name: "prod", endpoint: endpoint), databases: databases, wallClock: Double(time),
      roundTrip: { _ in .zero }
    ) { database in FakeChannel(self, database: database) }
  }

  /// Scans, and checks what every scan must keep to.
  func scan(
    _ databases: WalkDatabases = .only(0), context: RunContext = .test,
    sourceLocation: SourceLocation = #_sourceLocation, _ configure: (inout ScanRequest) -> Void = { _ in }
  ) throws -> FakeOutcome {
    var request = ScanRequest()
    request.walk.count = 100
    configure(&request)
    let outcome = try ScanOperation(request, of: target(databases), context: context).run()
    let report = outcome.report
    #expect(names.isSubset(of: FakeServer.harmless), sourceLocation: sourceLocation)
    #expect(
      report.groups.reduce(0) { $0 + $1.keys } == report.totals.keys, "groups add up",
      sourceLocation: sourceLocation)
    if outcome.failure == nil {
      #expect(
        report.coverage.keysSeen == report.totals.keys + report.coverage.keysVanished, "totals balance",
        sourceLocation: sourceLocation)
    }
    return outcome
  }
}

extension RunContext {
  static let test = {
    var context = RunContext(
      toolVersion: "1.0", startedAt: "2027-01-15T08:00:00Z", advise: ReportWording.advice)
    context.spell = { option in
      switch option {
      case .keyLimit: "--max-keys"
      case .expectedCount: "--expect"
      case .evictionStop: "--stop-on-eviction"
      case .allDatabases: "--all-dbs"
      case .envelope: "--envelope"
      case .dump: "--dump"
      case .notifications: "--enable-notifications"
      }
    }
    return context
  }()
}

extension ScanReport {
  /// The group of a namespace and version.
  func group(_ namespace: String?, _ version: String? = nil) -> ScanGroup? {
    groups.first { $0.namespace?.text == namespace && $0.version?.text == version }
  }

  func findings(_ id: String) -> [ReportFinding] { findings.filter { $0.id == id } }
}

/// What a scan should say of some keys, worked out from the keys themselves.
struct Truth {
  var keys = 0
  var withoutTTL = 0
  var bytes = 0
  var types: [String: Int] = [:]
  private var ttls: [Int64] = []

  init(_ keys: [FakeKey]) {
    for key in keys {
      self.keys += 1
      bytes += key.bytes
      types[key.type, default: 0] += 1
      if key.ttl < 0 { withoutTTL += 1 } else { ttls.append(key.ttl) }
    }
    ttls.sort()
  }

  /// The nearest-rank quantile in seconds; nil where no key expires.
  func ttl(_ quantile: Double) -> Double? {
    guard !ttls.isEmpty else { return nil }
    let rank = Int((quantile * Double(ttls.count)).rounded(.up))
    return Double(ttls[min(max(rank, 1), ttls.count) - 1]) / 1000
  }

  /// Checks a group that was measured wholly.
  func expectExactly(_ group: ScanGroup, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(group.keys == keys, sourceLocation: sourceLocation)
    #expect(group.withoutTTL == withoutTTL, sourceLocation: sourceLocation)
    #expect(group.withoutTTLError == 0 && group.memoryError == 0, sourceLocation: sourceLocation)
    #expect(group.memoryBytes == bytes, sourceLocation: sourceLocation)
    #expect(
      Dictionary(group.types.map { ($0.name, $0.keys) }) { $0 + $1 } == types, sourceLocation: sourceLocation)
    let shown = [group.ttl?.min, group.ttl?.p50, group.ttl?.p99, group.ttl?.max]
    for (shown, quantile) in zip(shown, [0, 0.5, 0.99, 1]) {
      guard let truth = ttl(quantile) else {
        #expect(shown == nil, sourceLocation: sourceLocation)
        continue
      }
      let error = abs((shown ?? 0) - truth)
      #expect(error <= 0.03 * truth, "p\(quantile): \(truth)", sourceLocation: sourceLocation)
    }
  }
}
