import ArgumentParser
import Keyspace
import Operations

/// How hard the server is worked: the same options for every command that walks keys.
struct PacingOptions: ParsableArguments {
  @Option(help: "auto: flights of about 0.3 ms; gentle: also at rest three quarters of the time; full: flat out.")
  var pace = Pace.auto
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("At most so many keys a second.", valueName: "keys"),
    transform: OptionValue.count(1...Int.max))
  var rate: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("COUNT of each SCAN, 1 to 100000 (default: chosen by the pace).", valueName: "keys"),
    transform: OptionValue.count(1...100_000))
  var count: Int?
}
