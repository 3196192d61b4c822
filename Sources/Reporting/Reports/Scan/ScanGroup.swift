import Bytes
import Quantities

/// The figures of one group of keys.
package struct ScanGroup: Sendable {
  /// The quantiles of a distribution, in seconds.
  package struct Quantiles: Sendable, Equatable {
    /// The smallest value.
    package let min: Double
    /// The median.
    package let p50: Double
    /// The 99th percentile.
    package let p99: Double
    /// The largest value.
    package let max: Double

    /// Makes quantiles.
    package init(min: Double, p50: Double, p99: Double, max: Double) {
      self.min = min
      self.p50 = p50
      self.p99 = p99
      self.max = max
    }
  }

  /// The number of the database; nil for all keys together.
  package var database: Int?
  /// The namespace; nil where the keys have none.
  package var namespace: [UInt8]?
  /// The version; nil where the keys have none.
  package var version: [UInt8]?
  /// The entity; nil at coarser levels.
  package var entity: [UInt8]?
  /// The template; nil at coarser levels.
  package var template: [UInt8]?
  /// The type, where grouped by type.
  package var type: String?
  /// The node, where grouped by node.
  package var node: String?
  /// The segment, where grouped by one; nil where the keys have no such segment.
  package var segment: [UInt8]?
  /// True for the group that takes the keys for which no group was left.
  package var isOverflow = false
  /// Keys, counted exactly.
  package var keys = 0
  /// The share of all keys, 0 to 1.
  package var share = 0.0
  /// Keys that never expire; nil where the server cannot tell.
  package var withoutTTL: Int?
  /// Keys without a time to live of which parts have one, or may have: hashes with fields that expire. Not in `withoutTTL`.
  package var partlyExpiring = 0
  /// The half-width of a 95 % interval of `withoutTTL`, in keys; 0 where exact, nil where the server cannot tell.
  package var withoutTTLError: Int?
  /// Keys of `keys` of which nothing is known, because they could not be measured: no other figure holds them.
  package var unmeasured = 0
  /// Remaining times to live; nil where no key expires.
  package var ttl: Quantiles?
  /// Bytes; nil where the server cannot tell.
  package var memoryBytes: Int?
  /// The half-width of a 95 % interval of the bytes, relative to them; 0 where exact, nil where some keys were not measured.
  package var memoryError: Double?
  /// Keys by type, largest first.
  package var types: [(name: String, keys: Int)] = []
  /// Seconds since the last use, where asked for.
  package var idle: Quantiles?
  /// True where a newer version of the namespace is live.
  package var isSuperseded = false
  /// What all keys of the group are for: entry, session, lock, counter, queue, tag or index; nil where that differs, or
  /// names were not read.
  package var role: String?
  /// A few of the keys.
  package var examples: [[UInt8]] = []

  /// A group without keys.
  package init() {}

  /// Keys that were measured, or for which those that were stand.
  package var known: Int { keys - unmeasured }

  /// True where some of the keys are no strings, so that their sizes may rest on some of their elements.
  package var holdsCollections: Bool { types.contains { $0.name != "string" } }

  /// Keys that expire; nil where the server cannot tell.
  package var expiring: Int? { withoutTTL.map { known - $0 - partlyExpiring } }

  /// Bytes a key that was measured; nil where the server cannot tell.
  package var averageBytes: Int? { known > 0 ? memoryBytes.map { $0 / known } : nil }

  /// How the group is called in a line of its own.
  package func title(_ grouping: ScanGrouping) -> String {
    if isOverflow { return "(other)" }
    switch grouping {
    case .type: return type.map { KeyText.sanitized($0) } ?? NumberText.absent
    case .node: return node.map { KeyText.sanitized($0) } ?? NumberText.absent
    case .database: return database.map { "db \($0)" } ?? NumberText.absent
    case .role: return role ?? NumberText.absent
    case .segment(let number): return segment.map(KeyText.quoted) ?? "(no segment \(number))"
    case .template: return template.map(KeyText.quoted) ?? "(no name)"
    case .entity: return entity.map(KeyText.quoted) ?? "(no namespace)"
    case .namespace, .version:
      let names = ([namespace] + (grouping == .version ? [version] : [])).compactMap(\.self)
      return names.isEmpty ? "(no namespace)" : names.map(KeyText.quoted).joined(separator: " ")
    }
  }

  /// The names that tell the group from others.
  func nameMembers(_ grouping: ScanGrouping) -> [(String, JSON)] {
    var members = JSON.names(
      [("namespace", namespace), ("version", version), ("entity", entity), ("template", template)]
        + (grouping.segment == nil ? [] : [("segment", segment)]))
    members.append(("db", .optional(database)))
    if grouping == .type { members.append(("type", .optional(type))) }
    if grouping == .node { members.append(("node", .optional(node))) }
    if grouping == .role { members.append(("role", .optional(role))) }
    if isOverflow { members.append(("overflow", true)) }
    return members
  }

  /// The names as CSV, and the cell of the column that says how they are written.
  func nameCells(_ grouping: ScanGrouping) -> (cells: [CSV.Cell], encoding: CSV.Cell) {
    CSV.names([namespace, version, entity, template] + (grouping.segment == nil ? [] : [segment]))
  }

  /// The columns of those names.
  static func csvNames(_ grouping: ScanGrouping) -> [String] {
    ["namespace", "version", "entity", "template"] + (grouping.segment == nil ? [] : ["segment"])
  }

  /// The members in the contract's order; `totals` have no names.
  func members(named: Bool, grouping: ScanGrouping) -> [(String, JSON)] {
    var members = named ? nameMembers(grouping) : []
    members += [
      ("keys", .int(keys)), ("share", .double(rounded(share, to: 6))),
      ("without_ttl", .optional(withoutTTL)), ("without_ttl_error", .optional(withoutTTLError)),
      ("unmeasured", .int(unmeasured)), ("expiring_fields", .int(partlyExpiring)),
      ("ttl_seconds", .optional(ttl?.json)), ("memory_bytes", .optional(memoryBytes)),
      ("memory_error", .optional(memoryError.map { rounded($0, to: 6) })),
      ("avg_bytes", .optional(averageBytes)),
      ("types", .object(types.map { ($0.name, .int($0.keys)) })),
    ]
    if let idle { members.append(("idle_seconds", idle.json)) }
    members.append(("superseded", .bool(isSuperseded)))
    if named, grouping != .role { members.append(("role", .optional(role))) }
    if named { members.append(("examples", .array(examples.map(JSON.key)))) }
    return members
  }
}

