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
                + [StatsReport.subtractedLookups(node.figures)])
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
    if nodes.count > 1 {
      members.append(("worst", .object(worstMembers)))
      members.append(("limits_differ", .bool(totals.gauges.limitsDiffer)))
    }
    members.append(("counters_reset", .bool(wasReset)))
    members.append(StatsReport.subtractedLookups(totals))
    members.append(("findings", .array(findings.map { $0.json(wording) })))
    return .object(members)
  }

  /// What hits and misses leave out, of the interval where there is one, else of the lifetime.
  private static func subtractedLookups(_ figures: Figures) -> (String, JSON) {
    ("subtracted_lookups", figures.window.subtracted?.json ?? .null)
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

  /// The totals of the interval as one CSV row, taken at a moment; without an interval its cells are empty.
  package func csvIntervalRow(_ writer: CSV, at moment: String) -> [UInt8] {
    row(
      totals.interval ?? StatsWindow(), totals.gauges, named: "total", "interval", at: moment, writer)
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
