import Quantities
import Reporting

/// Judges a cache by its figures: is it earning its keep, and if not, what to look at next.
struct StatsVerdict {
  /// Fewer lookups than these say nothing about a ratio.
  static let fewestLookups = 100
  /// At least this share is healthy.
  static let healthy = 0.9
  /// Less than this share is worth a look.
  static let doubtful = 0.8
  /// Less than this share likely costs more than it saves.
  static let costly = 0.5
  /// From here on memory is at its limit; what is used swings a little below it while keys are evicted.
  static let atLimit = 0.95
  /// A wave expires this many times as many keys as usual.
  static let surge = 2.0

  let figures: StatsReport.Figures
  /// The servers that the figures are the sum of.
  var nodes: [StatsReport.Node] = []
  let commandContext: [SuggestedOption]

  private var window: StatsWindow { figures.window }
  private var gauges: StatsGauges { figures.gauges }

  /// The findings, the worst first.
  var findings: [ReportFinding] {
    let all = [ratio, evicting, policy].compactMap { $0 }
    // Sorting is not promised to keep the order of equals.
    return [Severity.critical, .warning, .info].flatMap { severity in all.filter { $0.severity == severity } }
  }

  // MARK: - Hit ratio

  private var ratio: ReportFinding? {
    guard let ratio = window.hitRatio, let lookups = window.lookups else {
      guard window.lookups == 0 else { return nil }
      return finding(
        "no-lookups", .info, "no lookups \(span): there is nothing to judge", [("lookups", .int(0))],
        (.stats, [.watch]))
    }
    let text = "hit ratio \(NumberText.share(ratio, spaced: true)) \(span)"
    let figures: [(String, JSON)] = [("hit_ratio", .double(ratio)), ("lookups", .int(lookups))]
    guard lookups >= StatsVerdict.fewestLookups else {
      return finding(
        "few-lookups", .info, "\(text), but \(NumberText.count(lookups)) lookups are too few to judge",
        figures, (.stats, [.watch]))
    }
    if ratio >= StatsVerdict.healthy {
      return finding("healthy", .info, "\(text): healthy", figures, (.ttl, []))
    }
    let (cause, next) = cause
    if ratio >= StatsVerdict.doubtful {
      return finding("fair-hit-ratio", .info, "\(text): fair, healthy is 90 %; \(cause)", figures, next)
    }
    if ratio >= StatsVerdict.costly {
      return finding("low-hit-ratio", .warning, "\(text): investigate; \(cause)", figures, next)
    }
    return finding(
      "costly-hit-ratio", .critical, "\(text): likely costs more than it saves; \(cause)", figures, next)
  }

  /// Why lookups miss, as far as the figures tell, and the command that shows more.
  private var cause: (String, Next) {
    if isAtLimit, let evicted = window.evictedKeys, evicted > 0 {
      return (
        "\(NumberText.count(evicted)) keys were evicted with memory at the limit: capacity",
        StatsVerdict.biggest
      )
    }
    if let expired = window.expiredKeys, let surge = expirySurge {
      return (
        "\(NumberText.count(expired)) keys expired, \(NumberText.rate(surge.now)) against "
          + "\(NumberText.rate(surge.usual)) on average: an expiry wave", (.ttl, [])
      )
    }
    guard figures.interval != nil else {
      return (
        "whether evictions or expirations rise shows in an interval",
        (.stats, [.interval(milliseconds: 60_000)])
      )
    }
    if let now = figures.interval?.hitRatio, let ever = figures.lifetime.hitRatio, abs(now - ever) < 0.02 {
      return (
        "it is what it has been since the start: most of what is asked for was never cached",
        (.scan, [.grouping(.template)])
      )
    }
    return (
      "neither evictions at the limit nor more expirations than usual explain it: the access pattern shifted",
      (.scan, [.grouping(.template)])
    )
  }

  private var isAtLimit: Bool { (gauges.memoryRatio ?? 0) >= StatsVerdict.atLimit }

  /// The rates of expirations where they are far above their average.
  private var expirySurge: (now: Double, usual: Double)? {
    guard let now = figures.interval?.rate(\.expiredKeys), let usual = figures.lifetime.rate(\.expiredKeys),
      (figures.interval?.expiredKeys ?? 0) >= 10, now >= StatsVerdict.surge * usual
    else { return nil }
    return (now, usual)
  }

