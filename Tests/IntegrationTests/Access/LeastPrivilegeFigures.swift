import Foundation
import TestHarness
import Testing

/// What a run told, without what differs from run to run by nature.
enum LeastPrivilegeFigures {
  /// Standard output, made comparable: the figures of a report, or the records of an export.
  ///
  /// `described` keeps what INFO and MEMORY USAGE contribute.
  static func of(_ result: Command.Result, _ run: LeastPrivilegeCase, described: Bool) throws -> [String] {
    let lines = result.stdout.split(separator: UInt8(ascii: "\n"))
    return try lines.map { line in
      let report = try JSONSerialization.jsonObject(with: Data(line), options: .fragmentsAllowed)
      let kept = reduce(
        report, described: described, isStats: ["stats", "doctor"].contains { run.usage.hasPrefix($0) })
      let data = try JSONSerialization.data(withJSONObject: kept, options: [.sortedKeys, .fragmentsAllowed])
      return String(decoding: data, as: UTF8.self)
    }.sorted()
  }

  /// Members of which only whether they are there counts: moments, durations, what lives on, whose command it is, and which
  /// node is the worst just now.
  private static let passing: Set = [
    "started_at", "at", "seconds", "windows", "ops_inside_windows", "ops_outside_windows", "ttl", "command",
    "ttl_seconds", "samples", "examples", "expires_at", "frequency", "used_memory_bytes", "reason",
    "node",
  ]
  /// Members that come of what a rule is better with.
  private static let described: Set = [
    "target", "warnings", "bytes_estimate", "subtracted_lookups", "keys_expected", "replaced", "retyped",
    "used_memory_bytes", "maxmemory_bytes", "maxmemory_policy", "database_keys",
  ]

  private static func reduce(_ value: Any, described: Bool, isStats: Bool) -> Any {
    if let members = value as? [String: Any] {
      var kept: [String: Any] = [:]
      for (name, member) in members {
        if !described, Self.described.contains(name) || name.hasPrefix("latency") { continue }
        if isStats, name == "findings" { continue }
        if passing.contains(name) || name.hasSuffix("_seconds") {
          kept[name] = member is NSNull ? member : "there"
        } else {
          kept[name] = reduce(member, described: described, isStats: isStats)
        }
      }
      return kept
    }
    if let elements = value as? [Any] {
      return elements.map { reduce($0, described: described, isStats: isStats) }
    }
    // Each look at a server changes what there is to see.
    return isStats && value is NSNumber ? "number" : value
  }

  /// The warnings and errors, without the summary, whose time differs.
  static func complaints(_ result: Command.Result) -> [Substring] {
    result.errorText.split(separator: "\n").filter { line in
      ["warning: ", "error: ", "  "].contains { line.hasPrefix($0) }
    }
  }
}
