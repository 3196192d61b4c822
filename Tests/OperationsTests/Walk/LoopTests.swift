import Keyspace
import RedisClient
import Synchronization
import Testing

@testable import Operations

/// The loops that can run for long: how often they look whether the run must end, and how their time grows with the work.
struct LoopTests {
  /// A loop, and an amount of work that takes it a few looks.
  struct Loop: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The units of work.
    let size: Int
    /// The most units between two looks.
    let units: Int
    /// The looks that may follow the one that says to stop.
    var looksAfterStop = 40
    let run: @Sendable (Int, RunContext) throws -> Void
  }

  static let loops = [
    Loop(testDescription: "names that SCAN gives", size: 4_000, units: 200) { size, context in
      _ = try FakeServer((0..<size).map { FakeKey("app:v1:\($0)") }).scan(context: context)
    },
    Loop(testDescription: "pages of SCAN without a name", size: 4_000, units: 200) { size, context in
      let server = FakeServer((0..<size).map { FakeKey("app:v1:\($0)") })
      _ = try server.scan(context: context) { $0.walk.selection.pattern = Glob("none:*") }
    },
    Loop(testDescription: "fields of a hash", size: 20_000, units: 1_500) { size, context in
      try export("hash", "HSCAN", size, context) { ["f\($0)", "v"] }
    },
    Loop(testDescription: "members of a set", size: 20_000, units: 1_500) { size, context in
      try export("set", "SSCAN", size, context) { ["m\($0)"] }
    },
    Loop(testDescription: "blank lines of a seed", size: 1 << 17, units: 1 << 15) { size, context in
      let seed = SeedBytes(String(repeating: "\n", count: size), piece: 1 << 14)
      _ = try WarmServer().warm(seed, context: context)
    },
    // Each shard that is left looks once, and does nothing.
    Loop(
      testDescription: "shards that are connected and walked", size: 100, units: 2, looksAfterStop: 1_000
    ) { size, context in
      let shards = shards(size)
      let server = { @Sendable in
        let server = FakeServer([])
        server.info = ["redis_version:7.0.15", "role:master", "cluster_enabled:1"]
        server.faults.reply = { words in
          guard words[0].text == "CLUSTER" else { return nil }
          return words[1].text == "SHARDS" ? shards : .error("ERR unknown subcommand")
        }
        return server
      }
      let endpoint = Endpoint(address: .tcp(host: "10.0.0.1", port: 6379))
      let target = WalkTarget<FakeChannel>(
        identity: WalkIdentity(name: nil, endpoint: endpoint), databases: .only(0), wallClock: 1.8e9,
        reading: WalkReading(mostNodes: 1), reach: { _ in FakeChannel(server(), database: 0) }
      ) { FakeChannel(server(), database: $0) }
      _ = try ScanOperation(ScanRequest(), of: target, context: context).run()
    },
  ]

  /// The reply to CLUSTER SHARDS of a cluster whose shards have equally many slots.
  private static func shards(_ count: Int) -> FakeReply {
    let width = 16_384 / count
    return .array(
      (0..<count).map { index in
        let slots = [index * width, index == count - 1 ? 16_383 : (index + 1) * width - 1]
        let address = "10.\(index / 62_500).\(index / 250 % 250).\(index % 250 + 1)"
        let node: [FakeReply] = [
          .bulk(utf8("id")), .bulk(utf8("\(index)")), .bulk(utf8("port")), .integer(6379),
          .bulk(utf8("ip")), .bulk(utf8(address)), .bulk(utf8("endpoint")), .bulk(utf8(address)),
          .bulk(utf8("role")), .bulk(utf8("master")), .bulk(utf8("health")), .bulk(utf8("online")),
        ]
        return .array([
          .bulk(utf8("slots")), .array(slots.map { .integer(Int64($0)) }),
          .bulk(utf8("nodes")), .array([.array(node)]),
        ])
      })
  }

  /// Exports one collection of a number of elements, which come in pages of a thousand.
  private static func export(
    _ type: String, _ command: String, _ size: Int, _ context: RunContext, element: (Int) -> [String]
  ) throws {
    let server = FakeServer([FakeKey("big", type: type)])
    let elements = (0..<size).map { element($0).map { FakeReply.bulk(utf8($0)) } }
    server.faults.reply = { words in
      switch words[0].text {
      case command:
        let start = Int(words[2].text) ?? 0
        let end = min(size, start + 1_000)
        return .array([
          .bulk(utf8(end == size ? "0" : "\(end)")), .array(elements[start..<end].flatMap { $0 }),
        ])
      case "HLEN", "SCARD": return .integer(Int64(size))
      case "GET": return .error("WRONGTYPE Operation against a key holding the wrong kind of value")
      case "HPTTL": return .error("ERR unknown command 'HPTTL'")
      default: return nil
      }
    }
    _ = try ExportOperation(ExportRequest(), of: server.target(), context: context).run { _ in true }
  }

  /// Runs a loop, and returns how often it has looked and what it took.
  private func run(_ loop: Loop, _ size: Int) throws -> (looks: Int, time: Duration) {
    let looks = Counter()
    var context = RunContext.test
    context.shouldStop = {
      looks.value.add(1, ordering: .relaxed)
      return false
    }
    let start = ContinuousClock.now
    try loop.run(size, context)
    return (looks.value.load(ordering: .relaxed), ContinuousClock.now - start)
  }

  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  /// Four times the work may take four times as long; what is quadratic takes sixteen times.
  @Test(arguments: loops) func looksOftenAndGrowsWithTheWork(loop: Loop) throws {
    let small = try (0..<3).map { _ in try run(loop, loop.size) }
    let large = try run(loop, 4 * loop.size)
    let looks = small[0].looks
    #expect(looks * loop.units >= loop.size, "\(looks) looks")
    #expect(large.looks * loop.units >= 4 * loop.size, "\(large.looks) looks")
    let time = small.map(\.time).min() ?? .zero
    #expect(large.time <= time * 9 + .milliseconds(20), "\(large.time) after \(time)")
  }

  @Test(arguments: loops) func endsSoonAfterAStop(loop: Loop) throws {
    let looks = Counter()
    var context = RunContext.test
    context.shouldStop = { looks.value.add(1, ordering: .relaxed).newValue > 4 }
    do { try loop.run(4 * loop.size, context) } catch let error as ClientError {
      #expect(error.kind == .interrupted)
    }
    // Each worker, and each step up, may look once more.
    let after = looks.value.load(ordering: .relaxed) - 4
    #expect(after <= loop.looksAfterStop, "\(after) looks")
  }
}
