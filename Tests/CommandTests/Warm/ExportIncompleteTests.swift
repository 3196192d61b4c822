import Foundation
import TestHarness
import TestSupport
import Testing

/// What `export` does with keys that it cannot read, and with seeds that lack something.
@Suite(.overlapping) struct ExportIncompleteTests {
  /// A server with 400 keys that a reader may read and 15 that it may not.
  private static func with(
    _ body: (RedisServer, TemporaryFolder, ([String]) throws -> Command.Result) throws -> Void
  ) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(400, prefix: "app:v1:", ttl: 900)
      try server.populate(15, prefix: "closed:")
      try server.cli(
        "ACL", "SETUSER", "reader", "on", ">\(Rediscache.secret)", "~app:*", "+@read", "+info", "+time")
      try body(server, folder) { arguments in
        try Rediscache.run(
          ["export", "-s", server.socketPath, "--user", "reader"] + arguments,
          environment: ["REDISCLI_AUTH": Rediscache.secret])
      }
    }
  }

  @Test(
    "keys that cannot be read do not keep the rest from being written",
    arguments: ["seed.jsonl", "seed.jsonl.gz"])
  func rest(_ name: String) throws {
    try Self.with { server, folder, export in
      let old = try folder.write(name, "old".utf8)
      let result = try export(["-o", old])
      #expect(result.status == 1 && folder.read(name) == Array("old".utf8), "\(result)")
      #expect(result.errorText.contains("left as it was") && result.errorText.contains("\(name).partial"))
      let load = try Rediscache.warm(server, file: old + ".partial", ["--json", "--dry-run"])
      #expect(try load.load().planned == 400, "\(load)")

      let partial = try export(["-o", old, "--partial"])
      #expect(partial.status == 1 && partial.errorText.contains("is not complete"), "\(partial)")
      #expect(try Rediscache.warm(server, file: old, ["--json", "--dry-run"]).load().planned == 400)
      let first = try export(["-o", folder.file("new-\(name)")])
      #expect(first.status == 1 && folder.read("new-\(name)") == nil, "\(first)")
      #expect(folder.read("new-\(name).partial") != nil)
    }
  }

  @Test("nothing never takes the place of something", arguments: [[], ["--partial"]])
  func nothing(_ more: [String]) throws {
    try Self.with { _, folder, export in
      let old = try folder.write("seed.jsonl", "old".utf8)
      let result = try export(["closed:*", "-o", old] + more)
      #expect(result.status == 1 && folder.read("seed.jsonl") == Array("old".utf8), "\(result)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["seed.jsonl"])
    }
  }

  @Test("keys that cannot be read are named: some for people, all in JSON") func named() throws {
    try Self.with { _, folder, export in
      let result = try export(["-o", folder.file("seed.jsonl"), "--json"])
      let report = try #require(try JSONLines.objects(result.stdout).first)
      #expect(report["schema"] as? String == "rediscache.export/1" && report["complete"] as? Bool == false)
      #expect(report["records"] as? Int == 400 && report["not_exported"] as? Int == 15)
      #expect(report["file"] as? String == folder.file("seed.jsonl.partial"))
      let unread = try #require(report["unread"] as? [[String: String]])
      #expect(Set(unread.compactMap { $0["key"] }).count == 15, "\(unread)")
      #expect(unread.allSatisfy { $0["key"]?.hasPrefix("closed:") == true && $0["reason"]?.isEmpty == false })
      #expect(result.errorText.split(separator: "\n").count { $0.hasPrefix("not exported: closed:") } == 10)
      #expect(result.errorText.contains("and 5 keys more not exported"), "\(result.errorText)")
    }
  }

  @Test("a report and a seed do not share one stream") func streams() throws {
    try Self.with { _, _, export in
      for arguments in [["--json"], ["--json", "-o", "/dev/stdout"]] {
        let result = try export(arguments)
        #expect(
          result.status == 64 && result.stdout.isEmpty && result.errorText.contains("-o FILE"), "\(result)")
      }
    }
  }
}
