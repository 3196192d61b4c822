import Foundation
import TestHarness
import TestSupport
import Testing

/// Runs that are killed at any moment and resumed: nothing else is touched, nothing is forgotten, counts reconcile.
///
/// `REDISCACHE_SOAK_RUNS` sets the number of runs (`make soak`), `REDISCACHE_SOAK_SEED` the first of their seeds, to
/// have a failure again.
@Suite(.overlapping) struct SoakTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let runs = environment["REDISCACHE_SOAK_RUNS"].flatMap { Int($0) } ?? 12
  private static let firstSeed =
    environment["REDISCACHE_SOAK_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...1_000_000_000)

  @Test("killed at random moments and resumed, every run ends as if it had not been") func soak() throws {
    var kills: [Int: Int] = [:]
    try RedisServer.with { server in
      for seed in Self.firstSeed..<Self.firstSeed + UInt64(Self.runs) {
        var run = try SoakRun(seed: seed, server: server)
        try run.play()
        kills[run.killsMidway, default: 0] += 1
      }
    }
    let account = kills.sorted { $0.key < $1.key }.map { "\($0.value) killed \($0.key) times" }
    if Self.runs > 12 {
      print("soak: \(Self.runs) runs from seed \(Self.firstSeed), midway: \(account.joined(separator: ", "))")
      // Else the moments are badly chosen and the test shows little.
      #expect(kills[0] ?? 0 < Self.runs / 2, "\(account)")
    }
  }
}

/// One run with its kills and resumptions.
private struct SoakRun {
  private let seed: UInt64
  private let server: RedisServer
  private let folder: TemporaryFolder
  private let keyspace: SoakKeyspace
  private var random: SeededGenerator
  private let choice: [String]
  private let hasBackup: Bool
  /// How often a run was killed that had removed some keys and not all.
  private(set) var killsMidway = 0

  init(seed: UInt64, server: RedisServer) throws {
    self.seed = seed
    self.server = server
    var random = SeededGenerator(seed: seed)
    folder = try TemporaryFolder()
    keyspace = SoakKeyspace(&random)
    var choice = keyspace.arguments
    if keyspace.choice == .list {
      choice += ["--keys-from", try folder.write("list", keyspace.list(&random))]
    }
    if random.chance(0.2) { choice.append("--delete") }
    self.choice = choice
    hasBackup = random.chance(0.4)
    self.random = random
  }

  private var journal: String { folder.file("journal") }
  private var comment: Comment { "REDISCACHE_SOAK_SEED=\(seed) REDISCACHE_SOAK_RUNS=1, \(choice)" }

  mutating func play() throws {
    try keyspace.load(into: server, &random)
    var expected = try server.contents()
    let before = expected
    let members = try SoakKeyspace.members(server)
    for key in keyspace.chosen { expected[key] = nil }
    for tag in [SoakKeyspace.tag, SoakKeyspace.scoredTag] { expected[tag] = nil }

    try runAndKill()
    while random.chance(0.35) { try runAndKill() }
    let result = try Rediscache.run(["invalidate"] + arguments() + ["--json"])
    #expect(result.status == 0, "\(comment): \(result)")
    try expectReconciled(try RemovalReport(result.stdout))
    #expect(try server.contents() == expected, comment)
    try expectReadableJournal()
    if hasBackup { try expectRestored(before, members) }
  }

  /// The arguments of the next run: it goes on with the journal where there is one.
  private mutating func arguments() -> [String] {
    // Killed before the journal's first line was whole: nothing has been done.
    let isBegun = folder.read("journal")?.contains(UInt8(ascii: "\n")) ?? false
    if !isBegun { try? FileManager.default.removeItem(atPath: journal) }
    var words = ["-s", server.socketPath, "--yes"] + choice + [isBegun ? "--resume" : "--journal", journal]
    if hasBackup {
      words += ["--backup", folder.file("backup")]
      if !isBegun { try? FileManager.default.removeItem(atPath: folder.file("backup")) }
    }
    // With a backup each batch is flushed to disk: small ones would take all day.
    let batch = hasBackup ? random.pick(0, 60, 200) : random.pick(0, 1, 7, 50, 200, 1_000)
    if batch > 0 { words += ["--batch", String(batch)] }
    words += ["--pace", random.pick("auto", "full", "gentle")]
    if random.chance(0.3) { words += ["--count", random.pick("1", "10", "100", "1000")] }
    return words
  }

