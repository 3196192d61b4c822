import Foundation
import TestHarness
import Testing

/// Files that runs write: private, never through a link, never half of them.
@Suite(.overlapping) struct OutputSafetyFileTests {
  /// A file that an option names, with a run that writes it.
  struct Output: Sendable, CustomTestStringConvertible {
    let option: String
    let command: [String]
    /// False for what is only ever added to, and therefore must be new.
    var replaces = false
    /// False for what is taken away once all is done.
    var lasts = true
    var testDescription: String { option }
  }

  private static let removal = ["invalidate", "app:v1:*", "--yes"]

  static let outputs = [
    Output(option: "-o", command: ["scan", "--json"], replaces: true),
    Output(option: "--output", command: ["scan", "--list"], replaces: true),
    Output(option: "-o", command: ["ttl"], replaces: true),
    Output(option: "-o", command: ["stats"], replaces: true),
    Output(option: "-o", command: removal, replaces: true),
    Output(option: "-o", command: ["warm", "--yes", "@seed"], replaces: true),
    Output(option: "-o", command: ["export", "app:*"], replaces: true),
    Output(option: "--state", command: ["stats"], replaces: true),
    Output(option: "--checkpoint", command: ["scan", "--exact"], lasts: false),
    Output(option: "--journal", command: removal), Output(option: "--backup", command: removal),
    Output(option: "--journal", command: ["warm", "--yes", "@seed"]),
    Output(option: "--rejects", command: ["warm", "--yes", "@seed"]),
  ]

  private static func with(_ body: (RedisServer, TemporaryFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try folder.write("seed", Array("{\"key\":\"app:v3:1\",\"value\":\"x\"}\n{\"key\":1}\n".utf8))
    try RedisServer.with { server in
      try server.populate(300, prefix: "app:v1:", ttl: 900)
      try body(server, folder)
    }
  }

  /// The command line of a run that writes a file.
  private static func arguments(
    _ output: Output, _ path: String, _ server: RedisServer, _ folder: TemporaryFolder
  ) -> [String] {
    output.command.map { $0 == "@seed" ? folder.file("seed") : $0 }
      + [output.option, path, "-s", server.socketPath]
  }

  /// Runs the tool behind a line of shell that changes what it inherits.
  private static func run(_ setting: String, _ arguments: [String]) throws -> Command.Result {
    let words = ["-c", "\(setting); exec \"$@\"", "sh", Rediscache.executable] + arguments
    return try Command("/bin/sh", words, environment: Rediscache.environment()).run()
  }

  private func permissions(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test("only the owner may read it, whatever the umask", arguments: outputs.filter(\.lasts)) func mode(
    _ output: Output
  )
    throws
  {
    try Self.with { server, folder in
      let path = folder.file("out")
      let result = try Self.run("umask 0", Self.arguments(output, path, server, folder))
      #expect(result.status == (output.command[0] == "warm" ? 1 : 0), "\(result)")
      #expect(try permissions(path) == 0o600)
      if output.replaces {
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        try server.populate(300, prefix: "app:v1:", ttl: 900)
        _ = try Self.run("umask 0", Self.arguments(output, path, server, folder))
        #expect(try permissions(path) == 0o600, "what is replaced by a run is as private")
      }
    }
  }

  @Test("a link is refused before anything is done, wherever it leads", arguments: outputs)
  func links(_ output: Output) throws {
    try Self.with { server, folder in
      let old = Array("what others rely on\n".utf8)
      try folder.write("victim", old)
      var links = [folder.file("link"), folder.file("dangling"), folder.file("circle")]
      let targets = ["victim", "nowhere", "circle"].map { folder.file($0) }
      for (link, target) in zip(links, targets) {
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      }
      // Links in /dev are none of the system's, but for the standard streams.
      let shared = "/dev/shm/rediscache-\(UUID().uuidString)"
      if (try? FileManager.default.createSymbolicLink(atPath: shared, withDestinationPath: targets[0])) != nil
      {
        links.append(shared)
      }
      defer { try? FileManager.default.removeItem(atPath: shared) }
      let writes = try server.writes {
        for link in links {
          let result = try Rediscache.run(Self.arguments(output, link, server, folder))
          #expect(result.status == 73, "\(link): \(result)")
          let kind = try FileManager.default.attributesOfItem(atPath: link)[.type] as? FileAttributeType
          #expect(kind == .typeSymbolicLink)
        }
      }
      #expect(writes.isEmpty && folder.read("victim") == old, "\(writes)")
      #expect(!FileManager.default.fileExists(atPath: folder.file("nowhere")))
    }
  }

  @Test(
    "a file that may not grow: the old one stays, and nothing is removed unrecorded",
    arguments: outputs.filter(\.lasts))
  func full(_ output: Output) throws {
    try Self.with { server, folder in
      let old = Array("the old one".utf8)
      let names = Set(["seed"] + (output.replaces ? ["out"] : []))
      // The state's file is one of the tool's.
      let isState = output.option == "--state"
      let path = folder.file("out")
      if isState {
        #expect(try Rediscache.run(Self.arguments(output, path, server, folder)).status == 0)
      } else if output.replaces {
        try folder.write("out", old)
      }
      let before = folder.read("out")
      // As on a full disk, no byte gets into any file; pipes take what they are given.
      let result = try Self.run("ulimit -f 0", Self.arguments(output, path, server, folder))
      #expect(result.status == 73 && result.errorText.contains("File too large"), "\(result)")
      #expect(folder.read("out") == before || !output.replaces && folder.read("out")?.isEmpty == true)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(Set(left).subtracting(names).subtracting(output.replaces ? [] : ["out"]).isEmpty, "\(left)")
      if output.command[0] == "invalidate", !output.replaces {
        #expect(try server.keys("app:v1:*").count == 300)
      }
    }
  }

  @Test("a backup on a disk that fills up: what is gone is in it") func fillingBackup() throws {
    try Self.with { server, folder in
      // Blocks of 512 or of 1024 bytes: room for some of the 300 records either way.
      let result = try Self.run(
        "ulimit -f 16",
        Self.removal + ["--backup", folder.file("backup"), "--batch", "20", "-s", server.socketPath])
      #expect(result.status == 73 && result.errorText.contains("File too large"), "\(result)")
      let left = Set(try server.keys("app:v1:*"))
      #expect(left.count > 0 && left.count < 300, "\(left.count)")
      let saved = try #require(folder.read("backup")).split(separator: UInt8(ascii: "\n"))
      let names = saved.compactMap { line in
        (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any]
      }.compactMap { $0["key"] as? String }
      let gone = (0..<300).map { "app:v1:\($0)" }.filter { !left.contains(Array($0.utf8)) }
      #expect(Set(gone).isSubset(of: Set(names)))
    }
  }

  @Test(
    "a run that is killed midway leaves the old file", arguments: [SIGKILL, SIGTERM, SIGINT],
    [["scan", "--list"], ["export", "app:*"]])
  func killed(_ signal: Int32, _ command: [String]) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(60_000, prefix: "app:v1:", value: String(repeating: "v", count: 60))
      let old = Array("the old one\n".utf8)
      try folder.write("out", old)
      let running = try Rediscache.command(
        command + ["-o", folder.file("out"), "-s", server.socketPath, "--rate", "8000"]
      ).start()
      #expect(
        Wait.becomesTrue { Self.size(beside: "out", folder) > 0 }, "nothing was written beside the file")
      running.signal(signal)
      let result = running.wait()
      #expect(folder.read("out") == old, "\(result)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      // Only a killed process cannot tidy up. What an export has written is kept beside the old seed.
      let kept = command[0] == "export" ? ["out", "out.partial"] : ["out"]
      #expect(signal == SIGKILL || names.sorted() == kept, "\(names)")
      for name in names where name != "out" { #expect(try permissions(folder.file(name)) == 0o600) }
      // The next run that writes the file removes what a killed one has left.
      let next = try Rediscache.run(["scan", "--list", "-o", folder.file("out"), "-s", server.socketPath])
      #expect(next.status == 0, "\(next)")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.filter { $0 != "out.partial" } == ["out"])
    }
  }

