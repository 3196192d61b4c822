import Bytes
import Keyspace
import Quantities
import RedisClient
import Reporting

/// Turns what was heard into a report.
struct HitsReporter {
  let request: HitsRequest
  let target: WalkTarget<Connection>
  let context: RunContext
  let nodes: [HitsNode]
  /// What the keys take; nil where that was not asked for.
  let memory: HitsMemory?
  let isCluster: Bool

  /// The report of what the ledger holds.
  func report(_ ledger: HitsLedger, warnings: [String]) -> HitsReport {
    let (totals, found) = (totals, ledger.groups(request.label))
    let account = HitsAccount(
      ledger, of: nodes, found.map(\.figures) + [ledger.unchosen, ledger.elsewhere], request,
      samplesUse: memory?.use != nil)
    let all = found.map { (account.group($0.label.names(in: target.firstDatabase), $0.figures), $0.label) }
    let others = others(ledger, account)
    let coverage = coverage(ledger, totals, account, all.map(\.0), others)
    let sorted = all.filter { isShown($0.0, account) }
      .sorted {
        ($0.0.reads ?? 0, $0.0.misses ?? 0, $0.0.memoryBytes ?? 0) > (
          $1.0.reads ?? 0, $1.0.misses ?? 0, $1.0.memoryBytes ?? 0
        )
      }
    let groups = sorted.map(\.0)
    var report = HitsReport(
      header: header(warnings: warnings, coverage, totals), grouping: request.grouping,
      totals: totals, coverage: coverage, groups: groups, others: others,
      topKeys: request.topKeys.map {
        ledger.topKeys($0).map { .init(key: $0.name, misses: $0.count, error: $0.error) }
      },
      top: request.top)
    report.use = memory?.use.map { use in
      .init(measure: use.measure, caveats: use.caveats(found.map(\.figures.present)))
    }
    report.findings =
      HitsVerdict(
        groups: groups, labels: sorted.map(\.1), seconds: totals.seconds ?? 0, grouping: request.grouping,
        isInferred: coverage.method == .inferred, separator: request.walk.naming.separator,
        commandContext: request.commandContext
      ).findings
    return report
  }

  /// True for a group that was heard of, and where reads are known also for one that is there and was not read.
  private func isShown(_ group: HitsGroup, _ account: HitsAccount) -> Bool {
    group.misses ?? 0 > 0 || group.reads ?? 0 > 0
      || (account.estimate != nil || account.samplesUse) && group.keys ?? 0 > 0
  }

  // MARK: - Totals

  /// What the servers have counted, those together that could be read.
  private var totals: StatsWindow {
    let windows = nodes.compactMap(\.window)
    guard !windows.isEmpty else { return StatsWindow() }
    var sum = StatsWindow(sum: windows)
    // Every node was listened to for about the same time.
    sum.seconds = nodes.compactMap { $0.window?.seconds }.max()
    return sum
  }

  /// How many of the misses that the servers have counted are in the figures.
  private func coverage(
    _ ledger: HitsLedger, _ totals: StatsWindow, _ account: HitsAccount, _ groups: [HitsGroup],
    _ others: [HitsReport.Other]
  ) -> HitsReport.Coverage {
    var coverage = HitsReport.Coverage(misses: nil, missesSeen: 0, missesCounted: nil)
    coverage.monitoring = monitoring
    coverage.method = account.method
    guard let method = account.method, method != .sampled else { return coverage }
    coverage.missesSeen =
      method == .events
      ? ledger.missesOfNodes.reduce(0, +)
      : groups.reduce(0) { $0 + ($1.misses ?? 0) } + others.reduce(0) { $0 + ($1.misses ?? 0) }
    coverage.missesCounted = nodes.map { $0.window?.serverMisses }.known
    coverage.misses = coverage.missesCounted.map {
      $0 > 0 ? min(1, Double(coverage.missesSeen) / Double($0)) : 1
    }
    coverage.followedNames = ledger.gone.share
    return coverage
  }

  private var monitoring: HitsReport.Monitoring? {
    guard request.monitors else { return nil }
    let parts = nodes.map(\.monitoring)
    return HitsReport.Monitoring(
      windows: parts.reduce(0) { $0 + $1.windows }, seconds: parts.reduce(0) { $0 + $1.seconds },
      commandsInside: sum(parts.map(\.cost.inside.rate)),
      commandsOutside: sum(parts.map(\.cost.outside.rate)),
      following: parts.compactMap(\.following).max() ?? 0)
  }

  /// The rates of all nodes together; nil where one is not known.
  private func sum(_ rates: [Double?]) -> Double? {
    rates.allSatisfy { $0 != nil } ? rates.compactMap(\.self).reduce(0, +) : nil
  }

  // MARK: - Groups

