import Foundation
import TestHarness
import Testing

/// Keys that come from tags and lists.
@Suite(.overlapping) struct InvalidateSourceTests {
  private static let hostile: [[UInt8]] = [
    Array("app:new\nline".utf8), Array("app:carriage\r".utf8), Array("app: blanks ".utf8),
    Array("app:'\"quotes".utf8), Array("app:*[x]?\\".utf8), Array("app:bad".utf8) + [0xFF, 0xFE], [0x80],
    Array("日本".utf8), Array("-rf".utf8), [],
  ]

  private static func with(_ body: (RedisServer) throws -> Void) throws {
    try RedisServer.with { server in
      try server.populate(200, prefix: "app:v1:")
      try server.populate(50, prefix: "other:", ttl: 9_000)
      try server.load(hostile.map { [Array("SET".utf8), $0, [0x31]] })
      try body(server)
    }
  }

  // MARK: - Lists

  @Test("lists by line, by NUL, with CRLF and a byte order mark, from a file and from a pipe") func lists()
    throws
  {
    let folder = try TemporaryFolder()
    let keys = (0..<200).map { "app:v1:\($0)" }
    let twice = keys + ["app:v1:0", "app:v1:gone", "app:v1:gone"]
    let forms: [(String, [UInt8], warning: String?)] = [
      ("lines", Array((twice.joined(separator: "\n") + "\n").utf8), nil),
      (
        "json", Array(twice.map { "{\"key\":\"\($0)\"}\n" }.joined().utf8) + Array("{\"end\":203}\n".utf8),
        nil
      ),
      ("zeros", Array((twice.joined(separator: "\0") + "\0").utf8), nil),
      ("crlf", Array((twice.joined(separator: "\r\n") + "\r\n").utf8), "CRLF"),
      ("mark", [0xEF, 0xBB, 0xBF] + Array((twice.joined(separator: "\n\n") + "\n").utf8), nil),
    ]
    for (name, bytes, warning) in forms {
      let path = try folder.write(name, bytes)
      for isPiped in name == "lines" || name == "zeros" ? [false, true] : [false] {
        try Self.with { server in
          var command = Rediscache.command([
            "invalidate", "-s", server.socketPath, "--keys-from", isPiped ? "-" : path, "--yes", "--json",
          ])
          if isPiped { command.input = .bytes(bytes) }
          let result = try command.run()
          let report = try RemovalReport(result.stdout)
          #expect(result.status == 0 && report.counts.isBalanced, "\(name): \(result)")
          #expect(report.counts.removed == 200 && report.counts.absent == 1, "\(name): \(result)")
          #expect(report.warns("2 keys were named twice"), "\(report.warnings)")
          #expect(result.errorText.contains("CRLF") == (warning != nil), "\(name): \(result)")
          #expect(report.warns("CRLF") == (warning != nil), "\(name): \(report.warnings)")
          #expect(try server.size() == 50 + Self.hostile.count)
        }
      }
    }
  }

  @Test("where only some lines end in CRLF, nobody knows whose the CR is") func mixedLineEnds() throws {
    let folder = try TemporaryFolder()
    try Self.with { server in
      for list in ["app:v1:1\r\napp:v1:2\n", "app:v1:1\n\napp:v1:2\r\n"] {
        let path = try folder.write("list", Array(list.utf8))
        let before = try server.size()
        let result = try Rediscache.run(["invalidate", "-s", server.socketPath, "--keys-from", path, "--yes"])
        #expect(result.status == 65 && result.errorText.contains("the CR may be part of a key"), "\(result)")
        #expect(try server.size() == before)
      }
    }
  }

