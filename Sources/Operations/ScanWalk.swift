import Keyspace
import RedisClient
import Reporting

/// What the walks of a scan have brought, and on what terms.
struct ScanWalk {
  var tally: ScanTally
  var isComplete = true
  /// What the server does not offer.
  var unavailable: KeyMeasurements = []
  /// Keys measured per group; nil where every key was.
  let quota: Int?
  let asksEveryType: Bool
  /// The types of the largest keys; nil where the key is gone.
  var bigKeyTypes: [[UInt8]: String?] = [:]
  /// The lookups of all this, once it is over.
  private(set) var lookups: StatsLookupAccount?
  private var bigKeyLookups = StatsLookups()

  /// Decides how many keys are measured: all where the groups depend on it, where asked for, or where there
  /// are few.
  init(_ request: ScanRequest, expectedKeys: Int?, clock: ServerClock) {
    tally = ScanTally(request: request, timelineStart: Int(clock.now / 1000))
    let isSmall = expectedKeys.map { $0 <= ScanRequest.Measuring.smallDatabase } ?? false
    let mustMeasureAll = request.choosesByMeasure || request.grouping == .type || request.biggest != nil
    quota =
      switch request.measuring {
      case _ where mustMeasureAll: nil
      case .exact: nil
      case .sample(let size): size
      case .automatic: isSmall ? nil : ScanRequest.Measuring.defaultSample
      }
    asksEveryType = quota == nil && isSmall
  }

  /// Walks the databases, counting and measuring.
  mutating func run<Channel: CommandChannel>(
    _ request: ScanRequest, with walker: inout KeyspaceWalker<Channel>
  ) throws(ClientError) {
    var visitor = ScanVisitor(
      request, scan: self, superseded: try walker.learnVersions(), clock: walker.clock)
    // The visitor owns the tally during the walk: with a second owner every change would copy it.
    tally = ScanTally(request: request, timelineStart: 0)
    walker.walk(&visitor) { (visitor, channel) throws(ClientError) in
      try learnBigKeyTypes(of: visitor.tally.biggest, channel)
    }
    tally = visitor.tally
    tally.settle()
    isComplete = walker.result.isComplete
    unavailable = walker.result.unavailable
    lookups = walker.account(adding: bigKeyLookups)
  }

  /// Asks for the types of the largest keys, which are too few to have been asked with the rest.
  private mutating func learnBigKeyTypes<Channel: CommandChannel>(
    of biggest: BiggestKeys, _ channel: Channel
  ) throws(ClientError) {
    let keys = biggest.entries.map(\.key).filter { bigKeyTypes[$0] == nil }
    guard !keys.isEmpty else { return }
    // In small flights: these are asked at the same pace as everything else, or better.
    for start in stride(from: 0, to: keys.count, by: 50) {
      let some = keys[start..<min(keys.count, start + 50)]
      var flight = CommandBuffer()
      for key in some { flight.append([Array("TYPE".utf8), key]) }
      let replies = ReplyBuffer()
      try channel.send(flight)
      try channel.receive(some.count, into: replies)
      for (index, key) in some.enumerated() {
        let type = try? replies[index].decode(String.self)
        bigKeyTypes[key] = .some(type == "none" ? nil : type)
        if type == "none" { bigKeyLookups.misses += 1 } else if type != nil { bigKeyLookups.hits += 1 }
      }
    }
  }

  /// How many keys the figures rest on.
  var coverage: ScanReport.Coverage {
    var coverage = ScanReport.Coverage()
    coverage.isExact = tally.measured + tally.vanished >= tally.seen
    coverage.keysSeen = tally.seen
    coverage.keysMeasured = tally.measured
    coverage.keysVanished = tally.vanished
    coverage.sampleSize = coverage.isExact ? nil : quota
    return coverage
  }
}
