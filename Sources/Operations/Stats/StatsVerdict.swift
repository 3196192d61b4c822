import Bytes
import Quantities
import Reporting

/// Judges a cache by its figures: is it earning its keep, and if not, what to look at next.
///
/// A verdict names its evidence, and where the evidence does not decide, none is given.
struct StatsVerdict {
  /// At least this share is healthy.
  static let healthy = 0.9
  /// Less than this share is worth a look.
  static let doubtful = 0.8
  /// Less than this share likely costs more than it saves.
  static let costly = 0.5
  /// A wave expires this many times as many keys as usual.
  static let surge = 2.0

  let figures: StatsReport.Figures
  /// The servers that the figures are the sum of.
  var nodes: [StatsReport.Node] = []
  let commandContext: [SuggestedOption]

  /// The findings, the worst first.
  var findings: [ReportFinding] {
    let all = refusals + [rejections, ratio, poorNode, evicting, fullNode, policy].compactMap { $0 }
    // Sorting is not promised to keep the order of equals.
    return [Severity.critical, .warning, .info].flatMap { severity in all.filter { $0.severity == severity } }
  }

  // MARK: - Hit ratio

  /// The window that has enough lookups to be judged by: the interval, else the lifetime.
  var judged: StatsWindow {
    let enough = StatsReport.fewestLookups
    guard let interval = figures.interval else { return figures.lifetime }
    let isTooQuiet = (interval.lookups ?? 0) < enough && (figures.lifetime.lookups ?? 0) >= enough
    return isTooQuiet ? figures.lifetime : interval
  }

  private var ratio: ReportFinding? {
    let window = judged
    let span = span(of: window)
    guard let range = window.hitRatioRange, let lookups = window.lookups else {
      guard window.lookups == 0 else { return nil }
      return finding(
        "no-lookups", .info, "no lookups \(span): there is no hit ratio to judge", [("lookups", .int(0))],
        (.stats, [.watch]))
    }
    let text = "hit ratio \(window.hitRatioText ?? NumberText.absent) \(span)"
    let evidence: [(String, JSON)] = [
      ("hit_ratio", .optional(window.hitRatio)), ("hit_ratio_min", .double(range.lowerBound)),
      ("hit_ratio_max", .double(range.upperBound)), ("lookups", .int(lookups)),
    ]
    guard lookups >= StatsReport.fewestLookups else {
      return finding(
        "few-lookups", .info, "\(text), but \(NumberText.count(lookups)) lookups are too few to judge",
        evidence, (.stats, [.watch]))
    }
    guard let level = Level(range) else { return unsettled(window, text, evidence) }
    return judge(level, window, text, evidence)
  }

  /// How good a ratio is.
  private enum Level {
    case healthy
    case fair
    case low
    case costly

    init(_ ratio: Double) {
      self =
        ratio >= StatsVerdict.healthy
        ? .healthy : ratio >= StatsVerdict.doubtful ? .fair : ratio >= StatsVerdict.costly ? .low : .costly
    }

    /// The level of every ratio in a range; nil where they differ.
    init?(_ range: ClosedRange<Double>) {
      self.init(range.lowerBound)
      if self != Level(range.upperBound) { return nil }
    }
  }

  private func judge(
    _ level: Level, _ window: StatsWindow, _ text: String, _ evidence: [(String, JSON)]
  ) -> ReportFinding {
    let (cause, next) = level == .healthy ? ("", (.ttl, [])) : cause(window)
    return switch level {
    case .healthy: finding("healthy", .info, "\(text): healthy", evidence, next)
    case .fair: finding("fair-hit-ratio", .info, "\(text): fair, healthy is 90 %; \(cause)", evidence, next)
    case .low: finding("low-hit-ratio", .warning, "\(text): investigate; \(cause)", evidence, next)
    case .costly:
      finding(
        "costly-hit-ratio", .critical, "\(text): likely costs more than it saves; \(cause)", evidence, next)
    }
  }

  /// No verdict, because the lookups that are left out may have been hits or misses.
  private func unsettled(
    _ window: StatsWindow, _ text: String, _ evidence: [(String, JSON)]
  ) -> ReportFinding {
    let count = window.subtracted?.count ?? 0
    return finding(
      "unsettled-hit-ratio", .info,
      "\(text): no verdict, because \(NumberText.count(count)) lookups by TTL, TYPE, OBJECT and the like are left out, and "
        + "the server does not say whether they found their keys",
      evidence + [("subtracted_lookups", .int(count))],
      (.stats, [.interval(milliseconds: 60_000)]))
  }

