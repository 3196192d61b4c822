import ArgumentParser
import Keyspace
import Operations
import Reporting

/// What is particular to `scan`.
struct ScanOptions: ParsableArguments {
  @Option(help: "What the groups are.")
  var by = ScanGrouping.version
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Group by the first N segments of the template.", valueName: "n"),
    transform: OptionValue.count(1...24))
  var depth: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Rows of the table; the rest is one row (default 40).", valueName: "n"),
    transform: OptionValue.count(1...1_000_000))
  var top: Int?
  @Option(help: "Order of the groups; ttl puts the soonest to expire first.")
  var sort = ScanRequest.Order.keys
  @Flag(help: "Measure every key.")
  var exact = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keys measured per group (default 2500; all of them up to 200,000 keys).", valueName: "n"),
    transform: OptionValue.count(1...100_000_000))
  var sample: Int?
  @Flag(help: "Also ask how long keys have not been used.")
  var idle = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("List the N largest keys; measures every key.", valueName: "n"),
    transform: OptionValue.count(1...10_000))
  var big: Int?
  @Flag(help: "List the chosen keys instead of grouping them.")
  var list = false
  @Flag(name: .customLong("print0"), help: "With --list: keys as they are, each followed by a NUL.")
  var print0 = false
  @Flag(help: "Every database of the server that has keys.")
  var allDbs = false
  @Option(
    help: ArgumentHelp(
      "Exit with 2 where a finding is at least this severe.", valueName: "severity"))
  var failOn: Severity?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Groups held in memory (default 10000); keys beyond share one group.", valueName: "n"),
    transform: OptionValue.count(1...1_000_000))
  var maxGroups: Int?
  @Option(help: "Form of the output; --list takes csv and jsonl.")
  var format: ScanFormat?
  @Flag(help: "Short for --format json.")
  var json = false

  func validate() throws {
    if exact, sample != nil { throw ValidationError("--exact measures every key; leave out --sample") }
    if big != nil, sample != nil { throw ValidationError("--big must measure every key; leave out --sample") }
    if json, format != nil, format != .json {
      throw ValidationError("--json and --format name different formats")
    }
    if print0, !list { throw ValidationError("--print0 goes with --list") }
    if depth != nil, by != .version, by != .template {
      throw ValidationError("--depth cuts templates; leave out --by, or say --by template")
    }
    if list { try validateList() }
  }

  /// `--list` streams keys: what groups or judges them has no meaning there.
  private func validateList() throws {
    let clashes = [
      ("--by", by != .version), ("--depth", depth != nil), ("--big", big != nil), ("--sample", sample != nil),
      ("--fail-on", failOn != nil), ("--json", json), ("--format json", format == .json),
      ("--format table", format == .table), ("--sort", sort != .keys), ("--top", top != nil),
      ("--exact", exact), ("--max-groups", maxGroups != nil),
    ]
    if let clash = clashes.first(where: \.1) {
      throw ValidationError(
        "--list streams keys and takes no \(clash.0); --format jsonl or csv gives their details")
    }
    if print0, format != nil { throw ValidationError("--print0 is a format of its own; leave out --format") }
  }

  /// Fills in what these options say.
  func apply(to request: inout ScanRequest) {
    request.grouping = by
    request.depth = depth
    request.top = top ?? request.top
    request.order = sort
    request.measuring = exact ? .exact : sample.map { .sample($0) } ?? .automatic
    request.measuresIdle = idle
    request.biggest = big
    request.maximumGroups = maxGroups ?? request.maximumGroups
  }
}

/// The forms of a scan's report.
enum ScanFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, jsonl, csv
}

extension ScanGrouping: ExpressibleByArgument {}
extension Severity: ExpressibleByArgument {}
extension ScanRequest.Order: ExpressibleByArgument {}
