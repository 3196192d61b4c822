import Foundation
import TestHarness
import TestSupport
import Testing

/// Large collections that change while they are exported, and what streams hold beside their entries.
@Suite(.overlapping) struct ExportCollectionTests {
  private static let count = 20_000

  /// Exports while `change` runs against the same server again and again; each reply of the server takes a while, so
  /// that something happens between two of them.
  private static func exported(
    _ server: RedisServer, while change: [[String]]
  ) throws -> (records: [[String: Any]], result: Command.Result) {
    let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(delay: .milliseconds(2)))
    let running = try Rediscache.command(["export", "-s", proxy.socketPath]).start()
    let connection = try server.connection()
    while running.isRunning {
      try connection.send(change.map { $0.map { Array($0.utf8) } })
      for _ in change { _ = try connection.receive() }
    }
    let result = running.wait()
    return (try JSONLines.objects(result.stdout), result)
  }

  private static func members(_ record: [String: Any]) -> [String] {
    (record["value"] as? [Any] ?? []).compactMap { ($0 as? [Any])?.first as? String ?? $0 as? String }
  }

  @Test("a sorted set whose members change their places is exported with all of them") func changingScores()
    throws
  {
    try RedisServer.with { server in
      let names = (0..<Self.count).map { "m\($0)" }
      try server.load(
        text: stride(from: 0, to: Self.count, by: 1_000).map { start in
          ["ZADD", "board"] + names[start..<(start + 1_000)].flatMap { ["1", $0] }
        })
      let script = """
        for i = 1, 400 do redis.call('ZADD', 'board', math.random() * 1000, 'm' .. math.random(0, \(Self.count - 1))) end
        """
      let (records, result) = try Self.exported(server, while: [["EVAL", script, "0"]])
      #expect(result.status == 0, "\(result.errorText)")
      let members = Self.members(try #require(records.first))
      #expect(members.count == Self.count && Set(members) == Set(names))
    }
  }

  @Test("a list that rotates is exported with each element once") func rotatingList() throws {
    try RedisServer.with { server in
      let elements = (0..<Self.count).map { "e\($0)" }
      try server.load(
        text: stride(from: 0, to: Self.count, by: 1_000).map { start in
          ["RPUSH", "queue"] + elements[start..<(start + 1_000)]
        })
      let script = "for i = 1, 37 do redis.call('LMOVE', 'queue', 'queue', 'RIGHT', 'LEFT') end"
      let (records, result) = try Self.exported(server, while: [["EVAL", script, "0"]])
      #expect(result.status == 0, "\(result.errorText)")
      let exported = Self.members(try #require(records.first))
      #expect(exported.count == Self.count && Set(exported) == Set(elements))
      // Whole as it was at one moment: the elements follow each other.
      let start = try #require(exported.first.flatMap { Int($0.dropFirst()) })
      #expect(exported == (0..<Self.count).map { "e\((start + $0) % Self.count)" })
    }
  }

  @Test("streams keep their groups, last and deleted ids") func streams() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with(.init(configuration: [RedisServer.debugging])) { server in
      try server.load(
        text: (1...5).flatMap { id in
          ["plain", "grouped", "cut", "holed"].map { ["XADD", $0, "\(id)-1", "f", "v"] }
        })
      try server.load(text: [
        ["XGROUP", "CREATE", "grouped", "workers", "2-1"],
        ["XREADGROUP", "GROUP", "workers", "me", "STREAMS", "grouped", ">"],
        ["XDEL", "cut", "5-1"], ["XDEL", "holed", "3-1"],
        ["XADD", "empty", "9-1", "f", "v"], ["XTRIM", "empty", "MAXLEN", "0"],
      ])
      let names = ["plain", "grouped", "cut", "holed", "empty"]
      func state() throws -> [String] {
        try names.map { try server.cli("XINFO", "STREAM", $0, "FULL") }
      }
      let before = try state()
      let seed = folder.file("seed.jsonl")
      let result = try Rediscache.export(server, to: seed, ["--json"])
      let report = try #require(try JSONLines.objects(result.stdout).first)
      #expect(report["dumped"] as? [String: Int] == ["stream_state": 3, "empty_stream": 1], "\(result)")
      try server.cli("FLUSHALL")
      #expect(try Rediscache.warm(["-s", server.socketPath], file: seed).counts == .init(written: 5))
      // Natural form has no count of entries that were ever added; nothing follows from it without groups.
      for (name, (old, new)) in zip(names, zip(before, try state())) {
        #expect(new == old, "\(name)")
      }
    }
  }

  @Test("a stream is read by ids that servers before 6.2 know") func streamPages() throws {
    try RedisServer.with { server in
      try server.load(text: (0..<2_500).map { ["XADD", "s", "\($0 / 7 + 1)-\($0 % 7)", "f", "\($0)"] })
      // As Redis 6.0 answers.
      let requests = FaultProxy.Faults { chunk in
        Array(String(decoding: chunk, as: UTF8.self).replacing("\r\n(", with: "\r\n?").utf8)
      }
      let proxy = try FaultProxy(to: .unix(server.socketPath), requests: requests)
      let result = try Rediscache.run(["export", "-s", proxy.socketPath])
      #expect(result.status == 0, "\(result)")
      let entries = try #require(try JSONLines.objects(result.stdout).first?["value"] as? [[Any]])
      #expect(entries.count == 2_500)
      #expect(entries.compactMap { ($0.last as? [String: String])?["f"] } == (0..<2_500).map { "\($0)" })
    }
  }

  @Test("times to live as long as the server takes are exported, backed up and restored") func longestTimes()
    throws
  {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      let moment = Int64.max
      try server.load(text: [
        ["SET", "app:a", "v"], ["PEXPIREAT", "app:a", "\(moment)"],
        ["SADD", "app:b", "m"], ["PEXPIREAT", "app:b", "\(moment / 100)"],
        ["SET", "app:c", "v"], ["EXPIRE", "app:c", "20000000000000"],
      ])
      let names = ["app:a", "app:b", "app:c"]
      let before = try server.remaining(names)
      let (seed, backup) = (folder.file("seed.jsonl"), folder.file("backup.jsonl"))
      try Rediscache.export(server, to: seed)
      let removal = try Rediscache.run(
        ["invalidate", "app:*", "--yes", "--backup", backup, "-s", server.socketPath])
      #expect(removal.status == 0, "\(removal)")
      for file in [seed, backup] {
        try server.cli("FLUSHALL")
        #expect(
          try Rediscache.warm(["-s", server.socketPath], file: file).counts == .init(written: 3), "\(file)")
        for (old, new) in zip(before, try server.remaining(names)) {
          // Within a hundredth: the largest of all is rounded down, so that it can be written at any later moment.
          #expect(abs(Double(new) / Double(old) - 1) < 0.01, "\(file): \(old), \(new)")
        }
      }
    }
  }
}