  /// Why lookups miss, as far as the figures tell, and the command that shows more.
  func cause(_ window: StatsWindow) -> (String, Next) {
    if StatsVerdict.isAtLimit(figures.gauges), let evicted = window.evictedKeys, evicted > 0 {
      return (
        "\(NumberText.keys(evicted)) \(evicted == 1 ? "was" : "were") evicted with memory at the limit: capacity",
        StatsVerdict.biggest
      )
    }
    if let loss { return (loss, (.scan, [])) }
    if let expired = window.expiredKeys, let surge = expirySurge {
      return (
        "\(NumberText.keys(expired)) expired, \(NumberText.rate(surge.now)) against "
          + "\(NumberText.rate(surge.usual)) on average: an expiry wave", (.ttl, [])
      )
    }
    guard figures.interval != nil, window != figures.lifetime else {
      return (
        "whether evictions or expirations rise shows in a longer interval",
        (.stats, [.interval(milliseconds: 60_000)])
      )
    }
    if let now = window.hitRatio, let ever = figures.lifetime.hitRatio, abs(now - ever) < 0.02 {
      return (
        "it has been like this since the start (\(NumberText.share(ever, spaced: true)))",
        (.scan, [.grouping(.template)])
      )
    }
    return ("evictions, expirations and flushes do not explain it", (.scan, [.grouping(.template)]))
  }

  /// What made most keys go at once in the interval; nil where nothing did.
  private var loss: String? {
    guard let window = figures.interval else { return nil }
    let change = window.keysBefore.flatMap { before in
      figures.gauges.keys.map { "\(NumberText.count(before)) keys became \(NumberText.count($0))" }
    }
    if let flushes = window.flushes, flushes > 0 {
      let times = flushes == 1 ? "once" : "\(NumberText.count(flushes)) times"
      return "keys were flushed \(times) (FLUSHALL or FLUSHDB)" + (change.map { ": \($0)" } ?? "")
    }
    guard let change, let before = window.keysBefore, let now = figures.gauges.keys, now < before / 2,
      let gone = window.evictedKeys.plus(window.expiredKeys), gone < (before - now) / 2
    else { return nil }
    return
      "\(change), and only \(NumberText.count(gone)) of them expired or were evicted: the others were removed"
  }

  /// The rates of expirations where they are far above their average.
  private var expirySurge: (now: Double, usual: Double)? {
    guard let now = figures.interval?.rate(\.expiredKeys), let usual = figures.lifetime.rate(\.expiredKeys),
      (figures.interval?.expiredKeys ?? 0) >= 10, now >= StatsVerdict.surge * usual
    else { return nil }
    return (now, usual)
  }

  /// A node whose lookups mostly miss while those of all together do not.
  var poorNode: ReportFinding? {
    guard nodes.count > 1, let all = judged.hitRatioRange, let allText = judged.hitRatioText else {
      return nil
    }
    let poor = nodes.compactMap { node -> (StatsReport.Node, Double, Int)? in
      let window = node.figures.window
      guard let ratio = window.hitRatioRange?.upperBound, let lookups = window.lookups,
        lookups >= StatsReport.fewestLookups,
        ratio < StatsVerdict.doubtful, ratio < all.lowerBound - 0.2
      else { return nil }
      return (node, ratio, lookups)
    }
    guard let (node, ratio, lookups) = poor.min(by: { $0.1 < $1.1 }) else { return nil }
    return finding(
      "poor-node", .warning,
      "hit ratio \(node.figures.window.hitRatioText ?? NumberText.share(ratio, spaced: true)) at \(node.address), "
        + "\(allText) at all nodes together",
      [
        ("node", .string(node.address)), ("hit_ratio", .optional(node.figures.window.hitRatio)),
        ("hit_ratio_max", .double(ratio)), ("lookups", .int(lookups)),
      ],
      (.scan, [.grouping(.node)]))
  }

  // MARK: - Words

  /// "in the last 60 s", "since start".
  func span(of window: StatsWindow) -> String {
    guard figures.interval != nil, window == figures.interval else {
      return figures.lifetime.seconds == nil ? "since the counters began" : "since start"
    }
    return window.lengthText.map { "in the last \($0)" } ?? "since the last run"
  }

  typealias Next = (verb: SuggestedCommand.Verb, options: [SuggestedOption])

  static let biggest: Next = (.scan, [.mostMemoryFirst, .top(10)])

  func finding(
    _ id: String, _ severity: Severity, _ message: String, _ figures: [(String, JSON)], _ next: Next
  ) -> ReportFinding {
    let suggester = CommandSuggester(verb: .stats, context: commandContext)
    return ReportFinding(
      id: id, severity: severity, message: message, figures: figures,
      command: suggester.command(next.verb, next.options))
  }
}
