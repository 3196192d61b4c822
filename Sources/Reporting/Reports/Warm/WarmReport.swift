import Bytes
import Quantities

/// What `warm` has done, or would do.
package struct WarmReport: Sendable {
  /// The times to live of what was written, in seconds.
  package struct TTL: Sendable, Equatable {
    /// The shortest.
    package let min: Double
    /// The median.
    package let p50: Double
    /// The longest.
    package let max: Double

    /// Makes a distribution.
    package init(min: Double, p50: Double, max: Double) {
      self.min = min
      self.p50 = p50
      self.max = max
    }
  }

  /// A record that could not be loaded.
  package struct Rejection: Sendable, Equatable {
    /// Its line in the seed, from 1.
    package let line: Int
    /// The byte of the record that is wrong, from 1.
    package let column: Int
    /// What is wrong.
    package let reason: String

    /// Makes a rejection.
    package init(line: Int, column: Int, reason: String) {
      self.line = line
      self.column = column
      self.reason = reason
    }
  }

  /// What reading some keys back has found.
  package struct Verification: Sendable, Equatable {
    /// Keys that were read back.
    package var compared = 0
    /// Those that have gone: expired, evicted or removed since.
    package var gone = 0
    /// Those that hold something else.
    package var different = 0
    /// A few of those.
    package var examples: [[UInt8]] = []

    /// Nothing read yet.
    package init() {}
  }

  /// The number of rejections that are shown one by one.
  package static let rejectionsShown = 5

  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// True where nothing was written.
  package var isDryRun: Bool
  /// What became of all records, those of earlier runs of the same journal included.
  package var counts = WarmCounts()
  /// What earlier runs of the same journal have done; nil where there were none.
  package var earlier: WarmCounts?
  /// The times to live; nil where no key expires.
  package var ttl: TTL?
  /// The first records that could not be loaded.
  package var rejections: [Rejection] = []
  /// How many refusals came from the server, and the first of them.
  package var failures: (count: Int, line: Int, reason: String)?
  /// The last line of the seed that was dealt with.
  package var line = 0
  /// Why the run ended early; nil where it did not.
  package var stopped: String?
  /// What reading some keys back has found; nil where it was not asked for.
  package var verification: Verification?
  /// The file that rejected records were written to.
  package var rejectsFile: String?

  /// Makes a report about no records yet.
  package init(header: ReportHeader, isDryRun: Bool) {
    self.header = header
    self.isDryRun = isDryRun
  }
}

extension WarmReport {
  /// The report as one JSON object.
  package var json: JSON {
    var members = header.members
    members += [("dry_run", .bool(isDryRun))] + counts.members
    let times = ttl.map { ttl in
      JSON.object([
        ("min", .double(rounded(ttl.min, to: 3))), ("p50", .double(rounded(ttl.p50, to: 3))),
        ("max", .double(rounded(ttl.max, to: 3))),
      ])
    }
    members += [
      ("ttl_seconds", .optional(times)), ("line", .int(line)), ("stopped", .optional(stopped)),
      (
        "rejections",
        .array(
          rejections.map {
            .object([("line", .int($0.line)), ("column", .int($0.column)), ("reason", .string($0.reason))])
          })
      ),
    ]
    if isDryRun { members.append(("planned", .int(counts.planned))) }
    if let earlier { members.append(("earlier", .object(earlier.members))) }
    if let verification {
      members.append(
        (
          "verification",
          .object([
            ("compared", .int(verification.compared)), ("gone", .int(verification.gone)),
            ("different", .int(verification.different)),
            ("examples", .array(verification.examples.map(JSON.key))),
          ])
        ))
    }
    return .object(members)
  }

  /// The report as text that fits `width` columns; nil fits any.
  package func text(width: Int?, style: Style) -> String {
    var lines: [String] = []
    if isDryRun { lines.append(style.bold("dry run: nothing is written")) }
    lines.append(summary)
    if let ttl {
      lines.append(
        ttl.min == ttl.max
          ? "TTL \(NumberText.duration(ttl.p50))"
          : "TTL \(NumberText.duration(ttl.min)) to \(NumberText.duration(ttl.max)), median \(NumberText.duration(ttl.p50))"
      )
    }
    lines += rejectionLines(style)
    if let verification { lines.append(line(of: verification, style)) }
    if let stopped { lines.append(style.warning("stopped") + " " + KeyText.sanitized(stopped)) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// "47,020 written, 2,792 skipped, 188 rejected of 50,000 records in 1.1 s (42,000/s)".
  private var summary: String {
    var parts = [
      isDryRun
        ? "\(NumberText.count(counts.planned)) would be written"
        : "\(NumberText.count(counts.written)) written"
    ]
    let others = [
      (counts.skipped, "skipped"), (counts.rejected, "rejected"), (counts.failed, "refused by the server"),
      (counts.unknown, "unknown (sent, and no reply seen)"),
    ]
    parts += others.filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }
    let seconds = header.durationSeconds
    let done = counts.records - (earlier?.records ?? 0)
    let rate = seconds > 0 && done > 0 ? " (\(NumberText.rate(Double(done) / seconds)))" : ""
    let noun = counts.records == 1 ? "record" : "records"
    return parts.joined(separator: ", ") + " of \(NumberText.count(counts.records)) \(noun) in "
      + NumberText.elapsed(seconds) + rate
  }

  private func rejectionLines(_ style: Style) -> [String] {
    var lines = rejections.map { rejection in
      style.warning("!")
        + " line \(NumberText.count(rejection.line)), column \(NumberText.count(rejection.column)): "
        + KeyText.sanitized(rejection.reason)
    }
    let before = earlier?.rejected ?? 0
    let hidden = counts.rejected - before - rejections.count
    if hidden > 0 { lines.append("  and \(NumberText.count(hidden)) more") }
    if before > 0 { lines.append("  \(NumberText.count(before)) rejected by the run before") }
    if !lines.isEmpty, let rejectsFile {
      lines[lines.count - 1] += " (all are in \(KeyText.sanitized(rejectsFile)))"
    }
    return lines
  }

  private func line(of found: Verification, _ style: Style) -> String {
    let gone =
      found.gone > 0 ? ", \(NumberText.count(found.gone)) \(found.gone == 1 ? "has" : "have") gone since" : ""
    guard found.compared > 0 else { return "verified: nothing, because no key was read back" }
    guard found.different > 0 else {
      return "verified: \(NumberText.keys(found.compared)) read back\(gone), none differs"
    }
    let shown = found.examples.map { KeyText.display($0, maxWidth: 60) }.joined(separator: "  ")
    return style.warning("!")
      + " verified: \(NumberText.count(found.different)) of \(NumberText.keys(found.compared)) differ\(gone), such as \(shown)"
  }
}
