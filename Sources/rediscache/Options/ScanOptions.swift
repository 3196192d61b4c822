import ArgumentParser
import Operations
import RedisClient
import Reporting

/// What is particular to `scan`.
struct ScanOptions: ParsableArguments {
  @Option(help: "Order of the groups; ttl puts the soonest to expire first.")
  var sort = ScanRequest.Order.keys
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
  @Option(
    help: ArgumentHelp(
      "Save the state here every few seconds; the same command goes on from it.", valueName: "file"),
    completion: .file())
  var checkpoint: String?
  @Option(
    help: ArgumentHelp(
      "Exit with 2 where a finding is at least this severe.", valueName: "severity"))
  var failOn: Severity?
  @Option(help: "Form of the output; --list takes csv and jsonl.")
  var format: ScanFormat?
  @Flag(help: "Short for --format json.")
  var json = false

  func validate() throws {
    if json, format != nil, format != .json {
      throw ValidationError("--json and --format name different formats")
    }
    if print0, !list { throw ValidationError("--print0 goes with --list") }
  }

  /// Checks what these options and those of grouping say together.
  func validate(with grouping: GroupingOptions) throws {
    if big != nil, grouping.sample != nil {
      throw ValidationError("--big must measure every key; leave out --sample")
    }
    if list { try validateList(with: grouping) }
  }

  /// `--list` streams keys: what groups or judges them has no meaning there.
  private func validateList(with grouping: GroupingOptions) throws {
    let clashes = [
      ("--by", grouping.by != .version), ("--depth", grouping.depth != nil), ("--big", big != nil),
      ("--sample", grouping.sample != nil), ("--fail-on", failOn != nil), ("--json", json),
      ("--format json", format == .json), ("--format table", format == .table), ("--sort", sort != .keys),
      ("--top", grouping.top != nil), ("--exact", grouping.exact),
      ("--max-groups", grouping.maxGroups != nil), ("--checkpoint", checkpoint != nil),
    ]
    if let clash = clashes.first(where: \.1) {
      throw ValidationError(
        "--list streams keys and takes no \(clash.0); --format jsonl or csv gives their details")
    }
    if print0, format != nil { throw ValidationError("--print0 is a format of its own; leave out --format") }
  }

  /// The words, of these options and those of grouping, that decide what is counted and measured.
  func choiceWords(with grouping: GroupingOptions) -> [[String]] {
    let values: [(String, String?)] = [
      ("--by", grouping.by == .version ? nil : grouping.by.rawValue),
      ("--depth", grouping.depth.map { String($0) }), ("--sample", grouping.sample.map { String($0) }),
      ("--max-groups", grouping.maxGroups.map { String($0) }), ("--big", big.map { String($0) }),
    ]
    let flags = [("--exact", grouping.exact), ("--all-dbs", grouping.allDbs), ("--idle", idle)]
    return values.compactMap { name, value in value.map { [name, $0] } } + flags.filter(\.1).map { [$0.0] }
  }

  /// Fills in what these options and those of grouping say.
  func apply(_ grouping: GroupingOptions, to request: inout ScanRequest) {
    request.grouping = grouping.by
    request.depth = grouping.depth
    request.top = grouping.top ?? request.top
    request.measuring = grouping.measuring
    request.maximumGroups = grouping.maxGroups ?? request.maximumGroups
    request.order = sort
    request.measuresIdle = idle
    request.biggest = big
  }
}

/// The forms of a scan's report.
enum ScanFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, jsonl, csv
}

extension Severity: ExpressibleByArgument {}
extension ScanRequest.Order: ExpressibleByArgument {}
