import Keyspace
package import RedisClient
package import Reporting

/// Says what can be said without listening: how often keys were found since an earlier run, by INFO, and which groups of keys
/// were used lately, by a sample.
package struct HitsIntervalOperation {
  private let request: HitsRequest
  private let target: WalkTarget<Connection>
  private let earlier: StatsState?
  private let context: RunContext

  /// What a run ended with.
  package struct Outcome {
    /// The report.
    package let report: HitsReport
    /// Why the servers could not be read a second time, where no earlier run has read them.
    package let failure: ClientError?
    /// What the next run is to be given.
    package let state: StatsState?
  }

  /// Prepares a run; `earlier` is what the one before has left, nil where this is the first.
  package init(
    _ request: HitsRequest, of target: WalkTarget<Connection>, since earlier: StatsState?, context: RunContext
  ) {
    self.request = request
    self.target = target
    self.earlier = earlier
    self.context = context
  }

  /// Samples the keys, and then reads the servers, so that lookups of the sample are not left for the next run.
  ///
  /// Throws `ClientError` where no server can be reached, and `StatsState.Refusal` where the state is of another target.
  package func run() throws -> Outcome {
    let memory = try HitsMemory(request, of: target, samplesUse: true, context: context)
    var stats = StatsRequest()
    // Whether a lookup found its key is known of those of this run.
    let noted = try earlier.map { try memory.lookups?.noted(in: $0, begun: target.wallClock) ?? $0 }
    stats.comparison = .state(noted)
    stats.nodeOnly = request.nodeOnly
    let outcome = try StatsOperation(stats, of: target, context: context).run()
    return Outcome(report: report(outcome.report, memory), failure: outcome.failure, state: outcome.state)
  }

  private func report(_ stats: StatsReport, _ memory: HitsMemory) -> HitsReport {
    var header = stats.header
    header.schema = "rediscache.hits/1"
    header.warnings = memory.warnings + header.warnings
    header.isComplete = header.isComplete && memory.isComplete
    header.durationSeconds = context.elapsedSeconds
    header.database = target.firstDatabase
    let account = HitsAccount(sampling: memory.use != nil)
    let found = memory.census.groups.labelled(request.label)
    let groups = found.map { label, present in
      account.group(label.names(in: target.firstDatabase), HitsLedger.Figures(present: present))
    }
    var coverage = HitsReport.Coverage(misses: nil, missesSeen: 0, missesCounted: nil)
    coverage.method = account.method
    coverage.isHeard = false
    var report = HitsReport(
      header: header, grouping: request.grouping, totals: stats.totals.interval ?? StatsWindow(),
      coverage: coverage,
      groups: groups.sorted { $0.memoryBytes ?? 0 > $1.memoryBytes ?? 0 }, others: [], topKeys: nil,
      top: request.top)
    report.use = memory.use.map { .init(measure: $0.measure, caveats: $0.caveats(found.map(\.figures))) }
    return report
  }
}

extension GroupLabel {
  /// The names of a group of a report.
  func names(in database: Int?) -> ScanGroup {
    var names = ScanGroup()
    names.namespace = namespace
    names.version = version
    names.entity = entity
    names.template = template
    names.isOverflow = isOverflow
    names.database = database
    return names
  }
}

extension HitsRequest {
  /// The name of the group that a group of names is part of.
  func label(_ label: GroupLabel) -> GroupLabel {
    switch grouping {
    case .namespace: label.byNamespace
    case .version: label.byVersion
    default: label
    }
  }
}
