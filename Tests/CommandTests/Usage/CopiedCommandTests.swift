import Foundation
import TestHarness
import Testing

/// Commands that reports print do what they say when they are copied into another shell.
@Suite(.overlapping) struct CopiedCommandTests {
  /// The lines of an output that are commands of the tool.
  private static func commands(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      line.firstRange(of: "rediscache ").map { String(line[$0.lowerBound...]) }
    }
  }

  private static func populate(_ server: RedisServer) throws {
    try server.populate(60, prefix: "shop:v1:")
    try server.populate(60, prefix: "shop:v2:")
    try server.populate(60, prefix: "session:")
  }

  @Test("an address of the environment is in each command") func environment() throws {
    try RedisServer.with { server in
      try Self.populate(server)
      let uri = "unix://\(server.socketPath)?db=0"
      for (arguments, variables) in [
        (["scan"], ["REDIS_URL": uri]), (["scan"], ["REDISCACHE_URI": uri]), (["ttl"], ["REDIS_URL": uri]),
        (["stats"], ["REDIS_URL": uri]), (["invalidate", "shop:*", "--dry-run"], ["REDIS_URL": uri]),
      ] {
        let result = try Rediscache.run(arguments, environment: variables)
        #expect(result.status == 0, "\(result)")
        let found = Self.commands(in: result.text)
        if arguments == ["scan"] { #expect(found.count > 1, "\(result)") }
        for line in found {
          #expect(line.contains(server.socketPath), "\(line)")
          // What removes is the subject of another test, and what watches has no end.
          guard !line.contains("--yes"), !line.contains("--watch") else { continue }
          let copied = try Rediscache.shell(line)
          #expect(copied.status == 0, "\(line): \(copied)")
        }
      }
    }
  }

  @Test("files of the connection are found from another directory") func files() throws {
    try RedisServer.with(
      .init(
        configuration: ["requirepass \(Rediscache.secret)"],
        login: .init("default", Rediscache.secret))
    ) { server in
      let folder = try TemporaryFolder()
      let file = try folder.write("password", Array(Rediscache.secret.utf8))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
      try server.cli("MSET", "a:v1:1", "x", "a:v2:1", "x")
      var command = Rediscache.command(
        ["invalidate", "a:v1:*", "--dry-run", "-s", server.socketPath, "--password-file", "password"])
      command.directory = folder.path
      let plan = try command.run()
      let line = try #require(plan.command(after: "to run"), "\(plan)")
      let result = try Rediscache.shell(line)
      #expect(try result.status == 0 && server.cli("DBSIZE") == "1", "\(line): \(result)")
    }
  }

  @Test("a protected profile gets its name, and an undo brings the keys back") func protected() throws {
    try RedisServer.with { server in
      try Self.populate(server)
      let folder = try TemporaryFolder()
      let environment = try folder.configure(
        "prod", ["socket = \"\(server.socketPath)\"", "protected = true"])
      let backup = folder.file("shop.jsonl")
      let plan = try Rediscache.run(
        [
          "invalidate", "-P", "prod", "--namespace", "shop", "--key-version", "v1", "--backup", backup,
          "--dry-run",
        ],
        environment: environment)
      let run = try #require(plan.command(after: "to run"), "\(plan)")
      let removal = try Rediscache.shell(run, environment: environment)
      #expect(try removal.status == 0 && server.size() == 120, "\(run): \(removal)")
      let undo = try #require(removal.command(after: "to undo"), "\(removal)")
      #expect(undo.contains("--if-missing"), "what was written since stays: \(undo)")
      let restored = try Rediscache.shell(undo, environment: environment)
      #expect(try restored.status == 0 && server.size() == 180, "\(undo): \(restored)")
    }
  }

  @Test("where there is nothing to do there is no command for it") func nothing() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let seed = try folder.write("seed.jsonl", Array(#"{"key":"a","value":"x"}"#.utf8))
      try server.cli("SET", "a", "x")
      for arguments in [["invalidate", "nothing:*"], ["warm", seed, "--if-missing"]] {
        let plan = try Rediscache.run(arguments + ["--dry-run", "-s", server.socketPath])
        #expect(plan.status == 0 && plan.command(after: "to run") == nil, "\(plan)")
        #expect(!plan.text.contains("--expect 0"), "\(plan)")
      }
    }
  }
}
