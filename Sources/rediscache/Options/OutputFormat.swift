import ArgumentParser

/// The formats in which reports are written. No report has all of them: see ``Rendered/formats``.
enum OutputFormat: String {
  case table, json, jsonl, csv, prometheus, nagios
}

/// The format of a report, from those that it has.
struct FormatOptions<Report: Rendered>: ParsableArguments {
  /// A format that the report has.
  struct Choice: ExpressibleByArgument {
    let format: OutputFormat

    init?(argument: String) {
      guard let format = OutputFormat(rawValue: argument), Report.formats.contains(format) else { return nil }
      self.format = format
    }

    static var allValueStrings: [String] { Report.formats.map(\.rawValue) }
    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
  }

  @Option(name: .customLong("format"), help: ArgumentHelp(stringLiteral: Report.formatHelp))
  var choice: Choice?
  @Flag(help: "Short for --format json.")
  var json = false

  func validate() throws {
    if json, choice.map({ $0.format != .json }) ?? false {
      throw ValidationError("--json and --format name different formats")
    }
  }

  /// The format that was asked for; nil where none was.
  var given: OutputFormat? { choice?.format ?? (json ? .json : nil) }

  /// The format to write.
  var format: OutputFormat { given ?? .table }
}
