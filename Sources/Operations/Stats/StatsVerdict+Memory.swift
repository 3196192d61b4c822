import Bytes
import Quantities
import Reporting

/// What memory, its limit and refusals say of a cache.
extension StatsVerdict {
  /// From here on memory is at its limit; what is used swings a little below it while keys are evicted.
  private static let atLimit = 0.95

  static func isAtLimit(_ gauges: StatsGauges) -> Bool { (gauges.memoryRatio ?? 0) >= atLimit }

  /// Each server by itself; the name where there are several.
  private var subjects: [(name: String?, figures: StatsReport.Figures)] {
    guard nodes.count > 1 else { return [(name: nil, figures: figures)] }
    return nodes.map { (name: $0.address, figures: $0.figures) }
  }

  private func place(_ name: String?) -> String { name.map { "\($0) " } ?? "" }

  func evidence(_ name: String?, _ gauges: StatsGauges) -> [(String, JSON)] {
    var members: [(String, JSON)] = []
    if let name { members.append(("node", .string(name))) }
    members += [
      ("used_memory_bytes", .optional(gauges.usedMemory)), ("maxmemory_bytes", .optional(gauges.maxmemory)),
      ("memory_ratio", .optional(gauges.memoryRatio)),
      ("maxmemory_policy", .optional(gauges.maxmemoryPolicy)),
      ("keys_with_ttl", .optional(gauges.keysWithTTL)),
    ]
    return members
  }

  // MARK: - Refused writes

  /// For each server that refuses writes, or soon will, why it does.
  var refusals: [ReportFinding] { subjects.compactMap { refusal($0.name, $0.figures) } }

  private func refusal(_ name: String?, _ figures: StatsReport.Figures) -> ReportFinding? {
    let gauges = figures.gauges
    let isStuck = StatsVerdict.isAtLimit(gauges) && StatsVerdict.obstacle(gauges) != nil
    let now = figures.interval.flatMap { StatsVerdict.reason($0, gauges) }
    let ever = StatsVerdict.reason(figures.lifetime, gauges)
    let isMemoryStill = isStuck && (figures.lifetime.memoryRefusals ?? 0) > 0
    func counts(_ window: StatsWindow) -> [(String, JSON)] {
      [("refused_writes", JSON.optional(window.refusedWrites))] + evidence(name, gauges)
    }
    if let now, let interval = figures.interval {
      return finding(
        "refuses-writes", .critical,
        "\(place(name))refuses writes: \(now) (\(errors(interval)) \(span(of: interval)))",
        counts(interval), (.scan, [.noTTL]))
    }
    if isMemoryStill, let ever {
      return finding(
        "refuses-writes", .critical,
        "\(place(name))refuses writes: \(ever) (\(errors(figures.lifetime)) since the counters began)",
        counts(figures.lifetime), (.scan, [.noTTL]))
    }
    if isStuck, (gauges.memoryRatio ?? 0) >= 1, let obstacle = StatsVerdict.obstacle(gauges) {
      return finding(
        "refuses-writes", .critical,
        "\(place(name))refuses the next write: memory is full (\(memory(gauges))), \(obstacle)",
        counts(figures.lifetime), (.scan, [.noTTL]))
    }
    guard let refused = figures.lifetime.refusedWrites, refused > 0, let ever else { return nil }
    return finding(
      "refused-writes", .info,
      "\(place(name))has refused \(NumberText.count(refused)) writes since the counters began, none of late: \(ever)",
      counts(figures.lifetime), (.stats, [.watch]))
  }

  private func errors(_ window: StatsWindow) -> String {
    let count = window.refusedWrites ?? 0
    return "\(NumberText.count(count)) error\(count == 1 ? "" : "s")"
  }