  @Test(
    "what dead runs have left is removed, what a live one writes stays",
    arguments: outputs.filter { $0.replaces || !$0.lasts })
  func leftovers(_ output: Output) throws {
    try Self.with { server, folder in
      let names = ["out.rediscache.tmp", "out.rediscache.1.tmp", "out.rediscache.31.tmp"]
      for name in names { try folder.write(name, Array("a part".utf8)) }
      let live = open(folder.file(names[0]), O_RDWR)
      defer { close(live) }
      #expect(flock(live, LOCK_EX | LOCK_NB) == 0)
      // What only looks like one stays, too: a folder, a link, another name.
      try FileManager.default.createDirectory(
        atPath: folder.file("out.rediscache.2.tmp"), withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("out.rediscache.3.tmp"), withDestinationPath: folder.file("seed"))
      try folder.write("out.tmp", [])
      // A checkpoint is written at the end of a run that stops early.
      let bound = output.lasts ? [] : ["--rate", "50", "--max-runtime", "2s"]
      let result = try Rediscache.run(Self.arguments(output, folder.file("out"), server, folder) + bound)
      #expect(result.status == (output.lasts ? output.command.first == "warm" ? 1 : 0 : 75), "\(result)")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(
        Set(left) == [
          "out", "seed", names[0], "out.rediscache.2.tmp", "out.rediscache.3.tmp", "out.tmp",
        ], "\(left)")
      #expect(folder.read(names[0]) == Array("a part".utf8))
    }
  }

  /// The bytes of what stands beside a file and begins with its name.
  private static func size(beside name: String, _ folder: TemporaryFolder) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix(name + ".") }.reduce(0) { $0 + (folder.read($1)?.count ?? 0) }
  }

  @Test("a checkpoint is the owner's, and on a full disk the old one stays") func checkpoint() throws {
    try Self.with { server, folder in
      let path = folder.file("checkpoint")
      let words = [
        "scan", "--exact", "--checkpoint", path, "-s", server.socketPath, "--rate", "50", "--max-runtime",
        "2s",
      ]
      let first = try Self.run("umask 0", words)
      #expect(first.status == 75, "\(first)")
      let mode = try permissions(path)
      #expect(mode == 0o600)
      let old = folder.read("checkpoint")
      let full = try Self.run("ulimit -f 0", words)
      #expect(full.status != 0 && full.errorText.contains("File too large"), "\(full)")
      #expect(old?.isEmpty == false && folder.read("checkpoint") == old)
    }
  }

  @Test("metrics for other programs alone may be read by others") func metrics() throws {
    try Self.with { server, folder in
      for (format, expected) in [("prometheus", 0o644), ("json", 0o600), ("csv", 0o600)] {
        let place = ["-o", folder.file(format), "-s", server.socketPath]
        let result = try Rediscache.run(["stats", "--format", format] + place)
        #expect(result.status == 0, "\(result)")
        #expect(try permissions(folder.file(format)) == expected)
      }
    }
  }
}
