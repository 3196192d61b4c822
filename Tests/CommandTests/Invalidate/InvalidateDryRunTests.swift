import Foundation
import TestHarness
import Testing

/// A dry run ends with the command that does what it has counted.
@Suite(.overlapping) struct InvalidateDryRunTests {
  private static let bytes: [[UInt8]] = [
    Array("app:v1:it's \"here\"".utf8), Array("app:v1:new\nline".utf8), Array("app:v1:*star".utf8),
    Array("app:v1:[set]?".utf8), Array("app:v1:$HOME`id`;\\".utf8), Array("app:v1:bad".utf8) + [0xFF, 0xFE],
    Array("app:v1:日本".utf8), Array("app:v1: two  blanks ".utf8), Array("app:v1:nul".utf8) + [0],
    Array("-app:v1:dash".utf8),
  ]

  private static func load(_ server: RedisServer) throws {
    try server.cli("FLUSHALL")
    try server.populate(60, prefix: "app:v1:")
    try server.populate(40, prefix: "app:v2:", ttl: 9_000)
    try server.populate(20, prefix: "other:")
    try server.load(bytes.map { [Array("SET".utf8), $0, [0x31]] })
    try server.load(text: [["SADD", "tag:it's", "app:v1:1", "app:v1:2"], ["HSET", "app:v1:hash", "a", "b"]])
  }

  /// Each choice with the number of keys it has.
  private static let choices: [([String], Int)] = [
    (["app:v1:*"], 70), (["app:v?:*", "--exclude", "app:v1:*"], 40), (["app:v1:it's \"*"], 1),
    (["app:v1:\\[set\\]\\?"], 1), (["app:v1:$HOME`id`;\\\\"], 1),
    (["app:v1:bad\\xff*"], 1), (["app:v1:new\\x0aline"], 1), (["app:v1:nul\\x00"], 1),
    (["--namespace", "app", "--key-version", "<v2"], 70),
    (["--namespace", "app", "--superseded"], 70), (["app:*", "--no-ttl"], 70),
    (["--tag", "it's"], 2), (["*", "--all"], 132), (["app:v1:*", "--delete", "--batch", "7"], 70),
    (["app:v1:*", "--expire-within", "90m", "--max-keys", "1_000"], 70),
  ]

  @Test("a shell that runs the printed command removes the counted keys, no more and no less") func printed()
    throws
  {
    try RedisServer.with { server in
      for (choice, count) in Self.choices {
        try Self.load(server)
        let size = try server.size()
        var line: String?
        let writes = try server.writes {
          let report = try Rediscache.invalidate(server, choice + ["--dry-run", "--json"]).removal()
          #expect(report.dryRun && report.counts.matched == count && report.counts.removed == 0, "\(choice)")
          line = report.command
        }
        #expect(try writes.isEmpty && server.size() == size, "\(choice): \(writes)")
        let command = try #require(line, "\(choice)")
        #expect(command.contains("--expect \(count) --yes"), "\(command)")
        let result = try Rediscache.shell(command + " --json")
        #expect(result.status == 0, "\(command): \(result)")
        let report = try result.removal()
        #expect(report.counts.matched == count && report.counts.removed == count, "\(command): \(result)")
        let gone = choice.contains("--expire-within") ? 0 : count
        // The tag that led to its keys is gone with the last of them.
        #expect(try size - server.size() == gone + (choice.first == "--tag" ? 1 : 0), "\(command)")
      }
    }
  }

  @Test("text and JSON print the same command") func text() throws {
    try RedisServer.with { server in
      try Self.load(server)
      for choice in [
        ["app:v1:it's \"*"], ["app:v1:new\\x0aline"], ["--tag", "it's", "--expire-within", "5m"],
      ] {
        let table = try Rediscache.invalidate(server, choice + ["--dry-run"])
        let report = try Rediscache.invalidate(server, choice + ["--dry-run", "--json"]).removal()
        #expect(table.status == 0 && table.text.hasPrefix("dry run: nothing is "), "\(choice): \(table)")
        #expect(table.command(after: "to run ") == report.command && report.command != nil, "\(choice)")
      }
    }
  }

  @Test("the printed command refuses once the keyspace has changed") func changed() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let look = try Rediscache.invalidate(server, ["app:v1:*", "--dry-run"])
      let command = try #require(look.command(after: "to run "))
      try server.load(text: [["SET", "app:v1:new", "value"]])
      let result = try Rediscache.shell(command)
      #expect(
        result.status == 1 && result.errorText.contains("71 keys match and --expect says 70"), "\(result)")
      #expect(try server.keys("app:v1:*").count == 71)
    }
  }

  @Test("no password in the printed command, however it was given") func secrecy() throws {
    let options = RedisServer.Options(
      tcp: true, configuration: ["requirepass \(Rediscache.secret)"],
      login: .init("default", Rediscache.secret))
    try RedisServer.with(options) { server in
      try server.populate(30, prefix: "app:")
      let uri = "redis://:\(Rediscache.secret)@127.0.0.1:\(server.port)/0"
      let result = try Rediscache.run(["invalidate", "-u", uri, "app:*", "--dry-run"])
      let command = try #require(result.command(after: "to run "), "\(result)")
      #expect(command.contains("--askpass") && command.contains("--uri redis://"), "\(command)")
      let variable = ["REDISCLI_AUTH": Rediscache.secret]
      let other = try Rediscache.invalidate(server, ["app:*", "--dry-run"], environment: variable)
      let line = try #require(other.command(after: "to run "), "\(other)")
      #expect(try Rediscache.shell(line, environment: variable).status == 0)
      #expect(try server.size() == 0)
    }
  }

  @Test("the table of a real run, in a pipe and in a file") func table() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try Self.load(server)
      let result = try Rediscache.invalidate(server, ["app:*", "--yes", "-o", folder.file("report")])
      #expect(result.status == 0 && result.stdout.isEmpty, "\(result)")
      #expect(result.errorText == "no undo    this run had no --backup\n", "\(result)")
      let text = String(decoding: folder.read("report") ?? [], as: UTF8.self)
      #expect(text.hasPrefix("target    unix://\(server.socketPath)?db=0\n"), "\(text)")
      #expect(text.contains("removed   110 keys, acknowledged by the server\n"), "\(text)")
      #expect(text.contains("freed     about "), "\(text)")
      #expect(text.firstMatch(of: /took .* batch(es)? of UNLINK/) != nil, "\(text)")
      #expect(text.firstMatch(of: /app v1 +70 +70 +0 +0 +0\b/) != nil, "\(text)")
      #expect(text.firstMatch(of: /app v2 +40 +40 +0 +0 +0\b/) != nil, "\(text)")
    }
  }
}
