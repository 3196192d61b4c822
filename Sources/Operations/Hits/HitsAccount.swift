import Keyspace
import RedisClient
import Reporting

/// What is known of each group: turns what was counted into the figures of a report.
struct HitsAccount {
  /// How the misses of groups are known; nil where they are not.
  let method: HitsReport.Method?
  /// What the windows of MONITOR say of reads; nil where there are too few, or where nobody was monitored.
  let estimate: ReadsEstimate?
  /// How many windows there were, those that were counted together as one.
  private let windows: Int
  /// True where the servers say why keys go.
  private let tellsCauses: Bool
  /// True where the keys that are there were counted.
  private let countsKeys: Bool
  /// True where a sample of them has said which were used lately.
  let samplesUse: Bool

  /// Looks at what the servers can tell; `all` is what was counted of every group, those that are not shown among them.
  init(
    _ ledger: HitsLedger, of nodes: [HitsNode], _ all: [HitsLedger.Figures], _ request: HitsRequest,
    samplesUse: Bool
  ) {
    let sends = nodes.map { HitsAccount.sendsMisses($0, ledger) }
    let follows = request.monitors && all.contains { !$0.followedReads.cells.isEmpty }
    if sends.allSatisfy(\.self) {
      method = .events
    } else {
      method = follows ? .inferred : sends.contains(true) ? .events : samplesUse ? .sampled : nil
    }
    windows = nodes.reduce(0) { $0 + $1.monitoring.cells }
    // Where hits are not known apart from lookups that only inspect, reads are all that can be estimated.
    let isOfHits = sends.allSatisfy(\.self) && nodes.allSatisfy { $0.window?.hits != nil }
    estimate =
      request.monitors
      ? ReadsEstimate(
        all, windows: nodes.map(\.monitoring.cells),
        counted: nodes.map { isOfHits ? $0.window?.hits : $0.window?.lookups }, isOfHits: isOfHits) : nil
    tellsCauses = nodes.allSatisfy { node in
      node.notifications.flags.map { flags in "xeg".allSatisfy(flags.sends) } ?? true
    }
    countsKeys = request.measuresMemory
    self.samplesUse = samplesUse
  }

  /// Knows nothing of what was read, because nobody listened.
  init(sampling: Bool) {
    method = sampling ? .sampled : nil
    (estimate, windows, tellsCauses, countsKeys, samplesUse) = (nil, 0, false, true, sampling)
  }

  /// True where misses of a node have come, or would have. A server that does not let its settings be read may send none.
  private static func sendsMisses(_ node: HitsNode, _ ledger: HitsLedger) -> Bool {
    guard node.maySendMisses else { return false }
    return node.notifications.flags != nil || ledger.missesOfNodes[node.index] > 0
      || node.window?.serverMisses ?? 0 == 0
  }

  /// The figures of a group.
  func group(_ names: ScanGroup, _ figures: HitsLedger.Figures) -> HitsGroup {
    var group = HitsGroup()
    group.names = names
    if method == .events {
      group.misses = figures.misses
      group.causes = causes(of: figures)
    }
    if countsKeys { measure(&group, figures.present) }
    if samplesUse { group.used = HitsUse.share(figures.present) }
    if let estimate { set(&group, to: estimate.hits(of: figures), isOfHits: estimate.isOfHits) }
    if method == .inferred { infer(&group, figures) }
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

  /// Fills in misses by the part of the reads that were followed after which the key was filled in.
  private func infer(_ group: inout HitsGroup, _ figures: HitsLedger.Figures) {
    guard let reads = group.reads, !figures.followedReads.cells.isEmpty else { return }
    let share = WindowShare(of: figures.refilledReads, in: figures.followedReads, windows: windows)
    let misses = min(reads, Int((Double(reads) * share.value).rounded()))
    (group.misses, group.hits, group.hitRatio) = (misses, reads - misses, 1 - share.value)
    group.hitRatioError = max(share.value - share.low, share.high - share.value)
  }

  /// Why the keys of a group were missing; nil where the servers do not tell all causes.
  private func causes(of figures: HitsLedger.Figures) -> HitsGroup.Causes? {
    guard tellsCauses else { return nil }
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
}
