import Foundation
import TestHarness
import Testing

/// Lists of keys name exactly the keys that they were written from, or are refused.
@Suite(.overlapping) struct KeyListTests {
  private static func with(_ body: (RedisServer) throws -> Void) throws {
    try RedisServer.with { server in
      try server.populate(200, prefix: "app:v1:")
      try body(server)
    }
  }

  @Test("a list whose last entry lacks its end may be cut off, and is refused") func cutOff() throws {
    let folder = try TemporaryFolder()
    let lists: [(String, isOnlyRefusedAsPipe: Bool)] = [
      ("app:v1:2\0app:v1:1", false), ("app:v1:2\napp:v1:1", false),
      ("{\"key\":\"app:v1:2\"}\n{\"key\":\"app:v1:1\"}", false),
      ("app:v1:1", true),
    ]
    try Self.with { server in
      let size = try server.size()
      for (list, isOnlyRefusedAsPipe) in lists {
        let path = try folder.write("list", Array(list.utf8))
        var command = Rediscache.command(["invalidate", "-s", server.socketPath, "--keys-from", "-", "--yes"])
        command.input = .bytes(Array(list.utf8))
        let piped = try command.run()
        #expect(piped.status == 65 && piped.errorText.contains("may have been cut off"), "\(piped)")
        guard !isOnlyRefusedAsPipe else { continue }
        let result = try Rediscache.run(["invalidate", "-s", server.socketPath, "--keys-from", path, "--yes"])
        #expect(result.status == 65 && result.errorText.contains("may have been cut off"), "\(result)")
      }
      #expect(try server.size() == size)
      let path = try folder.write("list", Array("app:v1:1".utf8))
      #expect(try Rediscache.removal(server, ["--keys-from", path]).counts.removed == 1)
    }
  }

  @Test("JSON lines are counted by their closing record, and its absence is said") func closingRecord() throws
  {
    let folder = try TemporaryFolder()
    let line = "{\"key\":\"app:v1:1\"}\n"
    let refused: [(String, String)] = [
      (line + "{\"end\":2}\n", "its closing record says 2"),
      (line + "{\"end\":1}\n" + line, "line 3 follows the closing record"),
      (line + "{\"type\":\"string\"}\n", "\"key\" is missing"), (line + "app:v1:2\n", "line 2"),
      ("{\"key\":1}\n", "must be a string"), ("{\"key\":\"a\",\"encoding\":\"hex\"}\n", "can only be"),
      ("{\"key\":\"a=\",\"encoding\":\"base64\"}\n", "not base64"),
      ("key,type,ttl,bytes\napp:v1:1,string,-1,50\n", "is CSV"), ("\u{1F}\u{8B}", "gzip"),
    ]
    try Self.with { server in
      let size = try server.size()
      for (list, words) in refused {
        var bytes = Array(list.utf8)
        if words == "gzip" { bytes = [0x1F, 0x8B, 0x08, 0x0A] }
        let path = try folder.write("list", bytes)
        let result = try Rediscache.run(["invalidate", "-s", server.socketPath, "--keys-from", path, "--yes"])
        #expect(result.status == 65 && result.errorText.contains(words), "\(words): \(result)")
      }
      #expect(try server.size() == size)
      let open = try folder.write("open", Array(line.utf8))
      let report = try Rediscache.removal(server, ["--keys-from", open])
      #expect(report.counts.removed == 1 && report.warns("no closing record"), "\(report.warnings)")
      let text = line.replacing("1", with: "2") + line.replacing("1", with: "3") + "{\"end\":2}\n"
      let closed = try folder.write(
        "closed", Array(text.replacing("v2", with: "v1").replacing("v3", with: "v1").utf8))
      let whole = try Rediscache.removal(server, ["--keys-from", closed])
      #expect(whole.counts.removed == 2 && whole.warnings.isEmpty, "\(whole.warnings)")
    }
  }

  /// Names that are other names, or none, or another kind of file, where a list has no place for them.
  private static let confusing: [[UInt8]] = [
    Array("ns:\0tags\0item".utf8), Array("ns:a\ntags\nitem".utf8), Array("tags\r".utf8), [], [0x0A], [0x0D],
    [0],
    [0xEF, 0xBB, 0xBF] + Array("item".utf8), [0xFF, 0xFE], [0xFE, 0xFF, 0x61], [0x1F, 0x8B, 0x08],
    Array("{\"key\":\"item\"}".utf8), Array("{\"end\":0}".utf8), Array("key,type".utf8), Array("{tags}".utf8),
    [0x70, 0x3A, 0xFF], Array(#""p:\xff""#.utf8), Array("1) \"item\"".utf8),
  ]

  @Test(
    "a list removes the keys that it was written from, and no others",
    arguments: [["--print0"], [], ["--format", "jsonl"]])
  func everyKeyOrAnError(_ form: [String]) throws {
    let folder = try TemporaryFolder()
    for key in Self.confusing {
      try RedisServer.with { server in
        let bystanders = ["item", "tags", "ns:", "ns:a", "a", "key"].map { Array($0.utf8) }
        try server.load(bystanders.map { [Array("SET".utf8), $0, [0x31]] })
        let before = try server.size()
        try server.load([[Array("SET".utf8), key, [0x31]]])
        let exclusions = ["item", "tags", "ns:", "ns:a", "a", "key"].flatMap { ["--exclude", $0] }
        let listed = try Rediscache.run(["scan", "-s", server.socketPath, "--list"] + exclusions + form)
        #expect(listed.status == 0 || listed.errorText.contains("--format jsonl can carry it"), "\(listed)")
        #expect(listed.status == 0 || form != ["--format", "jsonl"], "JSON lines carry every key: \(listed)")
        let path = try folder.write("list", listed.stdout)
        let result = try Rediscache.run(["invalidate", "-s", server.socketPath, "--keys-from", path, "--yes"])
        #expect(result.status == listed.status || result.status == 65, "\(key): \(result)")
        #expect(try server.size() == before + (listed.status == 0 ? 0 : 1), "\(form) \(key): \(result)")
        #expect(try server.cli(["EXISTS"] + bystanders.map { String(decoding: $0, as: UTF8.self) }) == "6")
      }
    }
  }

  @Test("a key that the list says is of another database is refused with its number") func otherDatabase()
    throws
  {
    let folder = try TemporaryFolder()
    let list =
      #"{"key":"app:v1:1","db":0}"# + "\n" + #"{"key":"app:v1:2","db":3}"# + "\n" + #"{"end":2}"# + "\n"
    try Self.with { server in
      let path = try folder.write("list", Array(list.utf8))
      let result = try Rediscache.run(["invalidate", "-s", server.socketPath, "--keys-from", path, "--yes"])
      #expect(
        result.status == 65 && result.errorText.contains("line 2: its key is of database 3"), "\(result)")
      #expect(try server.size() == 200)
      let own = try folder.write("list", Array(list.replacing("3}", with: "0}").utf8))
      #expect(try Rediscache.removal(server, ["--keys-from", own]).counts.removed == 2)
    }
  }
}