extension ScanGroup.Quantiles {
  var json: JSON {
    .object([
      ("min", .double(rounded(min, to: 3))), ("p50", .double(rounded(p50, to: 3))),
      ("p99", .double(rounded(p99, to: 3))), ("max", .double(rounded(max, to: 3))),
    ])
  }
}

/// How groups are named in tables.
extension ScanGroup {
  /// The columns that name the groups of a grouping.
  static func nameColumns(_ grouping: ScanGrouping) -> [Table.Column] {
    switch grouping {
    case .namespace: [.init("NAMESPACE", truncates: true)]
    case .version: [.init("NAMESPACE", truncates: true), .init("VERSION", minimumWidth: 4)]
    case .entity: [.init("ENTITY", minimumWidth: 12, truncates: true)]
    case .template: [.init("TEMPLATE", minimumWidth: 12, truncates: true)]
    case .type: [.init("TYPE")]
    case .node: [.init("NODE", truncates: true)]
    case .database: [.init("DB")]
    case .role: [.init("ROLE")]
    case .segment(let number): [.init("SEGMENT \(number)", minimumWidth: 12, truncates: true)]
    }
  }

  /// The names of the group, in those columns.
  func nameCells(_ grouping: ScanGrouping, _ tone: Style.Tone? = nil) -> [Table.Cell] {
    if isOverflow {
      return [Table.Cell("(other)", tone: .dim)] + (grouping == .version ? [Table.Cell("-")] : [])
    }
    func cell(_ bytes: [UInt8]?) -> Table.Cell {
      Table.Cell(bytes.map(KeyText.quoted) ?? NumberText.absent, tone: tone)
    }
    return switch grouping {
    case .namespace: [cell(namespace)]
    case .version: [cell(namespace), versionCell(tone)]
    case .entity: [cell(entity)]
    case .template: [cell(template)]
    case .type: [Table.Cell(type.map { KeyText.sanitized($0) } ?? NumberText.absent)]
    case .node: [Table.Cell(node.map { KeyText.sanitized($0) } ?? NumberText.absent)]
    case .database: [Table.Cell(database.map { String($0) } ?? NumberText.absent)]
    case .role: [Table.Cell(role ?? NumberText.absent)]
    case .segment: [cell(segment)]
    }
  }

  /// The version, with a mark where a newer one is live: it stays however narrow the terminal is.
  private func versionCell(_ tone: Style.Tone?) -> Table.Cell {
    let text = version.map(KeyText.quoted) ?? NumberText.absent
    return Table.Cell(text + (isSuperseded ? " old" : ""), tone: tone)
  }
}
