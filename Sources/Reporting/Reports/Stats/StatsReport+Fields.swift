import Bytes
import Quantities

/// A figure as far as it is known, for conditions.
package enum StatsFigure: Sendable, Equatable {
  /// A number that lies between two, which are mostly the same.
  case number(ClosedRange<Double>)
  /// A word.
  case text(String)
  /// No value, for a reason that is no lack of the server's: a ratio of nothing has none.
  case none(String)
  /// Not known here.
  case unknown

  /// A number; what is none is not known.
  fileprivate static func exactly(_ value: Double) -> StatsFigure {
    value.isNaN ? .unknown : .number(value...value)
  }
}

/// The figures of a report by the names of their fields.
extension StatsReport {
  /// Fewer lookups than these say nothing about a ratio.
  package static let fewestLookups = 100

  /// Whose figure is meant: "interval.", "lifetime." and "worst." before a field's name.
  private enum Scope: String {
    /// The totals, of the interval where there is one.
    case totals
    /// The totals since the start.
    case lifetime
    /// The totals of the interval.
    case interval
    /// The node whose figure is the worst.
    case worst
  }

  /// The value of a field, as in `hit_ratio`, `lifetime.hits` and `worst.memory_ratio`; `perSecond` asks for what is counted
  /// as a rate.
  package func figure(of name: String, perSecond: Bool = false) -> StatsFigure {
    let parts = name.split(separator: ".", maxSplits: 1).map { String($0) }
    guard let field = parts.last else { return .unknown }
    let scope = parts.count > 1 ? Scope(rawValue: parts[0]) : .totals
    switch scope {
    case .worst: return worstFigure(of: field, perSecond: perSecond)
    case .lifetime: return figure(of: field, in: totals, totals.lifetime, perSecond)
    case .interval: return figure(of: field, in: totals, totals.interval, perSecond)
    case .totals: return figure(of: field, in: totals, totals.window, perSecond)
    case nil: return .unknown
    }
  }

  private func figure(
    of field: String, in figures: Figures, _ window: StatsWindow?, _ perSecond: Bool, isTotal: Bool = true
  ) -> StatsFigure {
    if let reason = reason(field, figures, window, perSecond, isTotal: isTotal) { return .none(reason) }
    let members = (window?.members ?? []) + figures.gauges.members
    let scale: Double? = perSecond ? window?.seconds.flatMap { $0 > 0 ? 1 / $0 : nil } : 1
    if let range = window?.range(of: field), range.lowerBound < range.upperBound, let scale {
      return .number(range.lowerBound * scale...range.upperBound * scale)
    }
    switch (members.first { $0.0 == field }?.1, scale) {
    case (.int(let number), let scale?): return .exactly(Double(number) * scale)
    case (.double(let number), let scale?): return .exactly(number * scale)
    case (.string(let text), _): return .text(text)
    default: return .unknown
    }
  }

  /// Why a field has no value although the server tells all that there is to tell; nil where it has one or is not known.
  private func reason(
    _ field: String, _ figures: Figures, _ window: StatsWindow?, _ perSecond: Bool, isTotal: Bool
  ) -> String? {
    let gauges = figures.gauges
    if perSecond || field == "seconds", let window, (window.seconds ?? 0) <= 0 {
      if wasReset, window == figures.lifetime { return "CONFIG RESETSTAT was called" }
      if isTotal, nodes.count > 1 { return "the nodes have counted for different times" }
    }
    switch field {
    case "hit_ratio", "hit_ratio_min", "hit_ratio_max":
      guard let lookups = window?.lookups, lookups < StatsReport.fewestLookups else { return nil }
      if lookups == 0 { return "there were no lookups" }
      return "\(NumberText.count(lookups)) lookup\(lookups == 1 ? " is" : "s are") too few to judge"
    case "memory_ratio" where gauges.maxmemory == 0:
      return gauges.limitsDiffer ? "a node has no maxmemory" : "there is no maxmemory"
    case "replication_lag_seconds" where gauges.isUnreplicated: return "there is no replication"
    default: return nil
    }
  }

  // MARK: - The worst node

  /// The fields of which a low value is the bad one.
  private static let badWhereLow: Set = [
    "hit_ratio", "hit_ratio_min", "hit_ratio_max", "hits", "keys", "keys_with_ttl", "uptime_seconds",
    "seconds",
  ]

  /// The figure of the node that is worst; where some nodes are not known a bound of it.
  private func worstFigure(of field: String, perSecond: Bool) -> StatsFigure {
    let figures = nodes.map {
      figure(of: field, in: $0.figures, $0.figures.window, perSecond, isTotal: false)
    }
    let ranges = figures.compactMap { figure -> ClosedRange<Double>? in
      guard case .number(let range) = figure else { return nil }
      return range
    }
    let isWhole = unread.isEmpty && !figures.contains(.unknown)
    let (lows, highs) = (ranges.map(\.lowerBound), ranges.map(\.upperBound))
    guard let highest = lows.max(), let most = highs.max(), let lowest = lows.min(), let least = highs.min()
    else {
      if isWhole, case .none(let reason)? = figures.first { return .none(reason) }
      return .unknown
    }
    if StatsReport.badWhereLow.contains(field) { return .number((isWhole ? lowest : -.infinity)...least) }
    return .number(highest...(isWhole ? most : .infinity))
  }

  /// The fields whose worst node a report names.
  private static let shownWorst = [
    "hit_ratio", "evicted_keys", "refused_writes", "memory_ratio", "fragmentation_ratio",
    "latency_p99_seconds",
    "replication_lag_seconds",
  ]

  /// For each of some fields the worst value and its node; empty where there is one node only.
  var worstMembers: [(String, JSON)] {
    guard nodes.count > 1 else { return [] }
    return StatsReport.shownWorst.compactMap { field in
      let values = nodes.compactMap { node -> (ClosedRange<Double>, String)? in
        guard
          case .number(let range) = figure(
            of: field, in: node.figures, node.figures.window, false, isTotal: false)
        else { return nil }
        return (range, node.address)
      }
      let isLow = StatsReport.badWhereLow.contains(field)
      guard let worst = values.max(by: { isLow ? $0.0.middle > $1.0.middle : $0.0.middle < $1.0.middle }),
        // Where ranges overlap it is not known which node is the worst.
        values.allSatisfy({ $0.1 == worst.1 || (isLow ? worst.0 <= $0.0 : $0.0 <= worst.0) })
      else { return nil }
      return (
        field,
        [
          "value": worst.0.isPoint ? .double(worst.0.lowerBound) : .null, "node": .string(worst.1),
        ]
      )
    }
  }
}

extension ClosedRange<Double> {
  fileprivate var isPoint: Bool { lowerBound == upperBound }
  fileprivate var middle: Double { lowerBound / 2 + upperBound / 2 }

  /// True where no number of the left range is above one of the right.
  fileprivate static func <= (left: Self, right: Self) -> Bool { left.upperBound <= right.lowerBound }
}
