import Bytes

/// The form of a hits report that programs read.
extension HitsReport {
  /// The report as one JSON object.
  package func json(wording: ReportWording) -> JSON {
    var members = header.members
    members.append(("seconds", .optional(totals.seconds.map { rounded($0, to: 3) })))
    members.append(("coverage", .object(coverage.members)))
    members.append(("groups", .array(groups.map { .object($0.members(grouping, seconds: totals.seconds)) })))
    members.append(("totals", .object(totalMembers)))
    members.append(
      (
        "others",
        .object(
          others.map {
            ($0.kind.rawValue, .object([("reads", .optional($0.reads)), ("misses", .optional($0.misses))]))
          })
      ))
    if let use { members.append(("use", use.json)) }
    members.append(("findings", .array(findings.map { $0.json(wording) })))
    if let topKeys { members.append(("top_keys", .array(topKeys.map(\.json)))) }
    return .object(members)
  }

  /// The heading of the rows of `csvRows`.
  package static func csvHeading(_ writer: CSV) -> [UInt8] {
    writer.header(
      [
        "started_at", "namespace", "version", "entity", "template", "overflow", "reads", "hits", "misses",
        "hit_ratio", "hit_ratio_error", "expired", "evicted", "deleted", "unseen", "keys", "used_share",
        "used_share_at_least", "memory_bytes",
        "hits_per_second_per_mib", "seconds", "complete", "method", "db", JSON.encoding,
      ])
  }

  /// The groups as CSV; figures are integers, bytes and ratios.
  package func csvRows(_ writer: CSV) -> [UInt8] {
    var bytes: [UInt8] = []
    for group in groups {
      let names = group.names.nameCells(grouping)
      bytes += writer.row(
        [.text(header.startedAt)] + names.cells + group.cells(seconds: totals.seconds) + [
          totals.seconds.map { .double(rounded($0, to: 3)) } ?? .empty, .bool(header.isComplete),
          coverage.method.map { .text($0.rawValue) } ?? .empty,
          group.names.database.map(CSV.Cell.int) ?? .empty, names.encoding,
        ])
    }
    return bytes
  }

  /// The groups as Prometheus text: what was counted while the run listened, and the totals of the servers.
  package var prometheus: [UInt8] {
    var text = PrometheusText(labels: header.labels)
    let isInferred = coverage.method == .inferred
    let inferred = isInferred ? ", inferred from keys that are filled in" : ""
    func add(_ name: String, _ help: String, _ value: (HitsGroup) -> Double?) {
      let samples = groups.compactMap { group in value(group).map { (group.names.labels(grouping), $0) } }
      guard !samples.isEmpty else { return }
      text.declare(name, help, type: "gauge")
      for (labels, value) in samples { text.sample(name, labels, value) }
    }
    func rate(_ count: Int?) -> Double? {
      guard let count, let seconds = totals.seconds, seconds > 0 else { return nil }
      return rounded(Double(count) / seconds, to: 3)
    }
    add(
      "rediscache_group_hit_ratio", "Share of the group's reads that found their key, estimated\(inferred)."
    ) {
      $0.hitRatio.map { rounded($0, to: 6) }
    }
    add("rediscache_group_hit_ratio_error", "Half-width of its 95 % interval.") {
      $0.hitRatioError.map { rounded($0, to: 6) }
    }
    add("rediscache_group_reads_per_second", "Reads of the group's keys, estimated.") { rate($0.reads) }
    add("rediscache_group_misses_per_second", "Reads that found no key\(inferred).") { rate($0.misses) }
    add("rediscache_group_used_ratio", "Share of the group's keys that were used lately, by a sample.") {
      $0.used.map { rounded($0.value, to: 6) }
    }
    add("rediscache_group_memory_bytes", "Bytes that the group's keys take.") {
      $0.memoryBytes.map(Double.init)
    }
    if let ratio = totals.hitRatio {
      text.declare("rediscache_hits_ratio", "Share of all reads that found their key.", type: "gauge")
      text.sample("rediscache_hits_ratio", [], rounded(ratio, to: 6))
    }
    if let share = coverage.misses {
      text.declare(
        "rediscache_hits_coverage",
        "Share of the misses that \(isInferred ? "was inferred" : "came as events").", type: "gauge")
      text.sample("rediscache_hits_coverage", [], rounded(share, to: 6))
    }
    text.declare(
      "rediscache_hits_inferred", "1 where misses are inferred from keys that are filled in.", type: "gauge")
    text.sample("rediscache_hits_inferred", [], isInferred ? 1 : 0)
    text.declare("rediscache_hits_complete", "1 where nothing that was asked for is missing.", type: "gauge")
    text.sample("rediscache_hits_complete", [], header.isComplete ? 1 : 0)
    text.addUp(true, command: "hits")
    return text.bytes
  }