  /// Why writes were refused in a span; nil where none was, or the server does not tell.
  private static func reason(_ window: StatsWindow, _ gauges: StatsGauges) -> String? {
    var reasons: [String] = []
    if (window.memoryRefusals ?? 0) > 0 {
      reasons.append(
        isAtLimit(gauges)
          ? "memory is full, " + (obstacle(gauges) ?? "and evicting makes too little room")
          : "memory was full (OOM)")
    }
    if (window.diskRefusals ?? 0) > 0 { reasons.append("the server cannot save to disk (MISCONF)") }
    if (window.replicaRefusals ?? 0) > 0 { reasons.append("too few replicas follow (NOREPLICAS)") }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  static func obstacle(_ gauges: StatsGauges) -> String? {
    obstacle(policy: gauges.maxmemoryPolicy, keysWithTTL: gauges.keysWithTTL)
  }

  /// What keeps a full server of some policy from evicting; nil where nothing does.
  static func obstacle(policy: String?, keysWithTTL: Int?) -> String? {
    guard let policy else { return nil }
    if policy == "noeviction" { return "and noeviction evicts nothing" }
    guard policy.hasPrefix("volatile-"), keysWithTTL == 0 else { return nil }
    return "\(policy) may evict only keys with a TTL and there are none"
  }

  /// Connections turned away, in the interval.
  var rejections: ReportFinding? {
    guard let window = figures.interval, let rejected = window.rejectedConnections, rejected > 0 else {
      return nil
    }
    let limit = figures.gauges.maxclients.map { ": maxclients is \(NumberText.count($0))" } ?? ""
    return finding(
      "rejects-connections", .critical,
      "turned \(NumberText.count(rejected)) connection\(rejected == 1 ? "" : "s") away \(span(of: window))\(limit)",
      [("rejected_connections", .int(rejected)), ("maxclients", .optional(figures.gauges.maxclients))],
      (.stats, [.watch]))
  }

  // MARK: - Evictions

  /// The evictions of the node that evicts at its limit, else of all servers.
  var evicting: ReportFinding? {
    guard let total = figures.window.evictedKeys, total > 0 else { return nil }
    if !StatsVerdict.isAtLimit(figures.gauges), let node = evictingNode {
      let evicted = node.figures.window.evictedKeys ?? 0
      return finding(
        "evicting-at-limit", .warning,
        "\(node.address) evicted \(NumberText.keys(evicted)) \(span(of: figures.window)) at its memory limit "
          + "(\(memory(node.figures.gauges))), although all nodes together are below theirs (\(memory(figures.gauges))): "
          + "its slots hold more than their share",
        [("evicted_keys", JSON.int(evicted))] + evidence(node.address, node.figures.gauges),
        (.scan, [.grouping(.node)]))
    }
    let count = "\(NumberText.keys(total)) \(span(of: figures.window))"
    let facts = [("evicted_keys", JSON.int(total))] + evidence(nil, figures.gauges)
    guard StatsVerdict.isAtLimit(figures.gauges) else {
      return finding(
        "evicting", .info,
        "evicted \(count), and memory is below its limit now (\(memory(figures.gauges)))",
        facts, StatsVerdict.biggest)
    }
    return finding(
      "evicting-at-limit", .warning,
      "evicted \(count) at the memory limit (\(memory(figures.gauges)))\(endlessShare)", facts,
      StatsVerdict.biggest)
  }

  /// How many of the keys never expire, where that is known: a full memory may hold what should have gone.
  private var endlessShare: String {
    guard let keys = figures.gauges.keys, keys > 0,
      let endless = Int?.some(keys).minus(figures.gauges.keysWithTTL)
    else { return "" }
    if endless == 0 { return ": all keys expire, and those in use do not fit" }
    return "; \(NumberText.share(endless, of: keys, spaced: true)) of the keys never expire"
  }

  /// A server among several that evicts at its limit.
  private var evictingNode: StatsReport.Node? {
    fullest { ($0.window.evictedKeys ?? 0) > 0 }
  }

  /// A node at its limit where all together are not, and that evicts nothing.
  var fullNode: ReportFinding? {
    guard !StatsVerdict.isAtLimit(figures.gauges), evictingNode == nil, let node = fullest({ _ in true })
    else {
      return nil
    }
    return finding(
      "node-at-limit", .warning,
      "\(node.address) is at its memory limit (\(memory(node.figures.gauges))), although all nodes together are not "
        + "(\(memory(figures.gauges)))",
      evidence(node.address, node.figures.gauges), (.scan, [.grouping(.node)]))
  }

  private func fullest(_ isMeant: (StatsReport.Figures) -> Bool) -> StatsReport.Node? {
    guard nodes.count > 1 else { return nil }
    return nodes.filter { StatsVerdict.isAtLimit($0.figures.gauges) && isMeant($0.figures) }
      .max { ($0.figures.gauges.memoryRatio ?? 0) < ($1.figures.gauges.memoryRatio ?? 0) }
  }

  // MARK: - Limit and policy

  var policy: ReportFinding? {
    let unlimited = subjects.filter { $0.figures.gauges.maxmemory == 0 }
    if !unlimited.isEmpty {
      let gauges = unlimited.count == 1 ? unlimited[0].figures.gauges : figures.gauges
      let names = unlimited.count == subjects.count ? [] : unlimited.compactMap(\.name)
      return finding(
        "no-maxmemory", .warning,
        "no maxmemory\(names.isEmpty ? "" : " at " + names.joined(separator: ", "))"
          + " (\(memory(gauges)) in use): a cache without a limit grows until the system stops it; "
          + "CONFIG SET maxmemory bounds it", evidence(unlimited.count == 1 ? names.first : nil, gauges),
        StatsVerdict.biggest)
    }
    guard figures.gauges.maxmemoryPolicy == "noeviction", figures.gauges.maxmemory != nil else { return nil }
    return finding(
      "noeviction", .warning,
      "maxmemory-policy is noeviction (\(memory(figures.gauges))): a full cache refuses writes instead of making room; "
        + "CONFIG SET maxmemory-policy allkeys-lru lets it", evidence(nil, figures.gauges), (.scan, [.noTTL]))
  }

  /// "3.98 of 4.00 GiB, 99.5 %".
  func memory(_ gauges: StatsGauges) -> String {
    guard let used = gauges.usedMemory else { return "unknown" }
    guard let limit = gauges.maxmemory, limit > 0, let ratio = gauges.memoryRatio else {
      return NumberText.bytes(used)
    }
    return "\(NumberText.bytes(used, of: limit)), \(NumberText.share(ratio, spaced: true))"
  }
}
