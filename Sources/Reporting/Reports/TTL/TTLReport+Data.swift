/// The forms of a TTL report that programs read.
extension TTLReport {
  /// The report as one JSON object.
  package var json: JSON {
    var members = header.members
    members.append(("coverage", coverage.json))
    members.append(("groups", .array(groups.map { .object(self.members(of: $0, isTotal: false)) })))
    members.append(("totals", .object(self.members(of: totals, isTotal: true))))
    return .object(members)
  }

  private func members(of group: TTLGroup, isTotal: Bool) -> [(String, JSON)] {
    var members = isTotal ? [] : group.names.nameMembers(grouping)
    members += [
      ("keys", .int(group.keys)), ("without_ttl", .optional(group.withoutTTL)),
      ("without_ttl_error", .optional(group.withoutTTLError)), ("unmeasured", .int(group.unmeasured)),
      ("expiring_fields", .int(group.partlyExpiring)),
      ("vanished", .int(group.vanished)),
      (
        "buckets",
        .array(
          group.buckets.map {
            .object([("le_seconds", $0.upTo.map(JSON.number) ?? .null), ("keys", .int($0.keys))])
          })
      ),
      ("p50_seconds", .optional(group.ttl.map { rounded($0.p50, to: 3) })),
      ("p99_seconds", .optional(group.ttl.map { rounded($0.p99, to: 3) })),
      ("waves", .array(group.waves.map(\.json))), ("policy", .optional(group.policy)),
    ]
    return members
  }

  /// The groups as CSV, a row for each bucket; `never`, `fields` (hashes whose fields expire), `unmeasured` and `vanished` are rows of their own.
  package func csv(_ writer: CSV) -> [UInt8] {
    let isByRole = grouping == .role
    let names = ScanGroup.csvNames(grouping) + ["type", "node"] + (isByRole ? ["role"] : []) + ["overflow"]
    var bytes = writer.header(names + ["bucket", "le_seconds", "keys", "complete", "db", JSON.encoding])
    for group in groups {
      let (names, encoding) = group.names.nameCells(grouping)
      let cells = names + group.names.kindCells(isByRole: isByRole)
      func row(_ bucket: String, _ edge: CSV.Cell, _ keys: Int) {
        bytes += writer.row(
          cells + [
            .text(bucket), edge, .int(keys), .bool(header.isComplete),
            group.names.database.map { .int($0) } ?? .empty, encoding,
          ])
      }
      for bucket in group.buckets { row("expires", bucket.upTo.map { .double($0) } ?? .empty, bucket.keys) }
      if let count = group.withoutTTL { row("never", .empty, count) }
      row("fields", .empty, group.partlyExpiring)
      row("unmeasured", .empty, group.unmeasured)
      row("vanished", .empty, group.vanished)
    }
    return bytes
  }

  /// The names of a group as labels; with its database, unless that is a label of all groups.
  private func labels(of group: TTLGroup) -> [(String, String)] {
    let labels = group.names.labels(grouping)
    guard header.database == nil, namesDatabases, let database = group.names.database else { return labels }
    return labels + [("db", String(database))]
  }

  /// The groups as Prometheus text: a histogram of remaining TTLs for each group.
  package var prometheus: [UInt8] {
    var text = PrometheusText(labels: header.labels)
    text.declare(
      "rediscache_ttl_seconds", "Remaining time to live of the keys that expire.", type: "histogram")
    for group in groups {
      let labels = labels(of: group)
      var sum = 0
      for bucket in group.buckets {
        sum += bucket.keys
        let edge = bucket.upTo.map { PrometheusText.number($0) } ?? "+Inf"
        text.sample("rediscache_ttl_seconds_bucket", labels + [("le", edge)], Double(sum))
      }
      text.sample("rediscache_ttl_seconds_sum", labels, group.sumSeconds)
      text.sample("rediscache_ttl_seconds_count", labels, Double(sum))
    }
    text.declare("rediscache_ttl_keys", "Keys of the group.", type: "gauge")
    for group in groups { text.sample("rediscache_ttl_keys", labels(of: group), Double(group.keys)) }
    text.declare("rediscache_ttl_keys_without_ttl", "Keys of the group that never expire.", type: "gauge")
    for group in groups {
      guard let count = group.withoutTTL else { continue }
      text.sample("rediscache_ttl_keys_without_ttl", labels(of: group), Double(count))
    }
    text.declare(
      "rediscache_ttl_keys_unmeasured", "Keys of the group that could not be measured.", type: "gauge")
    for group in groups {
      text.sample("rediscache_ttl_keys_unmeasured", labels(of: group), Double(group.unmeasured))
    }
    text.declare("rediscache_ttl_complete", "1 where all keys were covered.", type: "gauge")
    text.sample("rediscache_ttl_complete", [], header.isComplete ? 1 : 0)
    text.addUp(true, command: "ttl")
    return text.bytes
  }
}

extension TTLGroup.Wave {
  fileprivate var json: JSON {
    .object([
      ("at", .string(at)), ("window_seconds", .int(windowSeconds)), ("keys", .int(keys)),
      ("share", .double(rounded(share, to: 6))),
    ])
  }
}

extension ScanGroup {
  fileprivate func kindCells(isByRole: Bool) -> [CSV.Cell] {
    ([type, node] + (isByRole ? [role] : [])).map { $0.map(CSV.Cell.text) ?? .empty } + [.bool(isOverflow)]
  }
}

extension JSON {
  /// A number, without a fraction where it has none.
  fileprivate static func number(_ value: Double) -> JSON {
    value == value.rounded() && abs(value) < 1e15 ? .int(Int(value)) : .double(value)
  }
}
