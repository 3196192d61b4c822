import Bytes
import Quantities

/// What `export` has written, and what it could not.
package struct ExportReport: Sendable {
  /// A key that was chosen and not written.
  package struct Unread: Sendable, Equatable {
    /// The key.
    package let key: [UInt8]
    /// Why, safe to show.
    package let reason: String

    /// Names a key.
    package init(key: [UInt8], reason: String) {
      self.key = key
      self.reason = reason
    }
  }

  /// The number of keys that are named for people.
  package static let keysShown = 10

  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// Records in the seed.
  package var records = 0
  /// Keys that had gone before their values were read.
  package var gone = 0
  /// Keys that were chosen and could not be read.
  package var notExported = 0
  /// Those of them that are named: the first few, or all where the report is for a program.
  package var unread: [Unread] = []
  /// Keys in natural form's stead written as dumps, by the word for what they would have lost.
  package var dumped: [String: Int] = [:]
  /// The file that holds the seed; nil for a stream, and where nothing was kept.
  package var file: String?

  /// Makes a report about no keys yet.
  package init(header: ReportHeader) { self.header = header }
}

extension ExportReport {
  /// The report as one JSON object.
  package var json: JSON {
    let reasons = dumped.sorted { $0.key < $1.key }.map { ($0.key, JSON.int($0.value)) }
    return .object(
      header.members + [
        ("records", .int(records)), ("gone", .int(gone)), ("not_exported", .int(notExported)),
        (
          "unread",
          .array(unread.map { .object(JSON.names([("key", $0.key)]) + [("reason", .string($0.reason))]) })
        ),
        ("dumped", .object(reasons)), ("file", .optional(file)),
      ])
  }

  /// Lines for people about the keys that are missing or have another form than usual.
  package var notes: [String] {
    var lines = unread.prefix(ExportReport.keysShown).map {
      "not exported: \(KeyText.display($0.key, maxWidth: 60)): \($0.reason)"
    }
    let more = notExported - lines.count
    if !lines.isEmpty, more > 0 { lines.append("and \(NumberText.keys(more)) more not exported") }
    let dumps = dumped.values.reduce(0, +)
    if dumps > 0 {
      lines.append("written as dumps, which keep what natural form loses: \(NumberText.keys(dumps))")
    }
    return lines
  }
}
