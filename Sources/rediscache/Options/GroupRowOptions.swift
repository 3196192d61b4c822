import ArgumentParser
import Operations
import Reporting

/// What the groups of a command may be.
protocol GroupingChoice: ExpressibleByArgument, CaseIterable, Sendable {
  /// What they are where nothing else is asked for.
  static var usual: Self { get }
  /// What `--by` does.
  static var byHelp: String { get }
  /// What `--top` does.
  static var topHelp: String { get }
}

extension ScanGrouping: GroupingChoice {
  static var usual: ScanGrouping { .version }
  static var byHelp: String {
    "What the groups are (default version; the table of scan then shows namespaces with a fifth of the keys by entity)."
  }
  static var topHelp: String {
    "Rows of the table; the rest is one row (default 40). With scan --list: the most keys to list."
  }
}

/// What can be read from a name alone, whose key need not be there.
enum NameGrouping: String, GroupingChoice {
  case namespace, version, entity, template

  static var usual: NameGrouping { .version }
  static var byHelp: String { "What the groups are (default version)." }
  static var topHelp: String { "Rows of the table; the rest is one row (default 40)." }

  var grouping: ScanGrouping {
    switch self {
    case .namespace: .namespace
    case .version: .version
    case .entity: .entity
    case .template: .template
    }
  }
}

/// What is counted together, and how many groups there are: the same options for every command that groups keys.
struct GroupRowOptions<Grouping: GroupingChoice>: ParsableArguments {
  @Option(help: ArgumentHelp("\(Grouping.byHelp)", valueName: "grouping"))
  var by: Grouping?
  @Option(
    parsing: .unconditional, help: ArgumentHelp("\(Grouping.topHelp)", valueName: "n"),
    transform: OptionValue.count(1...1_000_000))
  var top: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Groups held in memory (default 10000); keys beyond share one group.", valueName: "n"),
    transform: OptionValue.count(1...1_000_000))
  var maxGroups: Int?
}
