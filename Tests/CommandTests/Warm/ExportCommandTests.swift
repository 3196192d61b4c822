import Foundation
import TestHarness
import Testing

/// Where `export` writes, and what it refuses.
@Suite(.overlapping) struct ExportCommandTests {
  private static func with(_ body: (RedisServer, TemporaryFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(400, prefix: "app:v1:", ttl: 900)
      try body(server, folder)
    }
  }

  private static func export(
    _ server: RedisServer, _ arguments: [String] = [], environment: [String: String] = [:]
  ) throws -> Command.Result {
    try Rediscache.run(["export", "-s", server.socketPath] + arguments, environment: environment)
  }

  @Test("a seed does not go to a terminal") func terminal() throws {
    try Self.with { server, _ in
      let place = ["export", "-s", server.socketPath]
      for arguments in [[], ["-o", "/dev/tty"], ["--dump"]] {
        let result = try Rediscache.terminal(place + arguments).wait()
        #expect(result.status == 64 && result.text.contains("-o FILE.jsonl"), "\(result.text)")
        #expect(!result.text.contains("app:v1:"))
      }
      let piped = try Rediscache.terminal(place, pipesOutput: true).wait()
      #expect(piped.status == 0 && piped.stdout.count { $0 == 10 } == 400, "\(piped.text)")
      #expect(piped.text.contains("400 keys in"))
    }
  }

  @Test(
    "a file is private, whole, and alone; an old one is replaced", arguments: ["seed.jsonl", "seed.jsonl.gz"])
  func file(_ name: String) throws {
    try Self.with { server, folder in
      for old in [nil, Array(repeating: UInt8(ascii: "x"), count: 100_000)] {
        if let old { try folder.write(name, old) }
        let result = try Self.export(server, ["-o", folder.file(name)])
        #expect(result.status == 0 && result.stdout.isEmpty, "\(result)")
        let bytes = try #require(folder.read(name))
        #expect(bytes.starts(with: [0x1F, 0x8B]) == name.hasSuffix(".gz"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
        let load = try Rediscache.warm(server, file: folder.file(name), ["--json", "--dry-run"])
        #expect(try load.load().planned == 400)
      }
    }
  }

  @Test("nothing chosen is an empty seed; no server, none") func nothing() throws {
    try Self.with { server, folder in
      let result = try Self.export(server, ["none:*", "-o", folder.file("a.gz")])
      #expect(result.status == 0 && result.errorText.contains("0 keys"), "\(result)")
      let load = try Rediscache.warm(server, file: folder.file("a.gz"), ["--json"])
      #expect(try load.status == 65 && load.load().counts.records == 0, "\(load)")
      let missing = try Rediscache.run(["export", "-s", folder.file("no"), "-o", folder.file("b.gz")])
      #expect(missing.status == 69 && folder.read("b.gz") == nil, "\(missing)")
    }
  }

  @Test("what cannot be written or meant is refused before a key is read") func refused() throws {
    try Self.with { server, folder in
      let target = try folder.write("target", "untouched".utf8)
      try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: target)
      let rows: [([String], Int32, String)] = [
        (["-o", folder.file("link")], 73, "symbolic link"), (["-o", folder.path], 73, "directory"),
        (["-o", folder.file("a/b")], 73, "No such file"), (["--hot", "0"], 64, "--hot"),
        (["--hot", "-3"], 64, "--hot"), (["--min-ttl", "soon"], 64, "--min-ttl"),
        (["--type", "nosuch"], 64, "nosuch"),
        (["--format", "csv"], 64, "--format"), (["app:*", "more:*"], 64, "more:*"),
        (["-n", "99"], 64, "99"),
      ]
      for (arguments, status, words) in rows {
        let result = try Self.export(server, arguments)
        #expect(result.status == status, "\(arguments): \(result)")
        #expect(result.errorText.contains(words) && result.stdout.isEmpty, "\(arguments): \(result)")
      }
      #expect(folder.read("target") == Array("untouched".utf8))
    }
  }

  @Test("a reader that has seen enough ends it quietly") func closedPipe() throws {
    try Self.with { server, _ in
      try server.populate(20_000, prefix: "more:")
      var command = Rediscache.command(["export", "-s", server.socketPath])
      command.outputLimit = 1_000
      let result = try command.run()
      #expect(result.status == 1 && result.errorText.isEmpty, "\(result)")
    }
  }

  @Test("Ctrl-C leaves the old file") func interrupted() throws {
    try Self.with { server, folder in
      let old = try folder.write("seed.jsonl", "old".utf8)
      let running = try Rediscache.command(
        ["export", "-s", server.socketPath, "-o", old, "--rate", "100", "--count", "10"]
      ).start()
      #expect(
        try Wait.becomesTrue {
          try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2
        })
      usleep(100_000)
      running.signal(SIGINT)
      let result = running.wait()
      #expect(result.status == 130, "\(result)")
      #expect(folder.read("seed.jsonl") == Array("old".utf8))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(".partial") }
          == ["seed.jsonl"])
    }
  }

  @Test("a stream that is cut short is said to be") func interruptedStream() throws {
    try Self.with { server, _ in
      let result = try Rediscache.run([
        "export", "-s", server.socketPath, "--rate", "100", "--count", "10", "--max-runtime", "1500ms",
      ])
      #expect(result.status == 75 && result.errorText.contains("the seed is not complete"), "\(result)")
      let whole = try Rediscache.run(["export", "-s", server.socketPath])
      #expect(whole.status == 0 && !whole.errorText.contains("not complete"), "\(whole)")
    }
  }

  @Test("a full disk is told, and the old file stays") func fullDisk() throws {
    try Self.with { server, folder in
      let old = try folder.write("seed.jsonl", "old".utf8)
      let line =
        "ulimit -f 4; trap '' XFSZ; exec '\(Rediscache.executable)' export -s '\(server.socketPath)' -o '\(old)'"
      let result = try Command("/bin/bash", ["-c", line], environment: Rediscache.environment()).run()
      #expect(result.status == 73 && result.errorText.contains("cannot write"), "\(result)")
      #expect(folder.read("seed.jsonl") == Array("old".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["seed.jsonl"])
    }
  }

  @Test("the hot set of one cache warms another") func recipe() throws {
    try Self.with { server, folder in
      try RedisServer.with { other in
        let seed = folder.file("hot.jsonl.gz")
        let result = try Self.export(server, ["--hot", "100", "--min-ttl", "1m", "-o", seed, "-q"])
        #expect(result.status == 0 && result.errorText.isEmpty, "\(result)")
        let load = try Rediscache.warm(other, file: seed, ["--jitter", "10%", "--if-missing"])
        #expect(load.status == 0 && load.text.contains("\n100 written of 100 records in "), "\(load)")
        #expect(load.text.contains("\nTTL "), "\(load)")
        #expect(try other.size() == 100)
        let again = try Rediscache.warm(other, file: seed, ["--jitter", "10%", "--if-missing"])
        #expect(again.text.contains("\n0 written, 100 skipped of 100 records in "), "\(again)")
      }
    }
  }
}
