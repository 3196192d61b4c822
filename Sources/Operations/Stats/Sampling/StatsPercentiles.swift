/// How long commands took, from the percentiles that `INFO latencystats` gives for each of them.
///
/// An approximation for servers without LATENCY HISTOGRAM: a command's distribution is taken as straight
/// between its percentiles, and the commands are mixed by their calls.
package struct StatsPercentiles: Sendable, Equatable {
  /// One percentile: the share of calls that ended within a time.
  struct Point: Sendable, Equatable {
    let share: Double
    let microseconds: Double
  }

  private var commands: [(calls: Double, points: [Point])] = []

  /// No commands yet.
  package init() {}

  /// Whether both hold the same commands with the same figures.
  package static func == (left: StatsPercentiles, right: StatsPercentiles) -> Bool {
    left.commands.elementsEqual(right.commands) { $0.calls == $1.calls && $0.points == $1.points }
  }

  /// Adds a command by its calls and the server's text, `p50=4.015,p99=6.015,p99.9=6.015` in microseconds.
  ///
  /// Text that is nothing of the kind adds nothing.
  package mutating func add(calls: Int, text: some StringProtocol) {
    let points = text.split(separator: ",").compactMap { pair -> Point? in
      let halves = pair.split(separator: "=", maxSplits: 1)
      guard halves.count == 2, halves[0].first == "p", let percent = Double(halves[0].dropFirst()),
        let microseconds = Double(halves[1]), (0...100).contains(percent), (0...1e15).contains(microseconds)
      else { return nil }
      return Point(share: percent / 100, microseconds: microseconds)
    }
    guard calls > 0, !points.isEmpty else { return }
    commands.append((Double(calls), points.sorted { $0.share < $1.share }))
  }

  /// Adds the commands of another server.
  package mutating func merge(_ other: StatsPercentiles) { commands += other.commands }

  /// The time in seconds within which a share of all calls ended.
  ///
  /// Nil without commands, and where the server keeps no percentile as high as that.
  package func quantile(_ share: Double) -> Double? {
    let total = commands.reduce(0) { $0 + $1.calls }
    guard total > 0, commands.allSatisfy({ ($0.points.last?.share ?? 0) >= share }) else { return nil }
    var (low, high) = (0.0, commands.reduce(0) { max($0, $1.points.last?.microseconds ?? 0) })
    // Halving 50 times leaves less than any server measures.
    for _ in 0..<50 {
      let middle = (low + high) / 2
      let within = commands.reduce(0) { $0 + $1.calls * StatsPercentiles.share($1.points, within: middle) }
      if within < share * total { low = middle } else { high = middle }
    }
    return high / 1e6
  }

  private static func share(_ points: [Point], within microseconds: Double) -> Double {
    var before = Point(share: 0, microseconds: 0)
    for point in points {
      if microseconds < point.microseconds {
        let span = point.microseconds - before.microseconds
        return before.share + (point.share - before.share) * (microseconds - before.microseconds) / span
      }
      before = point
    }
    return 1
  }
}
