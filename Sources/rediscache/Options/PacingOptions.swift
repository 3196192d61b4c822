import ArgumentParser
import Bytes
import Configuration
import Operations
import Reporting

/// How hard the server is worked: the same options for every command that works on many keys.
struct PacingOptions: ParsableArguments {
  @Option(
    name: .customLong("pace"),
    help: ArgumentHelp(
      "auto holds the server about 0.3 ms at a time; gentle also rests 3/4 of the time; full takes all (default auto).",
      valueName: "pace"))
  var chosenPace: Pace?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("No more than this many keys a second.", valueName: "keys"),
    transform: OptionValue.count(1...Int.max))
  var rate: Int?

  /// The pace.
  var pace: Pace { chosenPace ?? .auto }

  /// Takes over what a profile says, where no option says it.
  mutating func adopt(_ profile: Profile?) {
    chosenPace = chosenPace ?? profile?.pace.flatMap(Pace.init)
  }

  /// The options that work the server as hard again.
  var given: [SuggestedOption] {
    .given([(.pace, pace == .auto ? nil : pace.rawValue), (.rate, rate.map { String($0) })])
  }
}

/// How hard the server is worked by a command that walks keys.
struct WalkPacingOptions: ParsableArguments {
  @OptionGroup var pacing: PacingOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("COUNT of each SCAN, 1 to 100,000 (default: chosen by the pace).", valueName: "keys"),
    transform: OptionValue.count(1...100_000))
  var count: Int?

  /// The options that work the server as hard again.
  var given: [SuggestedOption] { pacing.given + .given(.count, count.map { String($0) }) }
}
