import Bytes
import Keyspace
import RedisClient
import Reporting

/// What the walks of a scan have counted, and the terms of the scan.
struct ScanRun {
  /// What was counted, by database; of at least one.
  private(set) var tallies: [Int: ScanTally]
  /// When all timelines begin, in seconds since 1970.
  let timelineStart: Int
  var isComplete = true
  /// What the server does not offer.
  var unavailable: KeyMeasurements = []
  /// How far off each group's memory may be beside the error of a sample, relative to it: 0 where a server measured it.
  private(set) var memoryError = 0.0
  /// Keys measured per group; nil where every key was.
  private(set) var quota: Int?
  /// Where every key is measured because there seem to be few: begins to sample once there are more after all.
  let mayTurnToSampling: Bool
  private(set) var asksEveryType: Bool
  /// Which versions are superseded, where the scan was begun by an earlier run.
  private let known: SupersededChoice?
  /// The lookups of all this, once it is over.
  private(set) var lookups: StatsLookupAccount?

  /// Decides how many keys are measured: all where the groups depend on it, where asked for, or where there
  /// are few.
  init(_ request: ScanRequest, expectedKeys: Int?, clock: ServerClock) {
    known = nil
    timelineStart = Int(clock.now / 1000)
    tallies = [:]
    let isSmall = expectedKeys.map { $0 <= ScanRequest.Measuring.smallDatabase } ?? false
    let mustMeasureAll = request.mustMeasureAll
    quota =
      switch request.measuring {
      case _ where mustMeasureAll: nil
      case .exact: nil
      case .sample(let size): size
      case .automatic: isSmall ? nil : ScanRequest.Measuring.defaultSample
      }
    asksEveryType = quota == nil && isSmall
    mayTurnToSampling = asksEveryType && request.measuring == .automatic && !mustMeasureAll
  }

  /// Resumes a scan on its terms.
  init(_ request: ScanRequest, _ terms: ScanTerms) {
    known = terms.superseded
    timelineStart = terms.timelineStart
    tallies = [:]
    quota = terms.quota
    asksEveryType = terms.asksEveryType
    mayTurnToSampling = asksEveryType && request.measuring == .automatic && !request.mustMeasureAll
  }

  /// Walks the keys, counts and measures, and saves the counts in the checkpoint, where there is one.
  mutating func run<Channel: CommandChannel>(
    _ request: ScanRequest, with keyspace: inout KeyspaceWalk<Channel>,
    savingTo checkpoint: ScanCheckpoint? = nil
  ) throws(ClientError) {
    let superseded = try keyspace.learnVersions(knowing: known)
    if let checkpoint, checkpoint.terms == nil {
      checkpoint.begin(
        on: ScanTerms(
          quota: quota, asksEveryType: asksEveryType, timelineStart: timelineStart,
          seed: KeyHash.newSeed,
          superseded: superseded))
    }
    var visitor = ScanVisitor(request, scan: self, superseded: superseded, clock: keyspace.clock)
    keyspace.walk(&visitor, savingTo: checkpoint)
    settle(visitor, orNothingOf: keyspace.databases.first ?? 0)
    (quota, asksEveryType) = (visitor.quota, visitor.asksEveryType)
    isComplete = keyspace.result.isComplete
    unavailable = keyspace.result.unavailable
    lookups = keyspace.account(adding: visitor.bigKeyLookups)
  }

  /// Walks the keys of dumps, which measure every key.
  mutating func run(_ request: ScanRequest, over dump: inout DumpWalk) throws(DumpFailure) {
    let superseded = try dump.learnVersions()
    var visitor = ScanVisitor(request, scan: self, superseded: superseded, clock: dump.clock)
    visitor.learnsTypesOnTheWay = true
    dump.walk(&visitor)
    settle(visitor, orNothingOf: dump.firstDatabase)
    isComplete = dump.result.isComplete
    unavailable = dump.result.unavailable
    memoryError = dump.result.memoryError
  }

  /// Completes what a visitor has counted: of a database at least, where it has met none.
  private mutating func settle(_ visitor: ScanVisitor, orNothingOf database: Int) {
    tallies = visitor.tallies.mapValues { tally in
      var tally = tally
      tally.settle()
      return tally
    }
    if tallies.isEmpty {
      tallies[database] = ScanTally(request: visitor.request, timelineStart: timelineStart)
    }
  }

  /// The sum of a count over all databases.
  func sum(_ count: (ScanTally) -> Int) -> Int { tallies.values.reduce(0) { $0 + count($1) } }

  /// How many keys the figures are based on.
  var coverage: ScanReport.Coverage {
    var coverage = ScanReport.Coverage()
    let (seen, measured, vanished) = (sum(\.seen), sum(\.measured), sum(\.vanished))
    // Where every key was to be measured, those without an answer count too: the run may have ended before it came.
    coverage.keysUnmeasured = quota == nil ? seen - measured - vanished : sum(\.refused)
    coverage.isExact = measured + vanished + coverage.keysUnmeasured >= seen
    coverage.keysSeen = seen
    coverage.keysMeasured = measured
    coverage.keysVanished = vanished
    coverage.quantileError = LogHistogram.quantileError
    coverage.sampleSize = coverage.isExact ? nil : quota
    return coverage
  }
}

extension ScanRequest {
  /// True where the groups, or what is listed, depend on the measurements of every key.
  fileprivate var mustMeasureAll: Bool {
    choosesByMeasure || grouping == .type || biggest != nil || hottest != nil
  }
}
