import ArgumentParser
import Bytes
import Reporting

/// What is written, and where: the same options for every command.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Write to a file instead, which is replaced in one step; - is standard output.", valueName: "file"),
    completion: .file())
  var file: String?
  @Option(help: "Colours: auto, always or never.")
  var color = Style.ColorChoice.auto
  @Flag(name: [.short, .long], help: "No progress, no summary, no warnings.")
  var quiet = false
  @Flag(name: [.short, .long], help: "Say more about the connection and the run.")
  var verbose = false
  @Flag(help: "No progress.")
  var noProgress = false
  @Flag(help: "Never ask anything.")
  var noInput = false

  func validate() throws {
    if let file, OutputFormat(rawValue: file) != nil {
      throw ValidationError(
        "--output takes a file, and \(file) is a format: say --format \(file), or ./\(file) for a file of that name"
      )
    }
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  /// The file to write to; nil for standard output.
  var output: String? { file == "-" ? nil : file }

  /// True where a table and the error behind it come on one terminal, where nothing need be said twice.
  func endsOnOneTerminal(_ isTable: Bool) -> Bool { isTable && writesToTerminal && StandardError.isTerminal }

  /// True where the data goes to a terminal, which must be protected from what keys may hold.
  var writesToTerminal: Bool { output.map(Terminal.isNamed) ?? StandardOutput.isTerminal }

  /// The columns that a table must fit; nil fits any.
  var tableWidth: Int? { output == nil ? StandardOutput.width : nil }

  /// The colours and characters of the data.
  var style: Style {
    Style(color: color, isTerminal: writesToTerminal, environment: Environment.variables)
  }

  var showsProgress: Bool { !quiet && !noProgress && StandardError.isTerminal }

  func warn(_ text: String) { if !quiet { StandardError.warn(text) } }

  /// A line for people beside the data.
  func note(_ text: String) { if !quiet { StandardError.write(text + "\n") } }

  func noteVerbosely(_ text: String) { if verbose { StandardError.write(KeyText.sanitized(text) + "\n") } }
}

extension Style.ColorChoice: ExpressibleByArgument {}
