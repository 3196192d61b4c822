import Foundation
import Synchronization
import TestHarness
import TestSupport
import Testing

/// `hits` with windows of MONITOR on real servers: the estimates hold beside a load whose truth is known.
@Suite(.overlapping) struct HitsReadsTests {
  static let namespaces = ["product:v7", "search", "session"]

  /// Reads at a steady pace until told to stop; counts what was read and found.
  final class Load {
    private let thread: () -> Void
    private let state: LoadState

    init(on server: RedisServer, seed: Int, fills: Bool = false) throws {
      let state = LoadState()
      let connection = try server.connection()
      nonisolated(unsafe) let owned = connection
      thread = Wait.later(.zero) { state.run(owned, seed: seed, fills: fills) }
      self.state = state
    }

    /// What was read and found until now, by namespace.
    var counts: [String: (reads: Int, hits: Int)] { state.counts.withLock { $0 } }

    /// Ends the load; gives reads and hits by namespace.
    func stop() -> [String: (reads: Int, hits: Int)] {
      state.isOver.withLock { $0 = true }
      thread()
      return state.counts.withLock { $0 }
    }
  }

  @Test("hit ratios lie in their intervals, and reads meet INFO") func ratios() throws {
    try RedisServer.with(HitsTests.events) { server in
      try server.populate(300, prefix: "product:v7:")
      try server.populate(900, prefix: "session:")
      try server.populate(20, prefix: "search:")
      let load = try Load(on: server, seed: 11)
      let run = try HitsFixture(server, ["--for", "4s", "--json", "--duty", "20%", "--no-memory"])
      let report = try run.report()
      let truth = load.stop()
      #expect(report.complete, "\(report.warnings)")
      #expect(report.coverage.misses == 1)
      #expect((15...25).contains(report.coverage.windows ?? 0))
      for name in Self.namespaces {
        let parts = name.split(separator: ":").map(String.init)
        let group = try #require(report.group(parts[0], parts.count > 1 ? parts[1] : nil), "\(name)")
        let real = try #require(truth[name])
        let ratio = Double(real.hits) / Double(real.reads)
        let (found, error) = (try #require(group.hitRatio), try #require(group.hitRatioError))
        #expect(abs(found - ratio) <= error + 0.02, "\(name): \(found) ± \(error), in truth \(ratio)")
        #expect(error < 0.2)
      }
      let reads = report.groups.reduce(0) { $0 + ($1.reads ?? 0) }
      #expect(abs(reads - (report.totals.reads ?? 0)) <= report.groups.count, "made to meet INFO")
      #expect(report.groups.reduce(0) { $0 + ($1.misses ?? 0) } == report.totals.misses)
    }
  }

  @Test("no value of any command is in any output") func canary() throws {
    try RedisServer.with(HitsTests.events) { server in
      let run = try HitsFixture(
        server, ["--for", "2s", "--json", "--duty", "50%", "--top-keys", "10", "-v", "--no-memory"])
      let connection = try server.connection()
      let secret = "value-canary-55d1"
      let end = ContinuousClock.now + .milliseconds(1500)
      while ContinuousClock.now < end {
        try connection.send(
          [
            ["SET", "app:1", secret], ["HSET", "app:h", secret, secret],
            ["EVAL", "return ARGV[1]", "0", secret],
            ["GET", "app:1"], ["GET", "app:none"], ["XADD", "app:x", "*", secret, secret],
            ["MSET", "app:2", secret, "app:3", secret], ["ZUNION", "1", "app:z", secret], [secret, "app:1"],
          ].map { $0.map { Array($0.utf8) } })
        for _ in 0..<9 { _ = try connection.receive() }
      }
      let result = run.running.wait()
      #expect(try HitsJSON(result.stdout).coverage.windows ?? 0 > 0)
      let output = String(decoding: result.stdout + result.stderr, as: UTF8.self)
      #expect(!output.contains("canary"), "\(output)")
      #expect(output.contains("app:none"))
    }
  }

  @Test("a server that is too busy is not monitored, unless forced") func busy() throws {
    try RedisServer.with(HitsTests.events) { server in
      // Where nothing hits, INFO alone says that all reads are misses.
      try server.populate(300, prefix: "product:v7:")
      let load = try Load(on: server, seed: 5)
      // The server's own figure is an average of its last seconds.
      try Wait.for("the load to show") {
        try server.info("stats")["instantaneous_ops_per_sec"].flatMap { Int($0) } ?? 0 > 300
      }
      let result = try Rediscache.run(
        ["hits", "-s", server.socketPath, "--for", "600ms", "--max-ops", "100", "--json", "--no-memory"])
      let forced = try Rediscache.run(
        [
          "hits", "-s", server.socketPath, "--for", "600ms", "--max-ops", "100", "--json", "--no-memory",
          "--force",
        ])
      _ = load.stop()
      let report = try HitsJSON(result.stdout)
      #expect(result.status == 1 && report.coverage.windows == 0)
      #expect(report.warnings.contains { $0.contains("was not monitored: it runs") }, "\(report.warnings)")
      #expect(report.groups.allSatisfy { $0.reads == nil } && (report.groups.first?.misses ?? 0) > 0)
      #expect(try HitsJSON(forced.stdout).coverage.windows ?? 0 > 0, "\(forced)")
    }
  }

  @Test("without the right to MONITOR misses are told, and what is missing is said") func forbidden() throws {
    try RedisServer.with(HitsTests.events) { server in
      try server.cli(
        "ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "+info", "+subscribe", "allchannels")
      let result = try Rediscache.run(
        ["hits", "-s", server.socketPath, "--user", "limited", "--for", "600ms", "--json", "--no-memory"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 1 && result.errorText.contains("+monitor"), "\(result)")
      #expect(try HitsJSON(result.stdout).coverage.misses == 1)
    }
  }
}

/// What the thread of a load and its test share.
final class LoadState: Sendable {
  let isOver = Mutex(false)
  let counts = Mutex<[String: (reads: Int, hits: Int)]>([:])

  /// Reads in small batches, with bursts; `fills` lets four of five searches be for names that are new, and fills them in.
  func run(_ connection: RawConnection, seed: Int, fills: Bool) {
    var generator = SeededGenerator(seed: seed)
    var counts: [String: (reads: Int, hits: Int)] = [:]
    var made = 1000
    func newName() -> Int {
      made += 1
      return made
    }
    while !isOver.withLock({ $0 }) {
      let names = (0..<20).map { _ -> (String, String) in
        switch generator.unit() {
        case ..<0.6: ("product:v7", "product:v7:\(generator.below(310))")
        case ..<0.85:
          (
            "search",
            "search:\(fills && generator.unit() < 0.8 ? newName() : generator.below(fills ? 20 : 100))"
          )
        default: ("session", "session:\(generator.below(1000))")
        }
      }
      let commands = names.flatMap { namespace, name -> [[String]] in
        let isNew = fills && namespace == "search" && name.utf8.count > "search:99".utf8.count
        return [["GET", name]] + (isNew ? [["SET", name, "v"]] : [])
      }
      guard (try? connection.send(commands.map { $0.map { Array($0.utf8) } })) != nil else { return }
      for command in commands {
        let namespace = names.first { $0.1 == command[1] }?.0 ?? ""
        guard command[0] == "GET" else {
          _ = try? connection.receive()
          continue
        }
        guard let reply = try? connection.receive() else { return }
        counts[namespace, default: (0, 0)].reads += 1
        if reply.text != nil { counts[namespace, default: (0, 0)].hits += 1 }
      }
      self.counts.withLock { [counts] in $0 = counts }
      usleep(8_000)
    }
  }
}
