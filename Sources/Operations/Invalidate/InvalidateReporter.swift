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
    var remover = remover
    var report = InvalidateReport(
      header: header, action: request.action.name,
      plan: InvalidateReport.Plan(
        batchSize: request.batchSize, pace: request.walk.pace.rawValue,
        seconds: seconds(header, remover.tally.total)))
    if case .expire(let window) = request.action { report.expiresWithin = Double(window) / 1000 }
    report.isDryRun = isDryRun
    report.isPlan = isDryRun
    report.groups = remover.tally.groups().map(group)
    report.counts = remover.tally.total
    if let earlier {
      // Keys whose TTL an earlier run has cut are met again and left alone: they are counted once.
      if report.expiresWithin != nil { report.counts.kept = max(0, report.counts.kept - earlier.removed) }
      report.counts.add(earlier)
      report.earlier = earlier
    }
    report.samples = remover.tally.samples
    report.batches = remover.batches
    report.header.warnings += warnings(remover)
    if report.counts.failed > 0 || report.counts.unknown > (earlier?.unknown ?? 0) || remover.undecided > 0
      || remover.stop != nil
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

  private func warnings(_ remover: KeyRemover) -> [String] {
    var warnings = remover.brake.warnings
    if let failures = remover.writer.failures {
      warnings.append("\(NumberText.keys(failures.count)) refused, the first with: \(failures.reason)")
    }
    if let failure = remover.writer.untaggingFailure {
      warnings.append("removed keys could not be taken out of their tags: \(failure)")
    }
    if remover.undecided > 0 {
      warnings.append(
        "\(NumberText.keys(remover.undecided)) left alone: whether they are chosen hangs on what they did not tell"
      )
    }
    if remover.hasForgotten {
      warnings.append(
        "only the first \(NumberText.keys(SeenKeys.capacity)) were watched for names that come twice: later ones may be counted twice"
      )
    }
    if remover.duplicates > 0 {
      warnings.append(
        "\(NumberText.keys(remover.duplicates)) \(remover.duplicates == 1 ? "was" : "were") named twice and counted once"
      )
    }
    return warnings
  }
}

extension RemovalStop {
  /// Why, for people.
  var sentence: String {
    switch self {
    case .limit(let limit): limit.sentence
    case .refused(let error): error.message
    case .cannotRecord(let reason): reason
    }
  }
}

extension RemovalLimit {
  /// What ended the run, for people.
  fileprivate var sentence: String {
    switch counted {
    case nil: "after \(NumberText.keys(keys)), as many as --max-keys allows"
    case 0: "before the first key: none matched when they were counted, and some do now"
    case let counted?:
      "after \(NumberText.keys(keys)): \(NumberText.count(counted)) were counted before, and more match now"
    }
  }
}

extension RemovalRefusal {
  /// Why, for people.
  package func sentence(of action: RemovalAction) -> String {
    let nothing = if case .expire = action { "nothing was changed" } else { "nothing was removed" }
    return switch self {
    case .unexpected(let counted, let expected):
      "\(matching(counted)) and --expect says \(expected): \(nothing)"
    case .tooMany(let counted, let limit):
      "\(matching(counted)) and --max-keys allows \(NumberText.count(limit)): \(nothing)"
    case .declined: "not confirmed: \(nothing)"
    }
  }

  private func matching(_ count: Int) -> String {
    "\(NumberText.keys(count)) \(count == 1 ? "matches" : "match")"
  }
}
