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
  func report(_ ledger: inout HitsLedger, warnings: [String]) -> HitsReport {
    let totals = totals
    let coverage = coverage(ledger, totals)
    let found = ledger.groups(label)
    let estimate = estimate(found.map(\.figures) + [ledger.unchosen, ledger.elsewhere])
    let sorted = found.map { (group($0.label, $0.figures, estimate), $0.label) }
      .filter { isShown($0.0, estimate) }
      .sorted { ($0.0.reads ?? 0, $0.0.misses ?? 0) > ($1.0.reads ?? 0, $1.0.misses ?? 0) }
    let groups = sorted.map(\.0)
    var report = HitsReport(
      header: header(warnings: warnings, coverage, totals), grouping: request.grouping,
      totals: totals, coverage: coverage,
      groups: groups, others: others(ledger, estimate),
      topKeys: request.topKeys.map {
        ledger.topKeys($0).map { .init(key: $0.name, misses: $0.count, error: $0.error) }
      },
      top: request.top)
    report.findings =
      HitsVerdict(
        groups: groups, labels: sorted.map(\.1), seconds: totals.seconds ?? 0, grouping: request.grouping,
        separator: request.walk.naming.separator, commandContext: request.commandContext
      ).findings
    return report
  }

  /// True for a group that was heard of, and where reads are known also for one that is there and was not read.
  private func isShown(_ group: HitsGroup, _ estimate: ReadsEstimate?) -> Bool {
    group.misses ?? 0 > 0 || group.reads ?? 0 > 0 || estimate != nil && group.keys ?? 0 > 0
  }

  // MARK: - Totals

  /// What the servers have counted, those together that could be read.
  private var totals: StatsWindow {
    var sum = StatsWindow(sum: nodes.compactMap(\.window))
    // Every node was listened to for about the same time.
    sum.seconds = nodes.compactMap { $0.window?.seconds }.max()
    return sum
  }

  /// How many of the misses that the servers have counted have come as events.
  private func coverage(_ ledger: HitsLedger, _ totals: StatsWindow) -> HitsReport.Coverage {
    let sending = nodes.filter(hasEvents)
    var coverage = HitsReport.Coverage(misses: nil, missesSeen: 0, missesCounted: nil)
    coverage.monitoring = monitoring
    guard !sending.isEmpty else { return coverage }
    coverage.missesSeen = ledger.missesOfNodes.reduce(0, +)
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
      commandsInside: sum(parts.map(\.cost.inside.rate)), commandsOutside: sum(parts.map(\.cost.outside.rate))
    )
  }

  /// The rates of all nodes together; nil where one is not known.
  private func sum(_ rates: [Double?]) -> Double? {
    rates.allSatisfy { $0 != nil } ? rates.compactMap(\.self).reduce(0, +) : nil
  }

  private func hasEvents(_ node: HitsNode) -> Bool { node.maySendMisses }

  // MARK: - Groups

  private func label(_ label: GroupLabel) -> GroupLabel {
    switch request.grouping {
    case .namespace: label.byNamespace
    case .version: label.byVersion
    default: label
    }
  }

  /// What the windows say of reads; nil where there are too few, or where nobody was monitored.
  private func estimate(_ all: [HitsLedger.Figures]) -> ReadsEstimate? {
    guard request.monitors else { return nil }
    // Where hits are not known apart from lookups that only inspect, reads are all that can be estimated.
    let isOfHits = nodes.allSatisfy { hasEvents($0) && $0.window?.hits != nil }
    return ReadsEstimate(
      all, windows: nodes.map(\.monitoring.cells),
      counted: nodes.map { isOfHits ? $0.window?.hits : $0.window?.lookups }, isOfHits: isOfHits)
  }

  private func group(
    _ label: GroupLabel, _ figures: HitsLedger.Figures, _ estimate: ReadsEstimate?
  ) -> HitsGroup {
    var group = HitsGroup()
    group.names.namespace = label.namespace
    group.names.version = label.version
    group.names.entity = label.entity
    group.names.template = label.template
    group.names.isOverflow = label.isOverflow
    group.names.database = target.firstDatabase
    if nodes.contains(where: hasEvents) {
      group.misses = figures.misses
      group.causes = causes(of: figures)
    }
    if memory != nil { measure(&group, figures.present) }
    if let estimate { set(&group, to: estimate.hits(of: figures), isOfHits: estimate.isOfHits) }
    return group
  }

  private func measure(_ group: inout HitsGroup, _ present: HitsCensus.Figures) {
    group.keys = present.keys
    guard present.keys > 0, present.sizes.count > 0 else { return }
    let total = present.sizes.total(ofPopulation: present.keys)
    group.memoryBytes = Int(total.value.rounded())
    group.memoryError = total.value > 0 ? total.halfWidth / total.value : 0
  }

  private func set(_ group: inout HitsGroup, to found: ReadsEstimate.Hits, isOfHits: Bool) {
    let count = Int(found.value.rounded())
    guard isOfHits, let misses = group.misses else {
      group.reads = count
      return
    }
    group.hits = count
    group.reads = count + misses
    func ratio(_ hits: Double) -> Double { hits / max(1, hits + Double(misses)) }
    guard count + misses > 0 else { return }
    let value = ratio(found.value)
    group.hitRatio = value
    group.hitRatioError = max(value - ratio(found.low), ratio(found.high) - value)
  }

  /// Why the keys of a group were missing; nil where the servers do not tell all causes.
  private func causes(of figures: HitsLedger.Figures) -> HitsGroup.Causes? {
    guard
      nodes.allSatisfy({ node in
        node.notifications.flags.map { flags in "xeg".allSatisfy(flags.sends) } ?? true
      })
    else { return nil }
    let rest = Double(figures.misses - figures.expiredOnRead)
    let weights = figures.gone + [figures.unseen]
    let all = weights.reduce(0, +)
    func part(_ index: Int) -> Int { all > 0 ? Int((rest * weights[index] / all).rounded()) : 0 }
    var causes = HitsGroup.Causes()
    causes.evicted = part(Int(GoneNames.Cause.evicted.rawValue))
    causes.deleted = part(Int(GoneNames.Cause.deleted.rawValue))
    causes.expired = figures.expiredOnRead + part(Int(GoneNames.Cause.expired.rawValue))
    causes.unseen = figures.misses - causes.expired - causes.evicted - causes.deleted
    // The half-width of a 95 % interval of the largest share, were each miss followed by chance.
    if Double(figures.followed) < rest { causes.error = 1 / Double(max(1, figures.followed)).squareRoot() }
    return causes
  }

  private func others(_ ledger: HitsLedger, _ estimate: ReadsEstimate?) -> [HitsReport.Other] {
    let parts: [(HitsReport.Other.Kind, HitsLedger.Figures)] = [
      (.unchosen, ledger.unchosen), (.elsewhere, ledger.elsewhere),
    ]
    return parts.map { kind, figures in
      let found = estimate.map {
        Int($0.hits(of: figures).value.rounded()) + ($0.isOfHits ? figures.misses : 0)
      }
      return HitsReport.Other(kind: kind, misses: figures.misses, reads: found)
    }.filter { $0.misses > 0 || $0.reads ?? 0 > 0 }
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
        && !coverage.isPartial,
      warnings: all + warnings)
    header.place = target.identity.place
    header.database = target.firstDatabase
    return header
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
    nodes.filter { !$0.gaps.isEmpty }.map { node in
      let seconds = node.gaps.reduce(0, +)
      let cause = node.cutOffs ?? 0 > 0 ? " (the server cuts off clients that do not read fast enough)" : ""
      return
        "the connection to \(node.address) was lost\(cause): some misses of \(NumberText.elapsed(seconds)) did not come "
        + "and are in the totals only"
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
    guard let share = coverage.misses, coverage.isPartial else { return [] }
    return [
      "PARTIAL: only \(NumberText.share(share, spaced: true)) of the misses that INFO counted came as events; the groups "
        + "lack the others"
    ]
  }

  /// Why no events came, and what to set for them to come.
  private var silences: [String] {
    nodes.compactMap { node -> String? in
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
