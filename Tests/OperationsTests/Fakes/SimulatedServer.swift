import RedisClient

@testable import Bytes
@testable import Operations

/// A server in simulated time: each command costs it some, the way there and back costs some, and nothing
/// else takes any.
///
/// Like Redis it works in passes: what has arrived during one is worked off in the next, before anyone else is served.
final class SimulatedServer: CommandChannel {
  /// What the server and the way to it cost, in seconds.
  struct Costs {
    /// One SCAN, whatever its COUNT.
    var scan = 5e-6
    /// Each key that a SCAN walks over.
    var scannedKey = 0.2e-6
    /// Each measuring command.
    var measure = 0.8e-6
    /// There and back.
    var roundTrip = 60e-6
  }

  let endpoint = Endpoint(address: .tcp(host: "simulated", port: 6379))
  /// The costs at a moment, in seconds since the start.
  var costs: (Double) -> Costs = { _ in Costs() }
  /// The factor on the time of a batch.
  var noise: () -> Double = { 1 }
  /// The share of keys that match the pattern.
  var matching = 1.0

  /// The time in seconds since the start.
  private(set) var time = 0.0
  /// For each pass how long it held the server.
  var holds: [Double] { passes.map(\.hold) }
  private var passes: [(start: Double, hold: Double)] = []
  /// For each SCAN its COUNT.
  private(set) var counts: [Int] = []
  /// Keys that SCAN has returned.
  private(set) var keys = 0
  /// The time for which the server worked.
  var busy: Double { holds.reduce(0, +) }

  private var left: Int
  private var isFree = 0.0
  private var waiting: [(reply: FakeReply, arrives: Double)] = []
  private let start = ContinuousClock.now
  private var fraction = 0.0

  /// A server with a number of keys.
  init(keys: Int) { left = keys }

  var now: ContinuousClock.Instant { start + .seconds(time) }

  func send(_ commands: CommandBuffer) {
    let costs = costs(time)
    let noise = noise()
    let arrived = time + costs.roundTrip / 2
    var hold = 0.0
    var replies: [FakeReply] = []
    for command in commands.commands {
      if command[0].text == "SCAN" {
        let count = command.firstIndex { $0.text == "COUNT" }.flatMap { Int(command[$0 + 1].text) } ?? 10
        counts.append(count)
        hold += noise * (costs.scan + Double(min(count, left)) * costs.scannedKey)
        replies.append(page(count))
      } else if command[0].text == "TIME" {
        replies.append(SimulatedServer.time(at: max(isFree, arrived) + hold))
      } else {
        hold += noise * costs.measure
        replies.append(.integer(command[0].text == "PTTL" ? 60_000 : 100))
      }
    }
    if let last = passes.last, arrived <= last.start {
      passes[passes.count - 1].hold += hold
    } else {
      passes.append((max(isFree, arrived), hold))
    }
    isFree = max(isFree, arrived) + hold
    waiting += replies.map { ($0, isFree + costs.roundTrip / 2) }
  }

  /// The reply to TIME at a moment, in seconds since the start.
  private static func time(at moment: Double) -> FakeReply {
    let microseconds = Int(moment * 1e6)
    return .array(
      [1_700_000_000 + microseconds / 1_000_000, microseconds % 1_000_000].map {
        .bulk(Array(String($0).utf8))
      })
  }

  private func page(_ count: Int) -> FakeReply {
    let walked = min(count, left)
    left -= walked
    fraction += Double(walked) * matching
    let found = Int(fraction)
    fraction -= Double(found)
    keys += found
    let names = (keys - found..<keys).map { FakeReply.bulk(Array("app:v1:key:\($0)".utf8)) }
    return .array([.bulk(Array((left == 0 ? "0" : "17").utf8)), .array(names)])
  }

  func receive(_ count: Int, into replies: ReplyBuffer) {
    for entry in waiting.prefix(count) {
      time = max(time, entry.arrives)
      entry.reply.append(to: replies)
    }
    waiting.removeFirst(min(count, waiting.count))
  }

  func pause(_ duration: Duration) { time += duration / .seconds(1) }

  /// Walks all keys, measuring each, in simulated time.
  func walk(_ pace: PaceController, pattern: [UInt8]? = nil) throws {
    var walk = SourceWalk(
      channel: self, plan: .init(pattern: pattern, type: nil, pace: pace), filter: NameFilter(seed: 1),
      roundTrip: .seconds(costs(0).roundTrip * 1.1 + 10e-6),
      asksTime: costs(0).roundTrip * 1.1 + 10e-6 >= ServerTimer.farRoundTrip / .seconds(1),
      now: { self.now })
    var visitor = SilentVisitor(MeasureEverything())
    let ending = try walk.run(&visitor) { _ in false }
    precondition(ending == .complete)
  }
}

/// Asks every key for its TTL and size.
private struct MeasureEverything: KeyVisitor {
  func fork() -> MeasureEverything { self }
  mutating func merge(_ other: MeasureEverything) {}
  mutating func startOver() {}

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    choice.isChosen = true
    choice.measurements = [.ttl, .memory]
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {}
}
