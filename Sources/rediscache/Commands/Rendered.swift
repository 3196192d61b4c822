import Bytes
import Reporting

/// A report that can be written in several formats.
protocol Rendered {
  /// The formats that it has, in the order in which help lists them.
  static var formats: [OutputFormat] { get }
  /// The help on `--format`.
  static var formatHelp: String { get }

  /// A table for people.
  func table(for output: OutputOptions) -> String
  /// One object.
  var object: JSON { get }
  /// One object a line; nil where it has no such format, here and below.
  var objectLines: [UInt8]? { get }
  /// A heading, and a row for each group or node.
  func rows(_ writer: CSV) -> [UInt8]?
  /// Metrics for a collector of text files.
  var metrics: [UInt8]? { get }
}

extension Rendered {
  static var formatHelp: String { "Form of the output." }
  var objectLines: [UInt8]? { nil }
  func rows(_ writer: CSV) -> [UInt8]? { nil }
  var metrics: [UInt8]? { nil }

  /// The report in a format; nil where it has no such format.
  func rendered(_ format: OutputFormat, for output: OutputOptions) -> [UInt8]? {
    switch format {
    case .table: Array(table(for: output).utf8)
    case .json: object.serialized(pretty: output.writesToTerminal) + [UInt8(ascii: "\n")]
    case .jsonl: objectLines
    case .csv: rows(CSV(forTerminal: output.writesToTerminal))
    case .prometheus: output.writesToTerminal ? metrics.map(harmless) : metrics
    // The line of a check needs its conditions: see ``StatsNagios``; that of a scan its severity.
    case .nagios: nil
    }
  }
}

/// The lines of a text without what a terminal would act upon. Collectors read all of it, as it is.
private func harmless(_ text: [UInt8]) -> [UInt8] {
  text.split(separator: UInt8(ascii: "\n")).flatMap {
    KeyText.sanitized(Array($0)).utf8 + [UInt8(ascii: "\n")]
  }
}

extension ScanReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json, .jsonl, .csv, .prometheus, .nagios] }
  static var formatHelp: String { "Form of the output; --list takes csv and jsonl." }
  func table(for output: OutputOptions) -> String {
    table(width: output.tableWidth, style: output.style, wording: .ofOptions)
  }
  var object: JSON { json(wording: .ofOptions) }
  var objectLines: [UInt8]? { jsonLines(wording: .ofOptions) }
  func rows(_ writer: CSV) -> [UInt8]? { csv(writer) }
  var metrics: [UInt8]? { prometheus }
}

extension TTLReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json, .csv, .prometheus] }
  func table(for output: OutputOptions) -> String {
    table(width: output.tableWidth, style: output.style, wording: .ofOptions)
  }
  var object: JSON { json }
  func rows(_ writer: CSV) -> [UInt8]? { csv(writer) }
  var metrics: [UInt8]? { prometheus }
}

extension StatsReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json, .jsonl, .csv, .prometheus, .nagios] }
  static var formatHelp: String {
    "table, json, jsonl, csv, prometheus or nagios; with --watch: table, jsonl or csv."
  }
  func table(for output: OutputOptions) -> String {
    table(width: output.tableWidth, style: output.style, wording: .ofOptions)
  }
  var object: JSON { json(wording: .ofOptions) }
  var objectLines: [UInt8]? { object.serialized() + [UInt8(ascii: "\n")] }
  func rows(_ writer: CSV) -> [UInt8]? { StatsReport.csvHeading(writer) + csvRows(writer) }
  var metrics: [UInt8]? { prometheus }
}

extension InspectReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json] }
  func table(for output: OutputOptions) -> String {
    table(width: output.tableWidth, style: output.style, wording: .ofOptions)
  }
  var object: JSON { json(.ofOptions) }
}

extension DoctorReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json, .prometheus, .nagios] }
  func table(for output: OutputOptions) -> String {
    table(width: output.tableWidth, style: output.style, wording: .ofOptions)
  }
  var object: JSON { json(wording: .ofOptions) }
  var metrics: [UInt8]? { prometheus }
}

extension HitsReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json, .jsonl, .csv, .prometheus] }
  static var formatHelp: String {
    "table, json, jsonl, csv or prometheus; with --watch: table, jsonl or csv."
  }
  func table(for output: OutputOptions) -> String {
    table(width: output.tableWidth, style: output.style, wording: .ofOptions)
  }
  var object: JSON { json(wording: .ofOptions) }
  var objectLines: [UInt8]? { object.serialized() + [UInt8(ascii: "\n")] }
  func rows(_ writer: CSV) -> [UInt8]? { HitsReport.csvHeading(writer) + csvRows(writer) }
  var metrics: [UInt8]? { prometheus }
}

extension InvalidateReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json] }
  func table(for output: OutputOptions) -> String {
    table(width: output.tableWidth, style: output.style, wording: .ofOptions)
  }
  var object: JSON { json(wording: .ofOptions) }
}

extension BumpReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json] }
  func table(for output: OutputOptions) -> String { text }
  var object: JSON { json }
}

extension WarmReport: Rendered {
  static var formats: [OutputFormat] { [.table, .json] }
  func table(for output: OutputOptions) -> String {
    text(width: output.tableWidth, style: output.style, wording: .ofOptions)
  }
  var object: JSON { json(wording: .ofOptions) }
}