  /// Starts a run and kills it: after any time, or once its journal has grown by any part of what it may grow.
  private mutating func runAndKill() throws {
    let running = try Rediscache.command(["invalidate"] + arguments()).start()
    if random.chance(0.25) {
      usleep(.random(in: 0...60_000, using: &random))
    } else {
      let size = journalSize
      let growth = keyspace.chosen.reduce(0) { $0 + $1.count + 3 }
      let goal = size + Int.random(in: 0...growth, using: &random)
      while running.isRunning, journalSize < goal { usleep(100) }
      if random.chance(0.5) { usleep(.random(in: 0...3_000, using: &random)) }
    }
    running.signal(SIGKILL)
    let result = running.wait()
    Rediscache.expectSecrecy(result)
    #expect(result.signal == SIGKILL || result.status == 0, "\(comment): \(result)")
    let left = try server.size()
    if result.signal == SIGKILL, left > 0, try isMidway() { killsMidway += 1 }
  }

  private func isMidway() throws -> Bool {
    let connection = try server.connection()
    let left = try keyspace.chosen.count { key in
      try connection.command([Array("EXISTS".utf8), key]).integer == 1
    }
    return left > 0 && left < keyspace.chosen.count
  }

  private var journalSize: Int {
    var info = stat()
    return stat(journal, &info) == 0 ? Int(info.st_size) : 0
  }

  private func expectReconciled(_ report: RemovalReport) throws {
    let counts = report.counts
    let chosen = keyspace.chosen.count
    #expect(
      report.complete && counts.isBalanced && counts.failed == 0 && counts.kept == 0, "\(comment): \(report)")
    #expect(counts.removed <= chosen, "\(comment): \(counts)")
    guard keyspace.choice == .tag || keyspace.choice == .list else {
      // SCAN may name a key twice while its table shrinks: the second time it is absent.
      #expect(counts.removed + counts.absent == chosen && counts.unknown == 0, "\(comment): \(counts)")
      return
    }
    #expect(counts.removed + counts.absent >= chosen && counts.unknown == 0, "\(comment): \(counts)")
    #expect(counts.matched == chosen + keyspace.phantoms.count, "\(comment): \(counts)")
  }

  private func expectReadableJournal() throws {
    let bytes = folder.read("journal") ?? []
    #expect(bytes.last == UInt8(ascii: "\n"), comment)
    var last: [String: Any]?
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      last = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      #expect(last != nil, comment)
    }
    #expect(last?["finished"] is String, comment)
  }

  /// Checks that the backup, packed or not, brings everything back: keys byte for byte, and their places in tags.
  private mutating func expectRestored(
    _ before: [[UInt8]: [UInt8]], _ members: [[UInt8]: [UInt8]]
  ) throws {
    var file = folder.file("backup")
    if random.chance(0.5) {
      file = try folder.write("packed", Seeds.gzip(folder.read("backup") ?? []))
    }
    let result = try Rediscache.run(["warm", file, "-s", server.socketPath, "--yes", "--verify"])
    #expect(result.status == 0, "\(comment): \(result)")
    var (found, expected) = (try server.contents(), before)
    for tag in [SoakKeyspace.tag, SoakKeyspace.scoredTag] { (found[tag], expected[tag]) = (nil, nil) }
    #expect(found == expected, comment)
    // Members that were no keys were taken out for good.
    let phantoms = Set(keyspace.phantoms.flatMap { [Array("plain ".utf8) + $0, Array("scored ".utf8) + $0] })
    #expect(try SoakKeyspace.members(server) == members.filter { !phantoms.contains($0.key) }, comment)
  }
}