  private func others(_ ledger: HitsLedger, _ account: HitsAccount) -> [HitsReport.Other] {
    let parts: [(HitsReport.Other.Kind, HitsLedger.Figures)] = [
      (.unchosen, ledger.unchosen), (.elsewhere, ledger.elsewhere),
    ]
    return parts.map { kind, figures in
      let group = account.group(ScanGroup(), figures)
      return HitsReport.Other(kind: kind, misses: group.misses, reads: group.reads)
    }.filter { $0.misses ?? 0 > 0 || $0.reads ?? 0 > 0 }
  }

  // MARK: - The head

  private func header(
    warnings: [String], _ coverage: HitsReport.Coverage, _ totals: StatsWindow
  ) -> ReportHeader {
    let facts = nodes[0].facts
    let missesShards = facts.isClusterNode && !request.nodeOnly && target.reach == nil
    var all =
      (memory?.warnings ?? []) + nodes.flatMap(\.warnings) + silences + objections + gaps
      + shortfall(coverage)
      + unsettled(totals)
    if missesShards {
      all.insert("this server is one node of a cluster: \(context.advise(.meanThisNode))", at: 0)
    }
    all += nodes.compactMap { node in
      node.failure.map { "\(node.address) was not listened to until the end: \($0.message)" }
    }
    let isWhole = nodes.allSatisfy {
      $0.failure == nil && $0.window != nil && !$0.wasReplaced && $0.monitoring.objection == nil
    }
    var header = ReportHeader(
      schema: "rediscache.hits/1", toolVersion: context.toolVersion, targetName: target.identity.name,
      uri: target.identity.uri,
      kind: isCluster ? "cluster" : target.identity.isBehindSentinels ? "sentinel" : "standalone",
      server: facts.server, serverVersion: facts.version,
      nodes: nodes.map { .init(address: $0.address, role: $0.facts.role) }, startedAt: startedAt,
      durationSeconds: context.elapsedSeconds,
      isComplete: isWhole && memory?.isComplete ?? true && !missesShards && !context.shouldStop()
        && hasMisses(coverage),
      warnings: all + warnings)
    header.place = target.identity.place
    header.database = target.firstDatabase
    return header
  }

  /// True where the misses of groups are known as they were asked for.
  private func hasMisses(_ coverage: HitsReport.Coverage) -> Bool {
    coverage.method == .inferred ? request.refill != nil : !coverage.isPartial
  }

  /// Why reads were not looked at, or only for a while.
  private var objections: [String] {
    nodes.compactMap { node in
      node.monitoring.objection.map { objection in
        "\(node.address) was \(node.monitoring.windows > 0 ? "monitored for a while only" : "not monitored"): \(objection)"
      }
    }
      + nodes.filter { $0.monitoring.postponed > 0 }.map { node in
        "\(NumberText.count(node.monitoring.postponed)) windows at \(node.address) were left out while it was saving or loading"
      }
  }

  /// When listening began.
  private var startedAt: String {
    let listened = nodes.compactMap { $0.window?.seconds }.max() ?? 0
    return Timestamp(secondsSince1970: Int(target.wallClock + context.elapsedSeconds - listened)).text
  }

  private var gaps: [String] {
    nodes.filter { !$0.gaps.isEmpty && $0.window != nil }.map { node in
      let seconds = node.gaps.reduce(0, +)
      let cause = node.cutOffs ?? 0 > 0 ? " (the server cuts off clients that do not read fast enough)" : ""
      return
        "the connection to \(node.address) was lost\(cause): some misses of \(NumberText.elapsed(seconds)) did not come "
        + "and are \(node.wasReplaced ? "in no figure" : "in the totals only")"
    }
  }

  /// What a reader must know where hits and misses lie in a wide range.
  private func unsettled(_ totals: StatsWindow) -> [String] {
    guard totals.hits == nil, let most = totals.subtracted?.misses.upperBound, most > 0 else { return [] }
    return [
      "up to \(NumberText.count(most)) of the misses were lookups by TTL, TYPE, OBJECT and the like: INFO and the events do "
        + "not tell them from reads"
    ]
  }

  /// That so many misses did not come that the groups mislead.
  private func shortfall(_ coverage: HitsReport.Coverage) -> [String] {
    guard let share = coverage.misses, coverage.method == .events, coverage.isPartial else { return [] }
    return [
      "PARTIAL: only \(NumberText.share(share, spaced: true)) of the misses that INFO counted came as events; the groups "
        + "lack the others"
    ]
  }

  /// Why no events came, and what to set for them to come; nothing where an inference was asked for in their place.
  private var silences: [String] {
    guard request.refill == nil else { return [] }
    return nodes.compactMap { node -> String? in
      if let silence = node.silence { return "\(node.address) sends no events: \(silence)" }
      guard !node.maySendMisses, let flags = node.notifications.flags else { return nil }
      let setting = NotificationSwitch.setting
      return
        "\(node.address) sends no events of misses: they come with CONFIG SET \(setting) \(flags.completed.text), "
        + "in a parameter group with \(setting) = \(flags.completed.text), and for the time of a run with "
        + context.spell(.notifications)
    }
  }
}
