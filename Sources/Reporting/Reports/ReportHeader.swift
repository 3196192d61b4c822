/// What every report begins with: of whom, when, how complete.
package struct ReportHeader: Sendable {
  /// A server that took part.
  package struct Node: Sendable {
    /// `host:port` or the socket's path.
    package let address: String
    /// `primary` or `replica`; nil where the server does not tell.
    package let role: String?

    /// Makes a node.
    package init(address: String, role: String?) {
      self.address = address
      self.role = role
    }
  }

  /// The schema's name with its number, such as `rediscache.scan/1`.
  package var schema: String
  /// The version of the tool.
  package var toolVersion: String
  /// The name by which the user knows the target (a profile's), where there is one.
  package var targetName: String?
  /// The redacted URI.
  package var uri: String
  /// Where the target is, `host:port` or the socket's path; of a set behind sentinels the URI.
  package var place: String?
  /// The database that was read; nil for all of them.
  package var database: Int? = 0
  /// `standalone`, `cluster` or `sentinel`; `rdb` where dump files were read.
  package var kind: String
  /// `redis`, `valkey`, … in lower case; nil where the server does not tell.
  package var server: String?
  /// The server's own version number; nil where it does not tell.
  package var serverVersion: String?
  /// The servers that took part.
  package var nodes: [Node]
  /// When the run began, `2026-01-31T12:00:00Z`.
  package var startedAt: String
  /// How long it took, in seconds.
  package var durationSeconds: Double
  /// False where anything that was asked for is missing.
  package var isComplete: Bool
  /// What the reader must know to read the figures rightly.
  package var warnings: [String]
  /// The dump files that were read in place of a server.
  package var dump: ReportDump?

  /// Makes a header.
  package init(
    schema: String, toolVersion: String, targetName: String? = nil, uri: String, kind: String,
    server: String?,
    serverVersion: String?, nodes: [Node], startedAt: String, durationSeconds: Double = 0,
    isComplete: Bool = true, warnings: [String] = []
  ) {
    self.schema = schema
    self.toolVersion = toolVersion
    self.targetName = targetName
    self.uri = uri
    self.kind = kind
    self.server = server
    self.serverVersion = serverVersion
    self.nodes = nodes
    self.startedAt = startedAt
    self.durationSeconds = durationSeconds
    self.isComplete = isComplete
    self.warnings = warnings
  }

  /// The labels by which metrics of several targets are kept apart: the profile's name, or the place, and the database.
  var labels: [(String, String)] {
    PrometheusFailure(target: targetName ?? place ?? uri, database: database).labels
  }

  /// The members that stand first in every report, in the contract's order.
  var members: [(String, JSON)] {
    [
      ("schema", .string(schema)),
      ("tool_version", .string(toolVersion)),
      (
        "target",
        .object(
          [
            ("uri", .string(uri)), ("kind", .string(kind)), ("server", .optional(server)),
            ("server_version", .optional(serverVersion)),
            (
              "nodes",
              .array(nodes.map { .object([("address", .string($0.address)), ("role", .optional($0.role))]) })
            ),
          ] + (dump?.members ?? []))
      ),
      ("started_at", .string(startedAt)),
      ("duration_seconds", .double(rounded(durationSeconds, to: 3))),
      ("complete", .bool(isComplete)),
      ("warnings", .strings(warnings)),
    ]
  }
}

/// A figure without the digits that mean nothing.
func rounded(_ value: Double, to digits: Int) -> Double {
  var factor = 1.0
  for _ in 0..<digits { factor *= 10 }
  return (value * factor).rounded() / factor
}
