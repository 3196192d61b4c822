import Foundation
import TestHarness
import TestSupport
import Testing

/// Warmings that are killed at any moment and resumed end as an unbroken one does, and count as it does.
///
/// The variables of `SoakTests` hold here as well: `REDISCACHE_SOAK_RUNS` and `REDISCACHE_SOAK_SEED`.
@Suite(.overlapping) struct WarmSoakTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let runs = environment["REDISCACHE_SOAK_RUNS"].flatMap { Int($0) } ?? 12
  private static let firstSeed =
    environment["REDISCACHE_SOAK_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...1_000_000_000)

  @Test("killed at random moments and resumed, every warming ends as if it had not been") func soak() throws {
    var kills: [Int: Int] = [:]
    try RedisServer.with { server in
      for seed in Self.firstSeed..<Self.firstSeed + UInt64(Self.runs) {
        var run = try WarmSoakRun(seed: seed, server: server)
        try run.play()
        kills[run.killsMidway, default: 0] += 1
      }
    }
    guard Self.runs > 12 else { return }
    let account = kills.sorted { $0.key < $1.key }.map { "\($0.value) killed \($0.key) times" }
    print(
      "soak of warm: \(Self.runs) runs from seed \(Self.firstSeed), midway: \(account.joined(separator: ", "))"
    )
    // Else the moments are badly chosen and the test shows little.
    #expect(kills[0] ?? 0 < Self.runs / 2, "\(account)")
  }
}

/// One warming with its kills and resumptions.
private struct WarmSoakRun {
  private let seed: UInt64
  private let server: RedisServer
  private let folder: TemporaryFolder
  private let content: SoakSeed
  private var random: SeededGenerator
  private let options: [String]
  private let file: String
  private let hasBackup: Bool
  /// How often a run was killed that had dealt with some records and not with all.
  private(set) var killsMidway = 0

  init(seed: UInt64, server: RedisServer) throws {
    self.seed = seed
    self.server = server
    var random = SeededGenerator(seed: seed)
    folder = try TemporaryFolder()
    content = try SoakSeed(&random)
    options = content.options
    file = try folder.write("seed", content.bytes)
    // What replaces nothing takes no backup.
    hasBackup = random.chance(0.4) && !options.contains("--if-missing")
    self.random = random
  }

  private var journal: String { folder.file("journal") }
  private var comment: Comment {
    "REDISCACHE_SOAK_SEED=\(seed) REDISCACHE_SOAK_RUNS=1, \(content.format) \(options)"
  }

