/// How bad a finding is, from the mildest.
package enum Severity: String, Sendable, CaseIterable, Comparable {
  /// Worth knowing.
  case info
  /// Worth mending.
  case warning
  /// Worth waking up for.
  case critical

  /// Orders from the mildest to the worst.
  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .critical: 2
    }
  }
}

/// Something about a cache that its owner should know, with the figures behind it and what to do next.
package struct ReportFinding: Sendable {
  /// The kind, such as `superseded-version`.
  package let id: String
  /// How bad it is.
  package let severity: Severity
  /// The namespace that it concerns; nil where it concerns no single one.
  package let namespace: [UInt8]?
  /// The version that it concerns.
  package let version: [UInt8]?
  /// The template that it concerns; nil where it concerns all of the namespace and version.
  package let template: [UInt8]?
  /// The database that it concerns; nil where it concerns no single one.
  package private(set) var database: Int?
  /// The server that it concerns; nil where it concerns no single one.
  package private(set) var node: String?
  /// One sentence for people.
  package private(set) var message: String
  /// Why it matters, in a sentence for people; nil where the message says it.
  package let why: String?
  /// The figures by name.
  package let figures: [(String, JSON)]
  /// The command to run next.
  package let command: SuggestedCommand?

  /// Makes a finding.
  package init(
    id: String, severity: Severity, namespace: [UInt8]? = nil, version: [UInt8]? = nil,
    template: [UInt8]? = nil, message: String, why: String? = nil, figures: [(String, JSON)],
    command: SuggestedCommand?
  ) {
    self.id = id
    self.severity = severity
    self.namespace = namespace
    self.version = version
    self.template = template
    self.message = message
    self.why = why
    self.figures = figures
    self.command = command
  }

  /// The same about one database; its number begins the sentence where it `isNamed`.
  package func placed(in database: Int, isNamed: Bool) -> ReportFinding {
    var placed = self
    placed.database = database
    if isNamed { placed.message = "db \(database): \(message)" }
    return placed
  }

  /// The same about one server; its address begins the sentence where it `isNamed`.
  package func placed(at node: String, isNamed: Bool) -> ReportFinding {
    var placed = self
    placed.node = node
    if isNamed { placed.message = "\(node): \(message)" }
    return placed
  }

  /// What of the keys it concerns.
  var group: JSON {
    .object(
      JSON.names([("namespace", namespace), ("version", version), ("template", template)])
        + [("db", .optional(database))])
  }

  func json(_ wording: ReportWording) -> JSON {
    .object([
      ("id", .string(id)), ("severity", .string(severity.rawValue)), ("group", group),
      ("message", .string(message)), ("figures", .object(figures)),
      ("command", .optional(command.map(wording.spell))),
    ])
  }
}