  // MARK: - Memory

  private var evicting: ReportFinding? {
    guard let evicted = window.evictedKeys, evicted > 0 else { return nil }
    let figures: [(String, JSON)] = [
      ("evicted_keys", .int(evicted)), ("memory_ratio", .optional(gauges.memoryRatio)),
      ("maxmemory_bytes", .optional(gauges.maxmemory)),
    ]
    let count = "\(NumberText.count(evicted)) \(evicted == 1 ? "key" : "keys") \(span)"
    let next = StatsVerdict.biggest
    if !isAtLimit, let node = fullest {
      return finding(
        "evicting-at-limit", .warning,
        "evicted \(count), and \(node.address) is at its memory limit "
          + "(\(NumberText.share(node.figures.gauges.memoryRatio ?? 0, spaced: true))) although all nodes together are not "
          + "(\(memory)): its slots hold more than their share", figures, (.scan, [.grouping(.node)]))
    }
    if isAtLimit {
      return finding(
        "evicting-at-limit", .warning,
        "evicted \(count) at the memory limit (\(memory)): the working set does not fit (not a TTL problem)",
        figures, next)
    }
    return finding(
      "evicting", .info, "evicted \(count), and memory is below its limit now (\(memory))", figures, next)
  }

  /// Which servers have no limit, where others have one: " at 10.0.0.1:6379".
  private var unlimited: String {
    let some = nodes.filter { $0.figures.gauges.maxmemory == 0 }
    return some.isEmpty || some.count == nodes.count
      ? "" : " at " + some.map(\.address).joined(separator: ", ")
  }

  /// A server among several that evicts at its limit.
  private var fullest: StatsReport.Node? {
    guard nodes.count > 1 else { return nil }
    return nodes.filter {
      $0.figures.window.evictedKeys ?? 0 > 0 && $0.figures.gauges.memoryRatio ?? 0 >= StatsVerdict.atLimit
    }.max { $0.figures.gauges.memoryRatio ?? 0 < $1.figures.gauges.memoryRatio ?? 0 }
  }

  private var memory: String {
    guard let used = gauges.usedMemory else { return "unknown" }
    guard let limit = gauges.maxmemory, limit > 0, let ratio = gauges.memoryRatio else {
      return NumberText.bytes(used)
    }
    return "\(NumberText.bytes(used, of: limit)), \(NumberText.share(ratio, spaced: true))"
  }

  private var policy: ReportFinding? {
    guard let limit = gauges.maxmemory else { return nil }
    let figures: [(String, JSON)] = [
      ("used_memory_bytes", .optional(gauges.usedMemory)), ("maxmemory_bytes", .int(limit)),
      ("maxmemory_policy", .optional(gauges.maxmemoryPolicy)),
    ]
    if limit == 0 {
      return finding(
        "no-maxmemory", .warning,
        "no maxmemory\(unlimited) (\(memory) in use): a cache without a limit grows until the system stops it; "
          + "CONFIG SET maxmemory bounds it", figures, StatsVerdict.biggest)
    }
    guard gauges.maxmemoryPolicy == "noeviction" else { return nil }
    return finding(
      "noeviction", .warning,
      "maxmemory-policy is noeviction (\(memory)): a full cache refuses writes instead of making room; "
        + "CONFIG SET maxmemory-policy allkeys-lru lets it", figures, (.scan, [.noTTL]))
  }

  // MARK: - Words

  /// "in the last 60 s", "since start".
  private var span: String {
    guard let interval = figures.interval else {
      return figures.lifetime.seconds == nil ? "since the counters began" : "since start"
    }
    return interval.lengthText.map { "in the last \($0)" } ?? "since the last run"
  }

  private typealias Next = (verb: SuggestedCommand.Verb, options: [SuggestedOption])

  private static let biggest: Next = (.scan, [.mostMemoryFirst, .top(10)])

  private func finding(
    _ id: String, _ severity: Severity, _ message: String, _ figures: [(String, JSON)], _ next: Next
  ) -> ReportFinding {
    let suggester = CommandSuggester(verb: .stats, context: commandContext)
    return ReportFinding(
      id: id, severity: severity, message: message, figures: figures,
      command: suggester.command(next.verb, next.options))
  }
}
