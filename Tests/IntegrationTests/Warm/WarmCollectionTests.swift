import Foundation
import Synchronization
import TestHarness
import TestSupport
import Testing

/// Large collections, whose pieces nobody must see.
@Suite(.overlapping) struct WarmCollectionTests {
  private static let sizes = [1_001, 2_400]

  /// A record of a type with so many elements.
  private static func record(_ type: String, _ count: Int) -> [String: Any] {
    let value: Any =
      switch type {
      case "hash": Dictionary(uniqueKeysWithValues: (0..<count).map { ("f\($0)", "v\($0)") })
      case "zset": (0..<count).map { ["m\($0)", $0] as [Any] }
      case "stream": (1...count).map { ["\($0)-1", ["f": "v"]] as [Any] }
      default: (0..<count).map { "m\($0)" }
      }
    return ["key": "key:\(type)", "type": type, "value": value]
  }

  private static let counting = [
    "hash": "HLEN", "list": "LLEN", "set": "SCARD", "zset": "ZCARD", "stream": "XLEN",
  ]

  @Test("a reader never sees a part of a collection", arguments: ["hash", "list", "set", "zset", "stream"])
  func atomicity(_ type: String) throws {
    let command = try #require(Self.counting[type])
    try RedisServer.with { server in
      // Small ones in between: they replace the key in another way.
      let rounds = (0..<3).flatMap { _ in Self.sizes.flatMap { [$0, 3] } }
      let seed = try JSONLines.text(rounds.map { Self.record(type, $0) })
      _ = try Rediscache.warm(server, try JSONLines.text([Self.record(type, 3)]))
      let isDone = Atomic(false)
      let seen = Mutex<[Int: Int]>([:])
      let connection = try server.connection()
      let group = DispatchGroup()
      let reader = Reader(connection: connection)
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        while !isDone.load(ordering: .relaxed) {
          let count = (try? reader.connection.command(command, "key:\(type)").integer) ?? -1
          seen.withLock { $0[count, default: 0] += 1 }
        }
      }
      defer { isDone.store(true, ordering: .relaxed) }
      // As often as it takes until the reader has looked many times: a run is over soon.
      try Wait.for("the reader to look") {
        let report = try Rediscache.warm(server, seed, ["--ttl", "1h", "--pace", "full", "--batch", "3"])
        #expect(report.counts == .init(written: rounds.count))
        return seen.withLock { $0.values.reduce(0, +) > 50 }
      }
      isDone.store(true, ordering: .relaxed)
      group.wait()
      let allowed = Set(Self.sizes + [3])
      let counts = seen.withLock { $0 }
      #expect(Set(counts.keys).isSubset(of: allowed), "\(counts)")
      #expect(try server.names() == ["key:\(type)"])
      #expect(try (3_590_000...3_600_000).contains(server.remaining("key:\(type)")))
    }
  }

  private struct Reader: @unchecked Sendable {
    let connection: RawConnection
  }

  @Test(
    "where memory runs out in the middle, what was there stays whole", arguments: ["hash", "list", "stream"])
  func outOfMemory(_ type: String) throws {
    try RedisServer.with { server in
      _ = try Rediscache.warm(server, try JSONLines.text([Self.record(type, 7)]))
      var record = Self.record(type, 8_000)
      let filler = String(repeating: "x", count: 400)
      record["value"] =
        switch type {
        case "hash": Dictionary(uniqueKeysWithValues: (0..<8_000).map { ("f\($0)", filler) }) as Any
        case "stream": (1...8_000).map { ["\($0)-1", ["f": filler]] as [Any] } as Any
        default: (0..<8_000).map { "\($0)" + filler } as Any
        }
      let used = try #require(Int(try server.info("memory")["used_memory"] ?? ""))
      try server.cli("CONFIG", "SET", "maxmemory", String(used + 1_500_000))
      let report = try Rediscache.warm(server, try JSONLines.text([record]), status: 1)
      #expect(
        report.counts == .init(failed: 1) && report.stopped?.contains("line 1: OOM") == true, "\(report)")
      let command = try #require(Self.counting[type])
      #expect(try server.connection().command(command, "key:\(type)").integer == 7)
      #expect(try server.names() == ["key:\(type)"])
    }
  }

  @Test("of records with one key the last wins, be it large or small", arguments: [[], ["--tag", "t"]])
  func order(_ arguments: [String]) throws {
    try RedisServer.with { server in
      let large = Self.record("list", 1_400)
      let text: [String: Any] = ["key": "key:list", "value": "text"]
      for records in [[large, text], [text, large], [large, text, large, Self.record("list", 2), text]] {
        _ = try Rediscache.warm(server, try JSONLines.text(records), ["--pace", "full"] + arguments)
        let isText = records.last?["value"] is String
        #expect(try server.content("key:list").hasPrefix(isText ? "string text" : "list m0 m1 "))
        #expect(try server.keys("*:rediscache:*").isEmpty)
      }
    }
  }

  @Test("pieces of a key that is evicted in the middle do not become a key") func evicted() throws {
    try RedisServer.with { server in
      let record = try JSONLines.text([Self.record("list", 3_000)])
      // The first piece is gone as soon as it has come; the others begin anew.
      let requests = FaultProxy.Faults { chunk in
        Array(
          String(decoding: chunk, as: UTF8.self).replacing("\r\n3600000\r\n", with: "\r\n-999999\r\n").utf8)
      }
      let proxy = try FaultProxy(to: .unix(server.socketPath), requests: requests)
      let report = try Rediscache.warm(
        ["-s", proxy.socketPath], file: "-", status: 1, input: Array(record.utf8))
      #expect(report.counts == .init(failed: 1), "\(report)")
      #expect(report.warns("evicted, or removed"), "\(report)")
      #expect(try server.size() == 0)
    }
  }

  @Test("a user bound to a prefix may write all of it, large collections too") func prefix() throws {
    try RedisServer.with { server in
      try server.cli("ACL", "SETUSER", "loader", "on", ">\(Rediscache.secret)", "~key:*", "+@all")
      let seed = try JSONLines.text(Self.counting.keys.sorted().map { Self.record($0, 1_500) })
      for arguments in [[], ["--if-missing"]] {
        try server.cli("FLUSHALL")
        let report = try Rediscache.warm(
          server, seed, ["--user", "loader"] + arguments, environment: ["REDISCLI_AUTH": Rediscache.secret])
        #expect(report.counts == .init(written: 5), "\(report)")
        #expect(try server.size() == 5)
      }
    }
  }

  @Test("temporary names of a run that dies go away by themselves") func leftBehind() throws {
    try RedisServer.with { server in
      let seed = try JSONLines.text([Self.record("stream", 5_000)])
      let requests = FaultProxy.Faults(limit: 60_000, ending: .close)
      let proxy = try FaultProxy(to: .unix(server.socketPath), requests: requests)
      let report = try Rediscache.warm(
        ["-s", proxy.socketPath], file: "-", ["--retry-for", "0s"], status: 69, input: Array(seed.utf8))
      #expect(report.counts == .init(unknown: 1))
      let names = try server.names()
      #expect(names.count == 1 && names.allSatisfy { $0.hasPrefix("key:stream:rediscache:") }, "\(names)")
      let left = try server.remaining(Array(names))
      #expect(left.allSatisfy { (1...3_600_000).contains($0) }, "\(left)")
    }
  }
}