  @Test("keys that begin as marks of an encoding do are keys where NULs end them") func marks() throws {
    let folder = try TemporaryFolder()
    for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF]] {
      try Self.with { server in
        let key = mark + Array("app:v1:1".utf8)
        try server.load([[Array("SET".utf8), key, [0x31]]])
        let path = try folder.write("list", key + [0] + Array("app:v1:23".utf8) + [0])
        let report = try Rediscache.removal(server, ["--keys-from", path])
        #expect(report.counts.removed == 2 && report.counts.matched == 2, "\(mark): \(report.counts)")
        #expect(try server.cli("EXISTS", "app:v1:1", "app:v1:23") == "1")
      }
    }
  }

  @Test("a list together with a choice removes what is in both") func listAndChoice() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("list", (0..<50).map { "other:\($0)\napp:v1:\($0)\n" }.joined().utf8)
    try Self.with { server in
      let report = try Rediscache.removal(server, ["app:*", "--keys-from", path])
      #expect(report.counts.removed == 50 && report.counts.matched == 50)
      #expect(try server.keys("other:*").count == 50)
      let other = try Rediscache.removal(server, ["--keys-from", path, "--ttl-above", "1h"])
      #expect(
        try other.counts.removed == 50 && server.keys("other:*").isEmpty
          && server.keys("app:v1:*").count == 150)
    }
  }

  @Test("`scan --list --print0 | invalidate --keys-from -` takes every key, whatever its bytes") func pipe()
    throws
  {
    try Self.with { server in
      try server.populate(100_000, prefix: "bulk:v1:key:")
      let script = """
        set -o pipefail
        "$0" scan -s "$1" '?*' --exclude 'other:*' --list --print0 | "$0" invalidate -s "$1" --keys-from - --yes --json
        """
      let tool = Rediscache.executable
      let result = try Command("/bin/bash", ["-c", script, tool, server.socketPath]).run(
        timeout: .seconds(60))
      let report = try RemovalReport(result.stdout)
      #expect(result.status == 0 && report.complete, "\(result)")
      // The empty key has no place in such a list.
      #expect(report.counts.removed == 100_200 + Self.hostile.count - 1, "\(report.counts)")
      #expect(report.counts.isBalanced && report.counts.absent == 0)
      #expect(try server.keys().count == 51 && server.keys("other:*").count == 50)
    }
  }

  // MARK: - Tags

  @Test("a set of keys, its members taken out as they go") func set() throws {
    try Self.with { server in
      let names = (0..<60).map { Array("app:v1:\($0)".utf8) } + [Array("gone".utf8)]
      let members: [[UInt8]] = Array(Self.hostile.dropLast()) + names
      try server.load(members.map { [Array("SADD".utf8), Array("tag:user 1".utf8), $0] })
      try server.load(text: [["SADD", "tag:other", "other:1", "app:v1:199"]])
      let report = try Rediscache.removal(server, ["--tag", "user 1", "--batch", "7"])
      #expect(report.counts.removed == members.count - 1 && report.counts.absent == 1, "\(report.counts)")
      #expect(report.complete && report.matchedInGroups == members.count)
      #expect(try server.cli("SMEMBERS", "tag:user 1") == "gone")
      #expect(try server.cli("SCARD", "tag:other") == "2")
      #expect(try server.keys("app:v1:*").count == 140 && server.keys("other:*").count == 50)
    }
  }

  @Test("several tags with members in common, and a choice within them") func tags() throws {
    try Self.with { server in
      try server.load(text: (0..<40).map { ["SADD", "tag:a", "app:v1:\($0)"] })
      try server.load(text: (20..<60).map { ["SADD", "tag:b", "app:v1:\($0)"] })
      try server.load(text: (0..<10).map { ["SADD", "tag:b", "other:\($0)"] })
      let report = try Rediscache.removal(
        server, ["app:*", "--tag", "a", "--tag", "b", "--tag", "nobody", "--dry-run"])
      #expect(
        report.counts.matched == 60 && report.warns("the tag nobody has no members"), "\(report.warnings)")
      let real = try Rediscache.removal(server, ["app:*", "--tag", "a", "--tag", "b"])
      #expect(real.counts.removed == 60 && real.counts.absent == 0, "\(real.counts)")
      #expect(try server.keys("app:v1:*").count == 140 && server.keys("other:*").count == 50)
      #expect(try server.cli("EXISTS", "tag:a") == "0")
      // What was not chosen stays in its tag.
      #expect(
        try server.cli("SMEMBERS", "tag:b").split(separator: "\n").allSatisfy { $0.hasPrefix("other:") })
    }
  }

  @Test("Laravel's sorted sets, whose members lack the prefix of the store") func laravel() throws {
    try Self.with { server in
      try server.load(text: (0..<80).map { ["SET", "laravel_cache_\($0)", "value"] })
      let tag = "laravel_cache_tag:people:entries"
      try server.load(text: (0..<50).map { ["ZADD", tag, $0 % 2 == 0 ? "-1" : "1900000000", "\($0)"] })
      try server.load(text: [["SET", "7", "no key of the store"]])
      let report = try Rediscache.removal(
        server, ["--tag", "people", "--tag-key", "laravel_cache_tag:{tag}", "--batch", "9"])
      #expect(report.counts.removed == 50 && report.counts.absent == 0, "\(report.counts)")
      #expect(try server.cli("EXISTS", tag) == "0" && server.cli("GET", "7") == "no key of the store")
      #expect(try server.keys("laravel_cache_*").count == 30)
    }
  }

  @Test("soft expiry leaves the tag as it is") func softly() throws {
    try Self.with { server in
      try server.load(text: (0..<40).map { ["SADD", "tag:a", "app:v1:\($0)"] })
      let report = try Rediscache.removal(server, ["--tag", "a", "--expire-within", "1h"])
      #expect(report.counts.removed == 40)
      #expect(try server.cli("SCARD", "tag:a") == "40")
    }
  }
}