  mutating func play() throws {
    try prepare()
    let plain = try Rediscache.warm(
      ["-s", server.socketPath], file: file, options, status: content.rejected > 0 ? 1 : 0)
    let expected = try server.sortedContents()
    #expect(plain.counts.records == content.records && plain.counts.rejected == content.rejected, comment)
    try prepare()
    let before = try server.contents()

    try runAndKill()
    while random.chance(0.4) { try runAndKill() }
    let result = try Rediscache.run(["warm", "--yes", file] + arguments() + ["--json"])
    #expect(result.status == (content.rejected > 0 ? 1 : 0), "\(comment): \(result)")
    let counts = try LoadReport(result.stdout).counts
    #expect(counts.isBalanced && counts.records == content.records, "\(comment): \(counts)")
    #expect(
      counts.rejected == content.rejected && counts.failed == 0 && counts.unknown == 0,
      "\(comment): \(counts)")
    // What a killed run had written and not noted is there already when the next one comes.
    #expect(content.isConditional || counts == plain.counts, "\(comment): \(counts), \(plain.counts)")
    let found = try server.sortedContents(besides: "*:rediscache:*")
    let odd = Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }
      .map { "\($0.text): \(found[$0]?.text ?? "none"), \(expected[$0]?.text ?? "none")" }
    #expect(odd.isEmpty, "\(comment): \(odd.prefix(5))")
    try expectNothingLasts()
    try expectRejects()
    try expectReadableJournal()
    try expectFinished(counts)
    if hasBackup { try expectBackup(before) }
  }

  /// Checks that the backup has the value of each key that was replaced as it was before the first run.
  private func expectBackup(_ before: [[UInt8]: [UInt8]]) throws {
    let saved = Dictionary(try Seeds.dumps(folder.read("backup") ?? []).map { ($0.key, $0) }) { $1 }
    let after = try server.contents()
    let replaced = before.filter { after[$0.key] != $0.value && !$0.key.starts(with: Array("tag:".utf8)) }
    #expect(replaced.allSatisfy { saved[$0.key] != nil }, "\(comment): \(saved.count) of \(replaced.count)")
    try server.cli("FLUSHALL")
    try server.load(
      saved.values.map {
        [Array("RESTORE".utf8), $0.key, [UInt8(ascii: "0")], $0.payload, Array("REPLACE".utf8)]
      })
    // A key that an earlier run had made may have been saved by a later one.
    for (key, content) in try server.contents() where before[key] != nil {
      #expect(before[key] == content, comment)
    }
  }

  /// What stands in the server before the first record.
  private func prepare() throws {
    try server.load(
      text: [["FLUSHALL"], ["SADD", "tag:old", "x"], ["EXPIRE", "tag:old", "9000"]]
        + (0..<200).map { ["SET", "app:\($0)", "old"] })
  }

  /// The arguments of the next run: it goes on with the journal where there is one.
  private mutating func arguments() -> [String] {
    // Killed before the journal's first line was whole: nothing has been done.
    let isBegun = folder.read("journal")?.contains(UInt8(ascii: "\n")) ?? false
    if !isBegun {
      try? FileManager.default.removeItem(atPath: journal)
      for name in ["rejects", "backup"] { try? FileManager.default.removeItem(atPath: folder.file(name)) }
    }
    var words = ["-s", server.socketPath] + options + [isBegun ? "--resume" : "--journal", journal]
    words += ["--rejects", folder.file("rejects")]
    if hasBackup { words += ["--backup", folder.file("backup")] }
    // With a backup each batch is flushed to disk: small ones would take all day.
    let batch = hasBackup ? random.pick(0, 50, 200) : random.pick(0, 1, 7, 50, 200, 1_000)
    if batch > 0 { words += ["--batch", String(batch)] }
    return words + ["--pace", random.pick("auto", "full", "gentle")]
  }

  /// Starts a run and kills it: after any time, or once its journal has grown by any part of what it may grow.
  private mutating func runAndKill() throws {
    let running = try Rediscache.command(["warm", "--yes", file] + arguments()).start()
    if random.chance(0.3) {
      usleep(.random(in: 0...80_000, using: &random))
    } else {
      // Records come by the dozen to a line of about 70 bytes.
      let goal = progress + Int.random(in: 0...content.records, using: &random)
      while running.isRunning, progress < goal { usleep(150) }
      if random.chance(0.5) { usleep(.random(in: 0...3_000, using: &random)) }
    }
    running.signal(SIGKILL)
    let result = running.wait()
    Rediscache.expectSecrecy(result)
    #expect(result.signal == SIGKILL || [0, 1].contains(result.status), "\(comment): \(result)")
    if result.signal == SIGKILL, progress > 0, progress < content.records { killsMidway += 1 }
  }

  /// How many records the journal tells of.
  private var progress: Int {
    var sum = 0
    for line in (folder.read("journal") ?? []).split(separator: UInt8(ascii: "\n")).dropFirst() {
      let step = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      for name in ["written", "skipped", "rejected", "failed"] { sum += step?[name] as? Int ?? 0 }
    }
    return sum
  }

  /// Collections that were being written when a run was killed go away by themselves.
  private func expectNothingLasts() throws {
    let left = try server.keys("*:rediscache:*").map { String(decoding: $0, as: UTF8.self) }
    #expect(try server.remaining(left).allSatisfy { (1...3_600_000).contains($0) }, comment)
  }

  private func expectRejects() throws {
    let lines = try JSONLines.objects(folder.read("rejects") ?? []).compactMap { $0["line"] as? Int }
    #expect(lines == content.rejectedLines, comment)
  }

  private func expectReadableJournal() throws {
    let bytes = folder.read("journal") ?? []
    #expect(bytes.last == UInt8(ascii: "\n"), comment)
    let lines = try JSONLines.objects(bytes)
    #expect(lines.last?["finished"] is String, comment)
    #expect(progress == content.records, comment)
  }

  /// A journal that has come to its end leaves nothing to do, and says what was done.
  private mutating func expectFinished(_ counts: LoadReport.Counts) throws {
    let place = ["-s", server.socketPath]
    var again: LoadReport?
    var words = options + ["--resume", journal, "--rejects", folder.file("rejects")]
    if hasBackup { words += ["--backup", folder.file("backup")] }
    let writes = try server.writes {
      again = try Rediscache.warm(place, file: file, words, status: content.rejected > 0 ? 1 : 0)
    }
    #expect(again?.counts == counts && again?.warns("nothing is left to do") == true, comment)
    #expect(writes.isEmpty, "\(comment): \(writes)")
    try expectRejects()
  }
}
