/// What `scan` groups keys by.
package enum ScanGrouping: Sendable, Equatable {
  /// The namespace.
  case namespace
  /// Namespace and version.
  case version
  /// Namespace, version and the constant segments that follow.
  case entity
  /// The whole shape of the name.
  case template
  /// The type of the value.
  case type
  /// What the keys are for.
  case role
  /// The server that holds the keys.
  case node
  /// The database.
  case database
  /// The segment of that number, from 1, as it stands in each name.
  case segment(Int)

  /// True where the shapes of names, which all of them show together, decide a key's group.
  package var readsNames: Bool {
    switch self {
    case .namespace, .version, .entity, .template, .role: true
    case .type, .node, .database, .segment: false
    }
  }

  /// The number of the segment that is grouped by.
  package var segment: Int? { if case .segment(let number) = self { number } else { nil } }
}

extension ScanGrouping: CaseIterable {
  /// All of them, with two of those by segment.
  package static var allCases: [ScanGrouping] { named.map(\.grouping) + [.segment(1), .segment(2)] }
}

extension ScanGrouping {
  /// All but those by segment, by their names.
  package static let named: [(name: String, grouping: ScanGrouping)] = [
    ("namespace", .namespace), ("version", .version), ("entity", .entity), ("template", .template),
    ("type", .type), ("role", .role), ("node", .node), ("db", .database),
  ]
  /// The numbers that a segment may have.
  package static let segments = 1...24
  private static let segmentPrefix = "segment:"

  /// The name, such as `version` or `segment:2`.
  package var name: String {
    if let segment { return "\(ScanGrouping.segmentPrefix)\(segment)" }
    return ScanGrouping.named.first { $0.grouping == self }?.name ?? ""
  }

  /// Reads a name.
  package init?(named name: String) {
    if let known = ScanGrouping.named.first(where: { $0.name == name }) {
      self = known.grouping
      return
    }
    guard name.hasPrefix(ScanGrouping.segmentPrefix),
      let number = Int(name.dropFirst(ScanGrouping.segmentPrefix.count)),
      ScanGrouping.segments.contains(number)
    else { return nil }
    self = .segment(number)
  }
}
