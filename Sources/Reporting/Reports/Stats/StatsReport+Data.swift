/// The forms of a stats report that programs read.
extension StatsReport {
  /// The report as one JSON object.
  package func json(wording: ReportWording) -> JSON {
    var members = header.members
    members.append(
      (
        "nodes",
        .array(
          nodes.map { node in
            .object(
              [("address", .string(node.address)), ("role", .optional(node.role))] + node.figures.members
                + StatsReport.members(of: node.figures.interval == nil ? nil : node.subtractedLookups))
          })
      ))
    if !unread.isEmpty {
      members.append(
        (
          "unread",
          .array(
            unread.map {
              ["address": .optional($0.address), "slots": .string($0.slots), "reason": .string($0.reason)]
            })
        ))
    }
    members.append(("totals", .object(totals.members)))
    members.append(("counters_reset", .bool(wasReset)))
    members += StatsReport.members(of: subtractedLookups)
    members.append(("findings", .array(findings.map { $0.json(wording) })))
    return .object(members)
  }

  private static func members(of lookups: (hits: Int, misses: Int)?) -> [(String, JSON)] {
    guard let lookups else { return [] }
    return [("subtracted_lookups", ["hits": .int(lookups.hits), "misses": .int(lookups.misses)])]
  }

  /// The names of the CSV columns.
  package static func csvHeading(_ writer: CSV) -> [UInt8] {
    let figures = Figures(lifetime: StatsWindow(), interval: nil, gauges: StatsGauges())
    let names = (figures.lifetime.members + figures.gauges.members).map(\.0)
    return writer.header(["at", "node", "window"] + names + ["complete"])
  }

  /// The figures as CSV rows: for each server and the totals (`node` is then `total`) one of the lifetime and,
  /// where there is one, one of the interval.
  package func csvRows(_ writer: CSV) -> [UInt8] {
    nodes.flatMap { rows($0.figures, named: $0.address, writer) } + rows(totals, named: "total", writer)
  }

  /// The totals of the interval as one CSV row, taken at a moment; empty without an interval.
  package func csvIntervalRow(_ writer: CSV, at moment: String) -> [UInt8] {
    guard let interval = totals.interval else { return [] }
    return row(interval, totals.gauges, named: "total", "interval", at: moment, writer)
  }

  private func rows(_ figures: Figures, named name: String, _ writer: CSV) -> [UInt8] {
    let moment = header.startedAt
    let lifetime = row(figures.lifetime, figures.gauges, named: name, "lifetime", at: moment, writer)
    guard let interval = figures.interval else { return lifetime }
    return lifetime + row(interval, figures.gauges, named: name, "interval", at: moment, writer)
  }

  private func row(
    _ window: StatsWindow, _ gauges: StatsGauges, named name: String, _ span: String, at moment: String,
    _ writer: CSV
  ) -> [UInt8] {
    let cells = (window.members + gauges.members).map { CSV.Cell($0.1) }
    return writer.row(
      [.text(moment), .text(name), .text(span)] + cells + [.bool(header.isComplete)])
  }
}

extension StatsReport {
  /// Why a field of the totals is null although the server tells all that there is to tell; nil where it does
  /// not.
  ///
  /// A ratio of nothing has no value. That is not the same as a field that the server lacks.
  package func reasonForNoValue(of field: String) -> String? {
    let parts = field.split(separator: ".", maxSplits: 1)
    let window =
      switch parts.first {
      case "lifetime": totals.lifetime
      case "interval": totals.interval
      default: totals.window
      }
    switch parts.last ?? "" {
    case "hit_ratio" where window?.lookups == 0: return "there were no lookups"
    case "seconds" where wasReset && totals.interval == nil: return "CONFIG RESETSTAT was called"
    case "seconds" where window != nil && nodes.count > 1: return "the nodes have counted for different times"
    case "memory_ratio" where totals.gauges.maxmemory == 0: return "there is no maxmemory"
    case "replication_lag_seconds" where totals.gauges.isUnreplicated: return "there is no replication"
    default: return nil
    }
  }

  /// The value of a field of the totals: of the interval where there is one, else of the lifetime, unless
  /// `interval.` or `lifetime.` stands before it. Nil for what is null or does not exist.
  package func value(of field: String) -> JSON? {
    let parts = field.split(separator: ".", maxSplits: 1).map { String($0) }
    let members: [(String, JSON)] =
      switch parts.count > 1 ? parts[0] : "" {
      case "lifetime": totals.lifetime.members
      case "interval": totals.interval?.members ?? []
      default: totals.window.members + totals.gauges.members
      }
    let value = members.first { $0.0 == parts.last }?.1
    return value == .null ? nil : value
  }
}

extension CSV.Cell {
  fileprivate init(_ value: JSON) {
    switch value {
    case .string(let text): self = .text(text)
    case .int(let number): self = .int(number)
    case .double(let number): self = .double(number)
    case .bool(let flag): self = .bool(flag)
    case .null, .array, .object: self = .empty
    }
  }
}
