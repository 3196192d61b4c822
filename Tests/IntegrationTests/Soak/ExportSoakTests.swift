import Foundation
import TestHarness
import TestSupport
import Testing

/// Exports that are killed at any moment leave the file that was there as it was, and the next one is whole.
///
/// The variables of `SoakTests` hold here as well.
@Suite(.overlapping) struct ExportSoakTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let runs = environment["REDISCACHE_SOAK_RUNS"].flatMap { Int($0) } ?? 6
  private static let firstSeed =
    environment["REDISCACHE_SOAK_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...1_000_000_000)

  @Test("killed at random moments, no export leaves half a file") func soak() throws {
    let folder = try TemporaryFolder()
    var kills = 0
    try RedisServer.with(.init(configuration: [RedisServer.debugging])) { server in
      for seed in Self.firstSeed..<Self.firstSeed + UInt64(Self.runs) {
        let comment: Comment = "REDISCACHE_SOAK_SEED=\(seed) REDISCACHE_SOAK_RUNS=1"
        var random = SeededGenerator(seed: seed)
        let keyspace = RoundTripKeyspace(&random, small: 150, large: [random.pick("hash", "stream", "list")])
        try server.load([[Array("FLUSHALL".utf8)]] + keyspace.commands)
        let before = try server.digests()
        let name = random.pick("seed.jsonl", "seed.jsonl.gz")
        let old = Array("what was there".utf8)
        try folder.write(name, old)
        let form = random.pick([], ["--dump"])
        let words = ["export", "-s", server.socketPath, "-o", folder.file(name)] + form
        let running = try Rediscache.command(words).start()
        usleep(.random(in: 0...90_000, using: &random))
        running.signal(SIGKILL)
        let killed = running.wait()
        if killed.signal == SIGKILL { kills += 1 }
        let left = folder.read(name)
        // A run that was killed behind its last step has put the whole file there.
        if left != old { #expect(try Self.records(left ?? [], name) == before.count, comment) }

        let result = try Rediscache.run(words)
        #expect(result.status == 0, "\(comment): \(result)")
        #expect(try Self.records(folder.read(name) ?? [], name) == before.count, comment)
        try server.cli("FLUSHALL")
        let loaded = try Rediscache.run(["warm", folder.file(name), "-s", server.socketPath, "--yes"])
        #expect(loaded.status == 0, "\(comment): \(loaded)")
        let after = try server.digests()
        #expect(after.mapValues(\.digest) == before.mapValues(\.digest), comment)
      }
    }
    guard Self.runs > 12 else { return }
    print("soak of export: \(Self.runs) runs from seed \(Self.firstSeed), \(kills) of them killed")
    #expect(kills > Self.runs / 2, "the moments are badly chosen")
  }

  private static func records(_ bytes: [UInt8], _ name: String) throws -> Int {
    let plain =
      name.hasSuffix(".gz") ? try Command("gzip", ["-dc"], input: .bytes(bytes)).run().stdout : bytes
    return plain.count { $0 == UInt8(ascii: "\n") }
  }
}
