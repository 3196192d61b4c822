/// The forms of a scan report that programs read.
extension ScanReport {
  /// The report as one JSON object.
  package func json(wording: ReportWording) -> JSON {
    var members = header.members
    members += serverMembers
    members.append(("coverage", coverage.json))
    members.append(("groups", .array(groups.map { .object($0.members(named: true, grouping: grouping)) })))
    members.append(("totals", .object(totals.members(named: false, grouping: grouping))))
    members.append(("recognised", .array(recognised.map(\.json))))
    members.append(("findings", .array(findings.map { $0.json(wording) })))
    if let bigKeys { members.append(("big_keys", .array(bigKeys.map(\.json)))) }
    if let hotKeys { members.append(("hot_keys", hotKeys.json)) }
    return .object(members)
  }

  /// The report as JSON lines: the header with coverage and totals first, then a line a group and a line a
  /// finding.
  ///
  /// Each line says in `record` what it is.
  package func jsonLines(wording: ReportWording) -> [UInt8] {
    var head = header.members + serverMembers
    head.append(("coverage", coverage.json))
    head.append(("totals", .object(totals.members(named: false, grouping: grouping))))
    head.append(("recognised", .array(recognised.map(\.json))))
    var lines = [line("scan", head)]
    lines += groups.map { line("group", $0.members(named: true, grouping: grouping)) }
    lines += findings.map { line("finding", $0.json(wording).objectMembers) }
    lines += (bigKeys ?? []).map { line("big_key", $0.json.objectMembers) }
    lines += (hotKeys?.entries ?? []).map { line("hot_key", $0) }
    return Array(lines.joined())
  }

  /// What the servers say, by the names that `stats` has for it, and whether only some keys were chosen.
  private var serverMembers: [(String, JSON)] {
    [
      ("used_memory_bytes", .optional(server.usedMemory)),
      ("maxmemory_bytes", .optional(server.maximumMemory)),
      ("maxmemory_policy", .optional(server.policy)),
      ("evicted_keys_per_second", .optional(server.evictionsPerSecond)),
      ("database_keys", .optional(server.keys)),
      ("filtered", .bool(isFiltered)),
    ]
  }

  private func line(_ record: String, _ members: [(String, JSON)]) -> [UInt8] {
    // The schema stays the first member of the first line.
    let position = members.first?.0 == "schema" ? 1 : 0
    var members = members
    members.insert(("record", .string(record)), at: position)
    return JSON.object(members).serialized() + [UInt8(ascii: "\n")]
  }

  /// The groups as CSV with a heading; figures are integers, seconds, bytes and ratios.
  package func csv(_ writer: CSV) -> [UInt8] {
    var bytes = writer.header(ScanReport.csvColumns(grouping) + ["complete", JSON.encoding])
    for group in groups {
      let names = group.nameCells(grouping)
      bytes += writer.row(
        names.cells + group.figureCells(grouping) + [.bool(header.isComplete), names.encoding])
    }
    return bytes
  }

  private static func csvColumns(_ grouping: ScanGrouping) -> [String] {
    var names = ScanGroup.csvNames(grouping)
    if grouping == .type { names.append("type") }
    if grouping == .node { names.append("node") }
    return names + [
      "overflow", "keys", "share", "without_ttl", "without_ttl_error", "ttl_min_seconds", "ttl_p50_seconds",
      "ttl_p99_seconds", "ttl_max_seconds", "memory_bytes", "memory_error", "avg_bytes", "superseded",
      "unmeasured", "db", "expiring_fields", "role",
    ]
  }
}

extension ScanGroup {
  fileprivate func figureCells(_ grouping: ScanGrouping) -> [CSV.Cell] {
    var cells: [CSV.Cell] = []
    if grouping == .type { cells.append(type.map(CSV.Cell.text) ?? .empty) }
    if grouping == .node { cells.append(node.map(CSV.Cell.text) ?? .empty) }
    let ttls = [ttl?.min, ttl?.p50, ttl?.p99, ttl?.max]
    cells += [
      .bool(isOverflow), .int(keys), .double(rounded(share, to: 6)), cell(withoutTTL), cell(withoutTTLError),
    ]
    cells += ttls.map { $0.map { .double(rounded($0, to: 3)) } ?? .empty }
    cells += [
      cell(memoryBytes), memoryError.map { .double(rounded($0, to: 6)) } ?? .empty, cell(averageBytes),
      .bool(isSuperseded), .int(unmeasured), cell(database), .int(partlyExpiring),
      role.map(CSV.Cell.text) ?? .empty,
    ]
    return cells
  }

  private func cell(_ value: Int?) -> CSV.Cell { value.map(CSV.Cell.int) ?? .empty }
}

extension ScanReport.Coverage {
  var json: JSON {
    .object([
      ("mode", isExact ? "exact" : "sampled"), ("keys_seen", .int(keysSeen)),
      ("keys_measured", .int(keysMeasured)),
      ("keys_vanished", .int(keysVanished)), ("keys_unmeasured", .int(keysUnmeasured)),
      ("keys_expected", .optional(keysExpected)),
      ("sample_size", .optional(sampleSize)),
      ("types_sampled", .bool(typesAreSampled)), ("quantile_error", .double(quantileError)),
    ])
  }
}

extension ScanReport.BigKey {
  fileprivate var json: JSON {
    .object(
      JSON.names([("key", key)]) + [
        ("db", .int(database)), ("type", .optional(type)), ("memory_bytes", .int(bytes)),
        ("bytes", .int(bytes)),
      ])
  }
}

extension JSON {
  fileprivate var objectMembers: [(String, JSON)] {
    guard case .object(let members) = self else { return [] }
    return members
  }
}
