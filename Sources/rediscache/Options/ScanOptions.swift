import ArgumentParser
import Bytes
import Configuration
import Operations
import RedisClient
import Reporting

/// What is particular to `scan`.
struct ScanOptions: ParsableArguments {
  @Option(
    help:
      "Order of the groups; ttl puts the soonest to expire first. With --list and --top: memory, ttl or name."
  )
  var sort = ScanRequest.Order.keys
  @Flag(help: "Also ask how long keys have not been used.")
  var idle = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("List the N largest keys; measures every key.", valueName: "n"),
    transform: OptionValue.count(1...10_000))
  var big: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "List the N keys that are used most, by how often or how lately; asks every key.", valueName: "n"),
    transform: OptionValue.count(1...10_000))
  var hot: Int?
  @Flag(help: "List the chosen keys instead of grouping them.")
  var list = false
  @Flag(name: .customLong("print0"), help: "With --list: keys as they are, each followed by a NUL.")
  var print0 = false
  @Option(
    help: ArgumentHelp(
      "Save the state here every few seconds; the same command resumes from it.", valueName: "file"),
    completion: .file())
  var checkpoint: String?
  @Option(
    help: ArgumentHelp(
      "Exit with 2 where a finding is at least this severe; with --format nagios, what counts (default warning).",
      valueName: "severity"))
  var failOn: Severity?
  @Flag(help: "Show every finding, not only the worst.")
  var allFindings = false
  @Option(
    help: ArgumentHelp(
      "Leave out findings of a kind, or those about a namespace or template; may be repeated.",
      valueName: "id[:group]"), completion: .list(FindingFilter.ids))
  var ignore: [String] = []
  @Option(
    help: ArgumentHelp(
      "Leave out findings of a kind that concern at most this share of the keys: no-ttl=1%; may be repeated.",
      valueName: "id=share"), completion: .list(FindingFilter.countedIDs.map { "\($0)=1%" }))
  var limit: [String] = []
  @OptionGroup var form: FormatOptions<ScanReport>

  func validate() throws {
    if print0, !list { throw ValidationError("--print0 needs --list") }
    _ = try filter()
  }

  /// Which findings are left out.
  func filter() throws -> FindingFilter {
    var filter = FindingFilter()
    filter.showsAll = allFindings
    for text in ignore {
      guard let ignored = FindingFilter.Ignored(text) else {
        throw ScanOptions.unknownFinding("--ignore", text, FindingFilter.ids)
      }
      filter.ignored.append(ignored)
    }
    for text in limit {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, FindingFilter.countedIDs.contains(parts[0]) else {
        throw ScanOptions.unknownFinding("--limit", text, FindingFilter.countedIDs)
      }
      do { filter.limits[parts[0]] = try OptionValue.percentage(parts[1]) } catch {
        throw ValidationError("--limit: \(KeyText.quoted(parts[1])) is no share such as 1%")
      }
    }
    return filter
  }

  private static func unknownFinding(_ option: String, _ text: String, _ kinds: [String]) -> ValidationError {
    ValidationError(
      "\(option): \(KeyText.quoted(text)) names no kind of finding; the kinds are "
        + kinds.joined(separator: " "))
  }

  /// Takes over what a profile says, where no option says it.
  mutating func adopt(_ profile: Profile?, named name: String?) throws {
    guard let profile else { return }
    if ignore.isEmpty { ignore = profile.ignoredFindings }
    if limit.isEmpty { limit = profile.findingLimits }
    do { _ = try filter() } catch {
      throw Failure(
        .configuration,
        "profile \(KeyText.quoted(name ?? "")), \(KeyText.sanitized((error as? ValidationError)?.message ?? "\(error)"))"
      )
    }
  }

  /// Checks what these options and those of grouping say together.
  func validate(with grouping: GroupingOptions) throws {
    if hot != nil, grouping.sample != nil {
      throw ValidationError("--hot must ask every key; leave out --sample")
    }
    if hot != nil, checkpoint != nil {
      throw ValidationError("--hot is about one moment, and a scan with --checkpoint may take several runs")
    }
    if big != nil, grouping.sample != nil {
      throw ValidationError("--big must measure every key; leave out --sample")
    }
    if list { try validateList(with: grouping) }
  }

  /// `--list` streams keys: what groups or judges them has no meaning there.
  private func validateList(with grouping: GroupingOptions) throws {
    let clashes = [
      ("--by", grouping.by != nil), ("--depth", grouping.depth != nil), ("--big", big != nil),
      ("--hot", hot != nil),
      ("--sample", grouping.sample != nil), ("--fail-on", failOn != nil), ("--json", form.json),
      ("--format json", form.given == .json), ("--format table", form.given == .table),
      ("--format prometheus", form.given == .prometheus),
      ("--format nagios", form.given == .nagios),
      ("--all-findings", allFindings), ("--ignore", !ignore.isEmpty),
      ("--limit", !limit.isEmpty),
      ("--exact", grouping.exact),
      ("--max-groups", grouping.maxGroups != nil), ("--checkpoint", checkpoint != nil),
    ]
    if let clash = clashes.first(where: \.1) {
      throw ValidationError(
        "--list streams keys and takes no \(clash.0); --format jsonl or csv gives their details")
    }
    if sort != .keys, grouping.top == nil {
      throw ValidationError("--list --sort keeps the first keys in memory: say how many with --top N")
    }
    if grouping.allDbs, form.given == nil {
      throw ValidationError(
        "--all-dbs lists keys of several databases, and a name alone does not say of which: "
          + "add --format jsonl or csv, or choose one with --db")
    }
    if print0, form.given != nil {
      throw ValidationError("--print0 is a format of its own; leave out --format")
    }
  }

  /// The options that decide what is measured.
  var given: [SuggestedOption] { .given(.big, big.map { String($0) }) + .given(.idle, if: idle) }

  /// Fills in what these options and those of grouping say.
  func apply(_ grouping: GroupingOptions, to request: inout ScanRequest) throws {
    request.filter = try filter()
    request.grouping = grouping.grouping
    request.splitsLarge = grouping.by == nil && grouping.depth == nil
    request.depth = grouping.depth
    request.top = grouping.top ?? request.top
    request.measuring = grouping.measuring
    request.maximumGroups = grouping.maxGroups ?? request.maximumGroups
    request.order = sort
    request.measuresIdle = idle
    request.biggest = big
    request.hottest = hot
  }
}

extension Severity: ExpressibleByArgument {}
extension ScanRequest.Order: ExpressibleByArgument {}
