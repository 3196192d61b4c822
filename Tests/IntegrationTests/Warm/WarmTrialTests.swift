import Foundation
import Synchronization
import TestHarness
import TestSupport
import Testing

/// `--dry-run`, `--verify`, and what a run costs.
@Suite(.overlapping) struct WarmTrialTests {
  /// Records of all kinds: good, bad, twice, expired, there already.
  private static func seed() throws -> String {
    let records: [[String: Any]] =
      (0..<400).map { ["key": "app:\($0 % 350)", "value": "v", "ttl": 100 + $0] }
      + (0..<50).map { ["key": "list:\($0)", "type": "list", "value": ["a", "b"]] }
      + (0..<30).map { ["key": "past:\($0)", "value": "v", "expires_at": 1_000 + $0] }
      + (0..<20).map { ["key": "zero:\($0)", "value": "v", "ttl": 0] }
    return try JSONLines.text(records) + "{\n"
  }

  private static let choices = [
    [], ["--if-missing"], ["--refresh-below", "40%"], ["--ttl", "1h", "--jitter", "10%"], ["--tag", "all"],
    ["--envelope", "--ttl", "1h"],
  ]

  @Test("a dry run writes nothing and counts what the run then counts", arguments: choices)
  func dryRun(_ choice: [String]) throws {
    try RedisServer.with { server in
      try server.load(text: (0..<100).map { ["SET", "app:\($0)", "old", "EX", $0 < 50 ? "10" : "9000"] })
      try server.load(text: [["RPUSH", "list:1", "old"], ["SET", "list:2", "old"]])
      let seed = try Self.seed()
      var dry: LoadReport?
      let writes = try server.writes {
        dry = try Rediscache.warm(server, seed, choice + ["--dry-run"], status: 1)
      }
      #expect(writes.isEmpty, "\(writes)")
      #expect(try server.size() == 102)
      let trial = try #require(dry)
      let report = try Rediscache.warm(server, seed, choice, status: 1)
      #expect(
        trial.dryRun && trial.counts.written == 0 && trial.planned == report.counts.written, "\(report)")
      #expect(trial.counts.records == report.counts.records && report.counts.records == 501)
      #expect(
        trial.counts.skipped == report.counts.skipped && trial.counts.rejected == report.counts.rejected)
      #expect(trial.rejections == report.rejections && trial.line == report.line)
      #expect(trial.ttl?.min == report.ttl?.min && trial.ttl?.max == report.ttl?.max)
    }
  }

  @Test("--strict in a dry run tells the line, and nothing is written") func strictDryRun() throws {
    try RedisServer.with { server in
      let result = try Rediscache.command(
        ["warm", "--yes", "-", "-s", server.socketPath, "--dry-run", "--strict"],
        input: Array(try Self.seed().utf8)
      ).run()
      #expect(
        try result.status == 65 && result.errorText.contains("line 481") && server.size() == 0, "\(result)")
    }
  }

  @Test("--verify finds what another client has made of the keys meanwhile") func verification() throws {
    try RedisServer.with { server in
      let seed =
        try JSONLines.strings(60)
        + JSONLines.text([
          ["key": "hash", "type": "hash", "value": ["a": "1", "b": "2"]],
          ["key": "zset", "type": "zset", "value": [["a", 1], ["b", 2.5]]],
          ["key": "stream", "type": "stream", "value": [["17", ["a": "b"]]]],
        ])
      let whole = try Rediscache.warm(server, seed, ["--verify"])
      #expect(whole.verification?.compared == 63 && whole.verification?.different == 0)
      // The keys are looked at once all are written: what changes them is a proxy that watches for the first look.
      let commands = [
        "SET app:v2:7 other", "DEL app:v2:8", "HSET hash a 3", "ZADD zset 2 b", "XADD stream 18 c d",
      ]
      let isDone = Flag()
      let requests = FaultProxy.Faults { chunk in
        guard Data(chunk).range(of: Data("\r\nTYPE\r\n".utf8)) != nil, isDone.raise() else { return chunk }
        for command in commands { _ = try? server.cli(command.split(separator: " ").map(String.init)) }
        return chunk
      }
      let proxy = try FaultProxy(to: .unix(server.socketPath), requests: requests)
      let report = try Rediscache.warm(
        ["-s", proxy.socketPath], file: "-", ["--verify"], status: 1, input: Array(seed.utf8))
      let verification = try #require(report.verification)
      #expect(
        verification.compared == 63 && verification.different == 4 && verification.gone == 1, "\(report)")
      #expect(verification.examples.count == 3, "\(report)")
      #expect(report.counts == .init(written: 63))
    }
  }

  @Test("--verify takes dumps of another server for what they are") func verifiedDumps() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      for type in ["SADD", "HSET", "ZADD", "RPUSH"] {
        try server.load(
          text: (0..<1_200).map { number in
            switch type {
            case "HSET": [type, "k\(type)", "field \(number)", "\(number)"]
            case "ZADD": [type, "k\(type)", "\(number)", "member \(number)"]
            default: [type, "k\(type)", "member \(number)"]
            }
          })
      }
      try Rediscache.export(server, to: folder.file("seed"), ["--dump"])
    }
    try RedisServer.with { other in
      let report = try Rediscache.warm(["-s", other.socketPath], file: folder.file("seed"), ["--verify"])
      #expect(report.verification?.different == 0 && report.counts == .init(written: 4), "\(report)")
      let isDone = Flag()
      let requests = FaultProxy.Faults { chunk in
        guard Data(chunk).range(of: Data("\r\nDUMP\r\n".utf8)) != nil, isDone.raise() else { return chunk }
        for (command, key) in [("SADD", "kSADD"), ("RPUSH", "kRPUSH")] {
          _ = try? other.cli(command, key, "x")
        }
        _ = try? other.cli("SET", "kHSET", "x")
        return chunk
      }
      let proxy = try FaultProxy(to: .unix(other.socketPath), requests: requests)
      let again = try Rediscache.warm(
        ["-s", proxy.socketPath], file: folder.file("seed"), ["--verify"], status: 1)
      #expect(again.verification?.different == 3, "\(again)")
    }
  }

  @Test("--rate bounds the records a second, and a flight never holds more than --batch") func pacing() throws
  {
    try RedisServer.with { server in
      let seed = JSONLines.strings(600)
      let start = ContinuousClock.now
      let report = try Rediscache.warm(server, seed, ["--rate", "1000", "--batch", "20"])
      #expect(report.counts.written == 600)
      #expect(ContinuousClock.now - start > .milliseconds(450))
    }
  }

  /// True once.
  private final class Flag: Sendable {
    private let state = Mutex(false)

    func raise() -> Bool {
      state.withLock { isUp in
        defer { isUp = true }
        return !isUp
      }
    }
  }
}
