import Bytes
import Quantities

/// What became of a generation key that was counted up.
package struct BumpReport: Sendable {
  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// The key.
  package var key: [UInt8]
  /// True where nothing was written.
  package var isDryRun: Bool
  /// The number that the key held; nil where there was no such key.
  package var from: Int?
  /// The number that it holds now, or would hold; nil where there was no reply.
  package var to: Int?
  /// True where the reply was lost: it may have been counted up.
  package var isUnknown = false

  /// Makes a report.
  package init(header: ReportHeader, key: [UInt8], isDryRun: Bool, from: Int?, to: Int?) {
    self.header = header
    self.key = key
    self.isDryRun = isDryRun
    self.from = from
    self.to = to
  }

  /// The key as it is shown.
  package var keyText: String { KeyText.quoted(key) }

  /// The report as text.
  package var text: String {
    let before = from.map { NumberText.count($0) } ?? "absent"
    let after = to.map { NumberText.count($0) } ?? "unknown"
    let lead = isDryRun ? "dry run: nothing is changed\n\n" : ""
    return lead + "\(keyText)  \(before) -> \(after)\n"
  }

  /// The report as one JSON object, with the members of a removal.
  package var json: JSON {
    var counts = RemovalCounts()
    if isUnknown { counts.unknown = 1 }
    let members: [(String, JSON)] =
      [("dry_run", .bool(isDryRun)), ("action", .string("INCR"))] + counts.members
      + [
        ("batches", .int(isDryRun ? 0 : 1)), ("stopped", .null), ("groups", .array([])),
        (
          "bump",
          .object(JSON.names([("key", key)]) + [("from", .optional(from)), ("to", .optional(to))])
        ),
      ]
    return .object(header.members + members)
  }
}
