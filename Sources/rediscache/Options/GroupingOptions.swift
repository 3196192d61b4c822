import ArgumentParser
import Operations
import RedisClient
import Reporting

/// What is counted together and how much of it is measured: the same options for every command that groups keys.
struct GroupingOptions: ParsableArguments {
  @OptionGroup var rows: GroupRowOptions<ScanGrouping>
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Group by the first N segments of the template.", valueName: "n"),
    transform: OptionValue.count(1...24))
  var depth: Int?
  @Flag(help: "Measure every key.")
  var exact = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keys measured of each template (default 2500; all of them up to 200,000 keys).", valueName: "n"),
    transform: OptionValue.count(1...100_000_000))
  var sample: Int?
  @Flag(help: "Every database of the server that has keys.")
  var allDbs = false

  /// What the groups are; nil for the usual ones.
  var by: ScanGrouping? { rows.by }
  /// How many rows a table has; nil for the usual number.
  var top: Int? { rows.top }
  /// How many groups are held in memory; nil for the usual number.
  var maxGroups: Int? { rows.maxGroups }

  func validate() throws {
    if exact, sample != nil { throw ValidationError("--exact measures every key; leave out --sample") }
    if depth != nil, grouping != .version, by != .template {
      throw ValidationError("--depth cuts templates; leave out --by, or say --by template")
    }
  }

  /// Checks what these options and those of the connection say together.
  func validate(with connection: ConnectionOptions) throws {
    if allDbs, connection.db != nil { throw ValidationError("--all-dbs and --db exclude each other") }
  }

  /// What the groups are.
  var grouping: ScanGrouping { by ?? .usual }

  /// How many keys are measured.
  var measuring: ScanRequest.Measuring { exact ? .exact : sample.map { .sample($0) } ?? .automatic }

  /// The options that decide what is counted together, how much of it is measured, and where.
  var given: [SuggestedOption] {
    .given([
      (.by, grouping == .version ? nil : grouping.name), (.depth, depth.map { String($0) }),
      (.sample, sample.map { String($0) }), (.maxGroups, maxGroups.map { String($0) }),
    ]) + .given(.exact, if: exact) + (allDbs ? [.allDatabases] : [])
  }
}

extension ScanGrouping: ExpressibleByArgument {
  init?(argument: String) { self.init(named: argument) }

  /// The words that `--by` takes.
  static var allValueStrings: [String] { named.map(\.name) + ["segment:N"] }

  /// The words that shells offer.
  static var defaultCompletionKind: CompletionKind { .list(named.map(\.name) + ["segment:1", "segment:2"]) }
}
