import Foundation
import TestHarness
import TestSupport
import Testing

/// Seeds that are not as they should be: named by line and column, and no other record is lost for them.
@Suite(.overlapping) struct WarmInputTests {
  /// A record that cannot be loaded, and what is said of it.
  struct Row: Sendable, CustomTestStringConvertible {
    let record: String
    let column: Int
    let words: String

    var testDescription: String { record }

    init(_ record: String, _ column: Int, _ words: String) {
      self.record = record
      self.column = column
      self.words = words
    }
  }

  private static let rows = [
    Row("{", 2, "cut off"), Row("[]", 1, "not a JSON object"), Row("text", 1, "not a JSON object"),
    Row(#"{"key":"k","value":"v"} x"#, 25, "something follows"),
    Row(#"{"key":"k","value":"v"}{"key":"l","value":"v"}"#, 24, "something follows"),
    Row(#"{"value":"v"}"#, 1, #""key" is missing"#), Row(#"{"key":"k"}"#, 1, #""value" is missing"#),
    Row(#"{"key":7,"value":"v"}"#, 8, #""key" must be a string"#),
    Row(#"{"key":"k","value":17}"#, 20, "must be in quotes"), Row(#"{"key":"k","value":null}"#, 20, "quotes"),
    Row(#"{"key":"k","value":{"a":1}}"#, 20, "\"type\" is missing"),
    Row(#"{"key":"k","value":"v","expires":5}"#, 24, "unknown member \"expires\""),
    Row(#"{"key":"k","key":"l","value":"v"}"#, 12, "twice"),
    Row(#"{"key":"k","type":"zzz","value":"v"}"#, 19, "unknown type"),
    Row(#"{"key":"k","type":"hash","value":["a"]}"#, 35, "a hash is an object"),
    Row(#"{"key":"k","type":"hash","value":{"a":1}}"#, 39, "in quotes"),
    Row(#"{"key":"k","type":"hash","value":{}}"#, 34, "without content"),
    Row(#"{"key":"k","type":"list","value":{"a":"b"}}"#, 34, "an array"),
    Row(#"{"key":"k","type":"list","value":[]}"#, 34, "without content"),
    Row(#"{"key":"k","type":"zset","value":[["a","x"]]}"#, 40, "a score"),
    Row(#"{"key":"k","type":"zset","value":[["a",NaN]]}"#, 40, "invalid"),
    Row(#"{"key":"k","type":"stream","value":[["5-1",{"a":"b"}],["4-1",{"a":"b"}]]}"#, 56, "larger"),
    Row(#"{"key":"k","type":"stream","value":[["*",{"a":"b"}]]}"#, 38, "id must be like"),
    Row(#"{"key":"k","type":"dump","value":"%%"}"#, 34, "base64"),
    Row(#"{"key":"k","value":"v","encoding":"hex"}"#, 35, "base64"),
    Row(#"{"key":"k","value":"a","encoding":"base64"}"#, 8, "base64"),
    Row(#"{"key":"k","value":"v","json":1}"#, 31, "exclude each other"),
    Row(#"{"key":"k","value":"v","ttl":0}"#, 30, "would expire the key at once"),
    Row(#"{"key":"k","value":"v","ttl":-2}"#, 30, "negative"),
    Row(#"{"key":"k","value":"v","ttl":1.5}"#, 30, "integer"),
    Row(#"{"key":"k","value":"v","ttl":"1 month"}"#, 30, #"got "1 month""#),
    Row(#"{"key":"k","value":"v","ttl":9300000000000000}"#, 30, "more than"),
    Row(#"{"key":"k","value":"v","ttl":99999999999999999999}"#, 30, "integer"),
    Row(#"{"key":"k","value":"v","expires_at":0}"#, 37, "out of range"),
    Row(#"{"key":"k","value":"v","ttl":5,"expires_at":5}"#, 45, "exclude each other"),
    Row(#"{"key":"k","value":"v","tags":"a"}"#, 31, "array of strings"),
    Row(#"{"key":"k","value":"\q"}"#, 20, "escape"), Row(#"{"key":"k","value":"\ud800"}"#, 20, "surrogate"),
    Row("{\"key\":\"k\",\"value\":\"a\u{1}b\"}", 22, "control character"),
    Row(#"{"key":"k","value":01}"#, 20, "number"),
  ]

  @Test("every bad record is told with line, column and reason, kept as it stood, and stops nothing")
  func records()
    throws
  {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      var seed = Array(#"{"key":"first","value":"v"}"#.utf8) + [10]
      for (index, row) in Self.rows.enumerated() {
        seed += Array(row.record.utf8) + (index % 3 == 0 ? [13, 10] : [10])
        // Blank lines are counted.
        if index % 5 == 0 { seed += [10] }
        seed += Array(#"{"key":"good:\#(index)","value":"v"}"#.utf8) + [10]
      }
      let result = try Rediscache.warm(server, seed, ["--rejects", folder.file("rejects"), "--json"])
      let report = try result.load()
      #expect(result.status == 1 && !report.complete, "\(result)")
      #expect(report.counts == .init(written: Self.rows.count + 1, rejected: Self.rows.count), "\(report)")
      #expect(try server.size() == Self.rows.count + 1)
      let rejects = try Seeds.Reject.lines(folder.read("rejects"))
      try #require(rejects.count == Self.rows.count)
      var line = 2
      for (index, (row, reject)) in zip(Self.rows, rejects).enumerated() {
        #expect(reject.line == line && reject.record == row.record, "\(row.record): \(reject)")
        #expect(reject.reason.contains(row.words), "\(row.record): \(reject)")
        #expect(reject.column == row.column, "\(row.record): \(reject)")
        line += index % 5 == 0 ? 3 : 2
      }
      #expect(report.rejections.count == 5)
      for (shown, reject) in zip(report.rejections, rejects) {
        #expect(
          shown.line == reject.line && shown.column == reject.column && shown.reason == reject.reason)
      }
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file("rejects"))[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test(
    "--strict stops there with 65, and what stands before is written", arguments: ["auto", "full", "gentle"])
  func strict(_ pace: String) throws {
    try RedisServer.with { server in
      for before in [0, 1, 49, 50, 51, 700] {
        try server.cli("FLUSHALL")
        let seed =
          Seeds.strings(before) + Array("{\"key\":\"k\",\"value\":1}\n".utf8) + Seeds.strings(300, "later:")
        let result = try Rediscache.warm(server, seed, ["--strict", "--json", "--pace", pace])
        #expect(result.status == 65 && result.errorText.contains("line \(before + 1)"), "\(result)")
        #expect(result.errorText.contains("quotes"), "\(result)")
        let report = try result.load()
        #expect(report.counts == .init(written: before, rejected: 1), "\(report)")
        #expect(try server.keys("app:*").count == before && server.size() == before)
      }
    }
  }

  @Test("a byte order mark, CRLF, blank lines and a last line without end are all right") func lineEnds()
    throws
  {
    try RedisServer.with { server in
      let seed = "\u{FEFF}\r\n {\"key\":\"a\",\"value\":\"1\"} \r\n\t\n{\"key\":\"b\",\"value\":\"2\"}"
      let result = try Rediscache.warm(server, Array(seed.utf8))
      #expect(result.status == 0, "\(result)")
      #expect(try server.content("a") == "string 1" && server.content("b") == "string 2")
    }
  }

  @Test("a last line that is cut off is told as such") func truncated() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      let record = Array(#"{"key":"b","value":"grün","ttl":50}"#.utf8)
      for length in 1..<record.count {
        try? FileManager.default.removeItem(atPath: folder.file("rejects"))
        let seed = Seeds.strings(2) + record[..<length]
        let result = try Rediscache.warm(server, seed, ["--json", "--rejects", folder.file("rejects")])
        #expect(result.status == 1, "\(length): \(result)")
        #expect(try result.load().counts == .init(written: 2, rejected: 1), "\(length): \(result)")
        let reject = try #require(try Seeds.Reject.lines(folder.read("rejects")).first)
        #expect(reject.reason.contains("truncated") && reject.line == 3, "\(length): \(reject)")
        #expect(reject.bytes == Array(record[..<length]), "\(length): \(reject)")
      }
    }
  }

  /// A file that cannot be read at all, and what is said of it.
  struct File: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let words: String

    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8], _ words: String) {
      self.name = name
      self.bytes = bytes
      self.words = words
    }
  }

  private static let files = [
    File("UTF-16 with a mark", [0xFF, 0xFE, 0x7B, 0, 0x22, 0], "UTF-16"),
    File("UTF-16, the other way", [0xFE, 0xFF, 0, 0x7B], "UTF-16"),
    File("UTF-16 without a mark", Array("key,value\n".utf8).flatMap { [$0, 0] }, "UTF-16"),
    File("NUL bytes", [UInt8](repeating: 0, count: 5_000), "NUL"),
    File("a JSON array", Array("[{\"key\":\"k\",\"value\":\"v\"}]".utf8), "one JSON array"),
    File("no CSV", Array("hello world\n".utf8), "unknown column"),
    File("CSV without values", Array("key,ttl\nk,5\n".utf8), "no column \"value\""),
    File("CSV with an open quote", Array("key,value\nk,\"v\nl,w\n".utf8), "truncated"),
    File("RESP cut off", Array("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nv".utf8), "truncated"),
    File("RESP that breaks off", Array("*2\r\n$1\r\nab\r\n".utf8), "broken command"),
    File("gzip in gzip", [0x1F, 0x8B, 1, 2, 3, 4], "gzip"),
  ]

  @Test("files that are no seeds are refused", arguments: files) func refused(_ file: File) throws {
    try RedisServer.with { server in
      let result = try Rediscache.warm(server, file.bytes)
      let isRecord = file.name.contains("open quote")
      #expect(result.status == (isRecord ? 1 : 65), "\(result)")
      #expect((result.errorText + result.text).contains(file.words), "\(result)")
      #expect(try server.size() == 0)
    }
  }

  @Test("paths that are no seeds") func paths() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: folder.file("nothing"))
    try RedisServer.with { server in
      let rows = [
        (folder.file("missing"), "No such file"), (folder.path, "directory"), ("/dev/zero", "device"),
        ("/dev/null", "device"), (folder.file("link"), "No such file"),
        (folder.file("a\u{1B}[31mb"), "No such"),
      ]
      let writes = try server.writes {
        for (path, words) in rows {
          let result = try Rediscache.warm(server, file: path, ["--journal", folder.file("journal")])
          #expect(result.status == 66 && result.errorText.contains(words), "\(path): \(result)")
          #expect(!result.errorText.contains("\u{1B}") && folder.read("journal") == nil)
        }
      }
      #expect(writes.isEmpty)
      let input = try Rediscache.run(["warm", "--yes", "-", "-s", server.socketPath])
      #expect(input.status == 66 && input.errorText.contains("standard input"), "\(input)")
      let none = try Rediscache.run(["warm", "--yes", "-s", server.socketPath])
      #expect(none.status == 64, "\(none)")
    }
  }

  @Test("a FIFO is read to its end, packed or not, in any pieces") func fifo() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("fifo")
    #expect(mkfifo(path, 0o600) == 0)
    try RedisServer.with { server in
      for (seed, piece) in [(Seeds.strings(900), 1_000), (try Seeds.gzip(Seeds.strings(900)), 1)] {
        try server.cli("FLUSHALL")
        let running = try Rediscache.command(["warm", "--yes", path, "-s", server.socketPath, "--json"])
          .start()
        let writer = try #require(FileHandle(forWritingAtPath: path))
        for start in stride(from: 0, to: seed.count, by: piece) {
          try writer.write(contentsOf: seed[start..<min(seed.count, start + piece)])
        }
        try writer.close()
        let result = running.wait()
        #expect(try result.status == 0 && result.load().counts == .init(written: 900), "\(result)")
        #expect(try server.size() == 900)
      }
      let journal = try Rediscache.command([
        "warm", "--yes", path, "-s", server.socketPath, "--journal", folder.file("journal"),
      ]).start()
      let writer = try #require(FileHandle(forWritingAtPath: path))
      let result = journal.wait()
      try writer.close()
      #expect(result.status == 64 && result.errorText.contains("stream"), "\(result)")
    }
  }

  @Test("gzip that is damaged or cut off: what came before is loaded, and the run ends with 65")
  func badGzip()
    throws
  {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      var random = SeededGenerator(seed: 5)
      let lines = (0..<20_000).map {
        #"{"key":"k:\#($0)","value":"\#(UInt64.random(in: 0...UInt64.max, using: &random))"}"#
      }
      let packed = try Seeds.gzip(Array((lines.joined(separator: "\n") + "\n").utf8))
      let cut = try folder.write("cut.jsonl", packed[..<(packed.count * 9 / 10)])
      var bad = packed
      for index in bad.count / 2..<bad.count / 2 + 8 { bad[index] ^= 0x5A }
      let damaged = try folder.write("damaged.gz", bad)
      for (file, words) in [(cut, "ends in the middle"), (damaged, "damaged")] {
        try server.cli("FLUSHALL")
        let result = try Rediscache.warm(server, file: file, ["--json"])
        #expect(result.status == 65 && result.errorText.contains(words), "\(result)")
        let report = try result.load()
        // Bytes that are damaged may still unpack to something, until the checksum tells.
        #expect(report.counts.written > 1_000 && report.counts.written < 20_000, "\(report)")
        #expect(report.stopped?.contains(words) == true && !report.complete)
      }
      let misnamed = try folder.write("plain.gz", Seeds.strings(3))
      #expect(try Rediscache.warm(server, file: misnamed, ["--json"]).load().counts.written == 3)
      let tail = try folder.write("tail", try Seeds.gzip(Seeds.strings(3)) + Array("tail".utf8))
      #expect(try Rediscache.warm(server, file: tail).status == 65)
    }
  }

  @Test("Ctrl-C while the input is silent: what came is loaded, what came half is nothing") func interrupted()
    throws
  {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      for (start, isPacked) in [("{\"key\":\"half\",\"va", false), ("", true)] {
        try server.cli("FLUSHALL")
        var command = Rediscache.command([
          "warm", "--yes", "-", "-s", server.socketPath, "--json", "--rejects", folder.file("rejects"),
        ])
        command.input = .open
        let running = try command.start()
        let seed = Seeds.strings(20) + Array(start.utf8)
        running.write(isPacked ? try Seeds.gzip(seed) + [0x1F] : seed)
        if isPacked {
          // The list's own asker is one of the two.
          #expect(
            try Wait.becomesTrue { try server.cli("CLIENT", "LIST").split(separator: "\n").count >= 2 })
          usleep(300_000)
        } else {
          #expect(try Wait.becomesTrue { try server.size() == 20 })
        }
        running.signal(SIGINT)
        let result = running.wait()
        #expect(result.status == 130 && !result.timedOut, "\(result)")
        let report = try result.load()
        #expect(report.counts.rejected == 0 && report.counts.unknown == 0, "\(result)")
        #expect(folder.read("rejects") == nil)
      }
    }
  }

  @Test("hostile text in a record reaches no terminal raw") func hostile() throws {
    try RedisServer.with { server in
      let seed = #"{"key":"k","type":"\#u{202E}]8;;x\u001b[31mevil","value":"v"}"#.replacing(
        "\\#u{202E}", with: "\u{202E}")
      let result = try Rediscache.warm(server, Array(seed.utf8) + [10, 0xFF, 0xFE, 0x1B, 10])
      #expect(
        result.status == 1 && result.text.contains("line 1") && result.text.contains("line 2"), "\(result)")
      for scalar in (result.text + result.errorText).unicodeScalars where scalar != "\n" {
        #expect(scalar.value >= 0x20 && scalar.value != 0x202E && scalar.value != 0x7F)
      }
    }
  }
}