  private var totalMembers: [(String, JSON)] {
    [
      ("reads", .optional(totals.lookups)), ("hits", .optional(totals.hits)),
      ("misses", .optional(totals.misses)),
      ("hit_ratio", .optional(totals.hitRatio.map { rounded($0, to: 6) })),
      ("hit_ratio_min", .optional(totals.hitRatioRange.map { rounded($0.lowerBound, to: 6) })),
      ("hit_ratio_max", .optional(totals.hitRatioRange.map { rounded($0.upperBound, to: 6) })),
      ("inspection_lookups", .optional(totals.inspectionLookups)),
    ]
  }
}

extension HitsReport.Coverage {
  fileprivate var members: [(String, JSON)] {
    [
      ("misses", .optional(misses.map { rounded($0, to: 6) })), ("misses_seen", .int(missesSeen)),
      ("misses_counted", .optional(missesCounted)),
      ("followed_names", .double(rounded(followedNames, to: 6))),
      ("method", .optional(method?.rawValue)), ("listened", .bool(isHeard)),
      (
        "refill_seconds",
        .optional(method == .inferred ? monitoring.map { rounded($0.following, to: 6) } : nil)
      ),
      ("windows", .optional(monitoring?.windows)),
      ("window_seconds", .optional(monitoring.map { rounded($0.seconds, to: 3) })),
      ("ops_inside_windows", .optional(monitoring?.commandsInside.map { rounded($0, to: 1) })),
      ("ops_outside_windows", .optional(monitoring?.commandsOutside.map { rounded($0, to: 1) })),
    ]
  }
}

extension HitsGroup {
  fileprivate func members(_ grouping: ScanGrouping, seconds: Double?) -> [(String, JSON)] {
    names.nameMembers(grouping) + [
      ("reads", .optional(reads)), ("hits", .optional(hits)), ("misses", .optional(misses)),
      ("hit_ratio", .optional(hitRatio.map { rounded($0, to: 6) })),
      ("hit_ratio_error", .optional(hitRatioError.map { rounded($0, to: 6) })),
      ("misses_by_cause", .optional(causes?.json)), ("keys", .optional(keys)),
      ("used_share", .optional(used.map { rounded($0.value, to: 6) })),
      ("used_share_at_least", .optional(used.map { rounded($0.low, to: 6) })),
      ("memory_bytes", .optional(memoryBytes)),
      ("memory_error", .optional(memoryError.map { rounded($0, to: 6) })),
      ("hits_per_second_per_mib", .optional(hitsPerMiB(in: seconds).map { rounded($0, to: 6) })),
    ]
  }
}

extension HitsGroup.Causes {
  fileprivate var json: JSON {
    .object([
      ("expired", .int(expired)), ("evicted", .int(evicted)), ("deleted", .int(deleted)),
      ("unseen", .int(unseen)),
      ("error", .double(rounded(error, to: 6))),
    ])
  }
}

extension HitsReport.Use {
  fileprivate var json: JSON {
    .object([
      ("measure", .string(measure.rawValue)),
      ("within_seconds", .optional(measure == .idle ? HitsReport.Use.seconds : nil)),
      ("caveats", .array(caveats.map { .string($0) })),
    ])
  }
}

extension HitsReport.TopKey {
  fileprivate var json: JSON {
    .object(JSON.names([("key", key)]) + [("misses", .int(misses)), ("error", .int(error))])
  }
}

extension HitsGroup {
  fileprivate func cells(seconds: Double?) -> [CSV.Cell] {
    func cell(_ value: Int?) -> CSV.Cell { value.map(CSV.Cell.int) ?? .empty }
    func cell(_ value: Double?) -> CSV.Cell { value.map { .double(rounded($0, to: 6)) } ?? .empty }
    return [
      .bool(names.isOverflow), cell(reads), cell(hits), cell(misses), cell(hitRatio), cell(hitRatioError),
      cell(causes?.expired), cell(causes?.evicted), cell(causes?.deleted), cell(causes?.unseen), cell(keys),
      cell(used?.value), cell(used?.low),
      cell(memoryBytes), cell(hitsPerMiB(in: seconds)),
    ]
  }
}
