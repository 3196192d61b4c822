import ArgumentParser
import Operations
import Quantities
import Reporting

/// What is particular to `ttl`.
struct TTLOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Upper edges of the bars, such as 1m,10m,1h (default: fitted to the data).", valueName: "list"))
  var buckets: String?
  @Option(
    help: ArgumentHelp(
      "Length of the windows in which waves are looked for (default 60s).", valueName: "duration"),
    transform: OptionValue.duration)
  var waveWindow: Duration?
  @Option(
    help: ArgumentHelp("How far ahead waves are looked for (default 24h).", valueName: "duration"),
    transform: OptionValue.duration)
  var horizon: Duration?
  @OptionGroup var form: FormatOptions<TTLReport>

  func validate() throws {
    let seconds = [("--wave-window", waveWindow, 86_400), ("--horizon", horizon, 30 * 86_400)]
    for case (let name, let value?, let most) in seconds {
      guard (1...Int64(most)).contains(value.components.seconds) else {
        throw ValidationError("\(name) must be from 1s to \(most / 86_400)d")
      }
    }
    if waveWindow ?? .seconds(60) > horizon ?? .seconds(86_400) {
      throw ValidationError("--wave-window must not be longer than --horizon")
    }
    _ = try edges()
  }

  /// The edges in milliseconds; nil fits them to the data.
  private func edges() throws -> [Int64]? {
    guard let buckets else { return nil }
    var edges: [Int64] = []
    for word in buckets.split(separator: ",", omittingEmptySubsequences: false) {
      do {
        edges.append(try Units.duration(String(word)).milliseconds)
      } catch {
        throw ValidationError("--buckets: \(error)")
      }
    }
    guard edges.count <= 100, edges.first ?? 0 > 0, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw ValidationError(
        "--buckets must ascend from above zero, in at most 100 steps, such as 1m,10m,1h,6h")
    }
    return edges
  }

  /// Fills in what these options and those of grouping say.
  func apply(_ grouping: GroupingOptions, to request: inout TTLRequest) throws {
    request.grouping = grouping.grouping
    request.depth = grouping.depth
    request.top = grouping.top ?? request.top
    request.measuring = grouping.measuring
    request.maximumGroups = grouping.maxGroups ?? request.maximumGroups
    request.buckets = try edges()
    // A time series must keep its buckets from scrape to scrape.
    request.fitsBuckets = form.format != .prometheus
    request.waveWindow = waveWindow.map { Int($0.components.seconds) } ?? request.waveWindow
    request.horizon = horizon.map { Int($0.components.seconds) } ?? request.horizon
  }
}
