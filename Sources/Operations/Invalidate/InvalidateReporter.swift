import Bytes
import Keyspace
import Quantities
import RedisClient
import Reporting

/// Turns what a removal has counted into its report.
struct InvalidateReporter {
  let request: InvalidateRequest

  func report(
    _ header: ReportHeader, of remover: KeyRemover, earlier: RemovalCounts?, isDryRun: Bool
  ) -> InvalidateReport {
    var tally = remover.ledger.tally
    let ledger = remover.ledger
    var report = InvalidateReport(
      header: header, action: ledger.actionName ?? request.action.name,
      plan: InvalidateReport.Plan(
        batchSize: request.batchSize, pace: request.walk.pace.rawValue,
        seconds: seconds(header, tally.total)))
    if case .expire(let window) = request.action { report.expiresWithin = Double(window) / 1000 }
    report.isDryRun = isDryRun
    report.isPlan = isDryRun
    report.groups = tally.groups().map(group)
    report.counts = tally.total
    if let earlier {
      // Keys whose TTL an earlier run has cut are met again and left alone: they are counted once.
      if report.expiresWithin != nil { report.counts.kept = max(0, report.counts.kept - earlier.removed) }
      report.counts.add(earlier)
      report.earlier = earlier
    }
    report.samples = tally.samples
    report.refused = ledger.refused
    report.prunes = request.prunes
    report.batches = ledger.batches
    report.header.warnings += remover.warnings
    if report.counts.failed > 0 || report.counts.unknown > (earlier?.unknown ?? 0) || ledger.undecided > 0
      || ledger.stop != nil || ledger.untaggingFailure != nil || ledger.lostMembers != nil
    {
      report.header.isComplete = false
    }
    return report
  }

  private func group(_ label: GroupLabel, _ figures: RemovalTally.Figures) -> InvalidateReport.Group {
    var group = InvalidateReport.Group()
    (group.names.namespace, group.names.version) = (label.namespace, label.version)
    group.names.isOverflow = label.isOverflow
    group.counts = figures.counts
    let keys = figures.counts.removed + figures.counts.planned
    if figures.sampledKeys > 0 {
      let bytes = Double(figures.sampledBytes) / Double(figures.sampledKeys) * Double(keys)
      group.bytes = Int(min(bytes.rounded(), 0x1p60))
    }
    return group
  }

  /// A walk that removes takes as long as one that counts, and about 4 µs a key more.
  private func seconds(_ header: ReportHeader, _ counts: RemovalCounts) -> Double {
    header.durationSeconds + 4e-6 * Double(counts.planned)
  }
}
