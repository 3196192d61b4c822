import ArgumentParser
import Operations
import RedisClient
import Reporting

/// What is counted together and how much of it is measured: the same options for every command that groups keys.
struct GroupingOptions: ParsableArguments {
  @Option(help: "What the groups are.")
  var by = ScanGrouping.version
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Group by the first N segments of the template.", valueName: "n"),
    transform: OptionValue.count(1...24))
  var depth: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Rows of the table; the rest is one row (default 40). With scan --list: at most so many keys.",
      valueName: "n"),
    transform: OptionValue.count(1...1_000_000))
  var top: Int?
  @Flag(help: "Measure every key.")
  var exact = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keys measured per group (default 2500; all of them up to 200,000 keys).", valueName: "n"),
    transform: OptionValue.count(1...100_000_000))
  var sample: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Groups held in memory (default 10000); keys beyond share one group.", valueName: "n"),
    transform: OptionValue.count(1...1_000_000))
  var maxGroups: Int?
  @Flag(help: "Every database of the server that has keys.")
  var allDbs = false

  func validate() throws {
    if exact, sample != nil { throw ValidationError("--exact measures every key; leave out --sample") }
    if depth != nil, by != .version, by != .template {
      throw ValidationError("--depth cuts templates; leave out --by, or say --by template")
    }
  }

  /// Checks what these options and those of the connection say together.
  func validate(with connection: ConnectionOptions) throws {
    if allDbs, connection.db != nil { throw ValidationError("--all-dbs and --db exclude each other") }
  }

  /// How many keys are measured.
  var measuring: ScanRequest.Measuring { exact ? .exact : sample.map { .sample($0) } ?? .automatic }

  /// The options that decide what is counted together, how much of it is measured, and where.
  var given: [SuggestedOption] {
    .given([
      (.by, by == .version ? nil : by.rawValue), (.depth, depth.map { String($0) }),
      (.sample, sample.map { String($0) }), (.maxGroups, maxGroups.map { String($0) }),
    ]) + .given(.exact, if: exact) + (allDbs ? [.allDatabases] : [])
  }
}

extension ScanGrouping: ExpressibleByArgument {}
