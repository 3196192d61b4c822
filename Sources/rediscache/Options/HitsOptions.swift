import ArgumentParser
import Bytes
import Operations
import RedisClient
import Reporting

/// What is particular to `hits`.
struct HitsOptions: ParsableArguments {
  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("How long to listen (default 60s).", valueName: "duration"),
    transform: OptionValue.duration)
  var listenFor: Duration?
  @Flag(help: "Report each --for (default 10s here) until Ctrl-C.")
  var watch = false
  @Option(
    help: ArgumentHelp(
      "Do not listen: hits and misses since this file was last written, by INFO, and which keys were used lately (for cron).",
      valueName: "file"),
    completion: .file())
  var state: String?
  @Flag(
    help: "Make the servers send the events that are missing (CONFIG SET), and set them back afterwards.")
  var enableNotifications = false
  @Flag(help: "Do not measure what the keys take: no SCAN before listening.")
  var noMemory = false
  @Flag(help: "Do not estimate reads: MONITOR is never sent.")
  var noMonitor = false
  @Option(
    help: ArgumentHelp(
      "The part of the time in which a server is monitored, in windows of up to 200ms (default 5%).",
      valueName: "percent"),
    transform: OptionValue.percentage)
  var duty: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Monitor no server that runs more commands a second (default 100000).", valueName: "n"),
    transform: OptionValue.count(1...100_000_000))
  var maxOps: Int?
  @Option(
    help: ArgumentHelp(
      "Infer misses from MONITOR where no events are sent: a read that a write of its key follows within this time "
        + "(default: as far as the windows reach, at most 2s); a longer time needs longer windows.",
      valueName: "duration"), transform: OptionValue.duration)
  var refill: Duration?
  @Flag(help: "Monitor whatever speaks against it: too many commands a second, or too much that is written.")
  var force = false
  @OptionGroup var rows: GroupRowOptions<NameGrouping>
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("List the N keys that miss most.", valueName: "n"),
    transform: OptionValue.count(1...1000))
  var topKeys: Int?
  @Option(
    name: .customLong("fail-if"),
    help: ArgumentHelp(
      "Exit with 2 where this holds: 'hit_ratio < 80%', or of one group 'product:v7: hit_ratio < 90%' (repeatable).",
      valueName: "condition"), transform: HitsOptions.condition)
  var failIf: [HitsCheck.Condition] = []
  @OptionGroup var form: FormatOptions<HitsReport>

  /// How long to listen, or how long an interval is.
  var duration: Duration { listenFor ?? (watch ? .seconds(10) : .seconds(60)) }

  /// The shortest time: below it the readings themselves are most of what is heard.
  private static let shortest = Duration.milliseconds(100)

  func validate() throws {
    if let duty, !(0.001...0.5).contains(duty) {
      throw ValidationError("--duty must be from 0.1% to 50%")
    }
    if watch { try validateWatch() }
    if state != nil { try validateState() }
    if noMonitor, duty != nil || maxOps != nil || force || refill != nil {
      throw ValidationError("--no-monitor leaves nothing for --duty, --max-ops, --refill and --force")
    }
    if let refill { try validate(refill) }
    if duration < HitsOptions.shortest { throw ValidationError("--for must be at least 100ms") }
  }

  /// Without listening there is nothing for the options of listening.
  private func validateState() throws {
    let clashes = [
      ("--for", listenFor != nil), ("--watch", watch), ("--enable-notifications", enableNotifications),
      ("--no-monitor", noMonitor), ("--duty", duty != nil), ("--max-ops", maxOps != nil),
      ("--refill", refill != nil), ("--force", force), ("--top-keys", topKeys != nil),
    ]
    if let clash = clashes.first(where: \.1) {
      throw ValidationError("--state does not listen and takes no \(clash.0)")
    }
    if noMemory {
      throw ValidationError("--state samples the keys; without them stats --state says the same")
    }
  }

  /// Sees that there is time for some windows in which reads can be followed for so long.
  private func validate(_ refill: Duration) throws {
    guard refill >= .milliseconds(1) else { throw ValidationError("--refill must be at least 1ms") }
    let needed = MonitorPlan.leastDuration(following: refill, duty: duty ?? HitsRequest().duty)
    guard duration < needed else { return }
    let seconds = Int((needed / .seconds(1)).rounded(.up))
    throw ValidationError(
      "--refill needs windows of twice its time, and four of them: say --for \(seconds)s or longer, or a larger --duty"
    )
  }

  private func validateWatch() throws {
    if !failIf.isEmpty { throw ValidationError("--watch runs until Ctrl-C; --fail-if needs a run that ends") }
    switch form.format {
    case .table, .jsonl, .csv: break
    case .json: throw ValidationError("--watch prints one object an interval; say --format jsonl")
    case .prometheus, .nagios: throw ValidationError("--watch prints rows; leave out --format prometheus")
    }
  }

  private static func condition(_ text: String) throws -> HitsCheck.Condition {
    do {
      return try HitsCheck.Condition(text)
    } catch {
      switch error {
      case .malformed(let problem): throw ValidationError(problem)
      case .unknownField(let name):
        throw ValidationError(
          "there is no field \(name); there are \(HitsCheck.Condition.fields.joined(separator: ", "))")
      }
    }
  }

  /// The request that these options make.
  func apply(to request: inout HitsRequest) {
    request.duration = duration
    request.enablesNotifications = enableNotifications
    request.measuresMemory = !noMemory
    request.monitors = !noMonitor
    request.duty = duty ?? request.duty
    request.mostOperations = maxOps ?? request.mostOperations
    request.refill = refill
    request.isForced = force
    request.grouping = (rows.by ?? .usual).grouping
    request.top = rows.top ?? request.top
    request.maximumGroups = rows.maxGroups ?? request.maximumGroups
    request.topKeys = topKeys
    request.spellRestoration = \.line
  }
}

extension HitsRequest.Restoration {
  /// The command for a shell, with redis-cli; the password comes from its environment.
  fileprivate var line: String {
    let place =
      switch endpoint.address {
      case .unix(let path): ["-s", path]
      case .tcp(let host, let port):
        ["-h", host, "-p", String(port)] + (endpoint.tls == nil ? [] : ["--tls"])
      }
    let user = endpoint.credentials?.user.map { ["--user", $0] } ?? []
    return (["redis-cli"] + place + user + ["CONFIG", "SET", setting, value])
      .map { KeyText.shellQuoted($0) }.joined(separator: " ")
  }
}
