import ArgumentParser
import Bytes
import Operations
import Reporting

/// What is particular to `stats`.
struct StatsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read twice, this far apart (default 1s), and report what happened in between; with --watch the time between rows (default 2s).",
      valueName: "duration"), transform: OptionValue.duration)
  var interval: Duration?
  @Flag(help: "A row an interval until Ctrl-C, then a summary.")
  var watch = false
  @Option(
    help: ArgumentHelp(
      "Report what happened since this file was last written, and write it.", valueName: "file"),
    completion: .file())
  var state: String?
  @Option(
    name: .customLong("fail-if"),
    help: ArgumentHelp(
      "Exit with 2 where this holds, such as 'hit_ratio < 80% or evicted_keys > 100/s' (repeatable).",
      valueName: "condition"), transform: StatsConditionArgument.read)
  var failIf: [StatsCheck.Condition] = []
  @Option(
    help: ArgumentHelp(
      "With --format nagios: WARNING where this holds (repeatable).", valueName: "condition"),
    transform: StatsConditionArgument.read)
  var warning: [StatsCheck.Condition] = []
  @Option(
    help: ArgumentHelp(
      "With --format nagios: CRITICAL where this holds (repeatable).", valueName: "condition"),
    transform: StatsConditionArgument.read)
  var critical: [StatsCheck.Condition] = []
  @OptionGroup var form: FormatOptions<StatsReport>

  /// The format of the output.
  var format: OutputFormat { form.format }

  /// The shortest interval: below it the readings themselves are most of what is read.
  private static let shortest = Duration.milliseconds(100)

  func validate() throws {
    if let interval, interval < StatsOptions.shortest {
      throw ValidationError("--interval must be at least 100ms")
    }
    if state != nil, interval != nil || watch {
      throw ValidationError("--state names the interval by itself; leave out --interval and --watch")
    }
    try validateConditions()
    if watch { try validateWatch() }
  }

  private func validateConditions() throws {
    let isNagios = format == .nagios
    if isNagios, !failIf.isEmpty {
      throw ValidationError("--format nagios takes --warning and --critical in place of --fail-if")
    }
    if !isNagios, !warning.isEmpty || !critical.isEmpty {
      throw ValidationError(
        "--warning and --critical are for --format nagios; --fail-if is for the others")
    }
  }

  private func validateWatch() throws {
    if !failIf.isEmpty { throw ValidationError("--watch runs until Ctrl-C; --fail-if needs --interval") }
    switch format {
    case .table, .jsonl, .csv: break
    case .json: throw ValidationError("--watch prints one object an interval; say --format jsonl")
    case .prometheus, .nagios:
      throw ValidationError(
        "--watch prints rows; --format \(format.rawValue) needs --interval or --state")
    }
  }
}

/// Reads the conditions of `--fail-if` and its kin.
enum StatsConditionArgument {
  static func read(_ text: String) throws -> StatsCheck.Condition {
    do {
      return try StatsCheck.Condition(text)
    } catch {
      throw ValidationError(message(for: error))
    }
  }

  private static func message(for error: StatsConditionError) -> String {
    switch error {
    case .malformed(let problem):
      return problem
    case .unknownField(let name):
      let known = StatsUnit.fields.keys.sorted()
      if let nearest = Spelling.nearest(to: name, among: known) {
        return "there is no field \(name); did you mean \(nearest)?"
      }
      return "there is no field \(name); there are \(known.joined(separator: ", "))"
    }
  }
}
