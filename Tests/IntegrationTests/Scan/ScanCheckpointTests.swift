import Foundation
import TestHarness
import Testing

/// `scan --checkpoint` on real servers: killed, interrupted, restarted, refused.
@Suite(.overlapping) struct ScanCheckpointTests {
  private static let keys = 80_000

  /// A server with keys of several kinds, all of them as they are for longer than any test.
  private static func with(_ body: (RedisServer, _ file: String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(48_000, prefix: "app:v2:user:", value: "some profile", ttl: 900_000)
      try server.populate(20_000, prefix: "app:v1:user:", value: "older")
      try server.populate(12_000, prefix: "session:", value: "s", ttl: 90_000)
      try server.load(text: [["HSET", "big:hash"] + (0..<500).flatMap { ["f\($0)", "value"] }])
      try body(server, folder.file("scan.checkpoint"))
    }
  }

  /// What two scans of the same keys must agree on.
  private struct Figures: Equatable {
    var groups: [String] = []
    var totals = ""

    init(_ report: Report) {
      groups = report.groups.map(Self.text).sorted()
      totals = Self.text(report.totals)
    }

    private static func text(_ group: Report.Group) -> String {
      let names = [group.namespace ?? "-", group.version ?? "-"]
      let types = group.types.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      let (withoutTTL, bytes) = (group.withoutTtl ?? -1, group.memoryBytes ?? -1)
      return "\(names): \(group.keys) keys, \(withoutTTL) without TTL, \(bytes) bytes, \(types)"
    }
  }

  private static func start(
    _ server: RedisServer, _ file: String, _ arguments: [String] = ["--exact"], rate: Int = 16_000
  ) throws -> RunningCommand {
    try Rediscache.command(
      ["scan", "-s", server.socketPath, "--json", "--checkpoint", file, "--rate", String(rate)] + arguments
    ).start()
  }

  private static func waitForCheckpoint(_ file: String) throws {
    try Wait.for("a checkpoint") { size(of: file) > 0 }
  }

  private static func size(of file: String) -> Int {
    ((try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int) ?? 0
  }

  private static func scans(_ server: RedisServer) throws -> Int {
    defer { _ = try? server.cli("CONFIG", "RESETSTAT") }
    return try server.commandStats()["scan"] ?? 0
  }

  @Test("a scan that is killed or interrupted goes on", arguments: [SIGKILL, SIGINT, SIGTERM])
  func goesOn(_ signal: Int32) throws {
    try Self.with { server, file in
      let whole = Figures(try Rediscache.report(server, ["--exact", "--count", "100"]))
      let scansOfWhole = try Self.scans(server)
      let running = try Self.start(server, file, ["--exact", "--count", "100"])
      try Self.waitForCheckpoint(file)
      running.signal(signal)
      let first = running.wait()
      #expect(signal == SIGKILL ? first.signal == SIGKILL : first.status == 128 + signal, "\(first)")
      if signal != SIGKILL {
        #expect(first.errorText.contains("to resume, run the same command again"))
        #expect(try !Report(first).complete)
      }
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      _ = try Self.scans(server)
      // How hard the server is worked may differ.
      let report = try Rediscache.report(server, ["--exact", "--checkpoint", file, "--count", "100"])
      #expect(Figures(report) == whole)
      #expect(report.complete && report.warns("went on from a checkpoint"))
      // The first second is a fifth of all at most, and less where the machine is busy.
      let scans = try Self.scans(server)
      #expect(scans < scansOfWhole - 20, "\(scans) of \(scansOfWhole)")
      let folder = (file as NSString).deletingLastPathComponent
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }
  }

  @Test("a time limit leaves a checkpoint as well, and a sampled scan goes on") func timeLimit() throws {
    try Self.with { server, file in
      let arguments = ["--sample", "1000", "--checkpoint", file]
      let whole = try Rediscache.report(server, ["--sample", "1000"])
      let first = try Rediscache.scan(server, arguments + ["--rate", "16000", "--max-runtime", "3s"])
      #expect(first.status == 75, "\(first)")
      let report = try Rediscache.report(server, arguments)
      #expect(report.groups.map(\.keys) == whole.groups.map(\.keys))
      #expect(report.coverage.keysMeasured == whole.coverage.keysMeasured)
      #expect(report.warns("went on from a checkpoint"))
    }
  }

  @Test("a server that was restarted in between is walked from the start") func restarted() throws {
    try Self.with { server, file in
      let running = try Self.start(server, file)
      try Self.waitForCheckpoint(file)
      running.signal(SIGKILL)
      _ = running.wait()
      try server.restart()
      try server.populate(1000, prefix: "app:v3:x:")
      let report = try Rediscache.report(server, ["--exact", "--checkpoint", file])
      #expect(report.totals.keys == 1000 && report.complete)
      #expect(report.warns("it is another process now"))
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }

  @Test("a checkpoint of another choice or server, or none at all, is refused") func refused() throws {
    try Self.with { server, file in
      let running = try Self.start(server, file)
      try Self.waitForCheckpoint(file)
      // While it runs nobody else may have the file.
      let second = try Rediscache.scan(server, ["--exact", "--checkpoint", file])
      #expect(second.status == 75 && second.errorText.contains("in use by another run"), "\(second)")
      running.signal(SIGKILL)
      _ = running.wait()
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
      for arguments in [["app:*", "--exact"], ["--exact", "--by", "entity"], []] {
        let other = try Rediscache.scan(server, arguments + ["--checkpoint", file])
        #expect(other.status == 64 && other.errorText.contains("the checkpoint chose  --exact"), "\(other)")
      }
      try RedisServer.with { neighbour in
        let other = try Rediscache.scan(neighbour, ["--exact", "--checkpoint", file])
        #expect(other.status == 64 && other.errorText.contains("this run goes to unix://"), "\(other)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)
      var damaged = bytes
      damaged[damaged.count / 2] ^= 1
      for (content, text) in [(damaged, "is damaged"), (Data("my diary".utf8), "no checkpoint of a scan")] {
        try content.write(to: URL(fileURLWithPath: file))
        let result = try Rediscache.scan(server, ["--exact", "--checkpoint", file])
        #expect(result.status == 65 && result.errorText.contains(text), "\(result)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == content)
      }
    }
  }

  @Test("what cannot be used as a checkpoint is said before the walk") func unusable() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      let target = try folder.write("target", [])
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("link"), withDestinationPath: target)
      for file in [folder.path, folder.file("link"), folder.file("none/file"), "/dev/null"] {
        let result = try Rediscache.scan(server, ["--checkpoint", file])
        #expect(result.status == 73 && result.errorText.contains("as checkpoint"), "\(result)")
      }
      let file = folder.file("file")
      let clash = try Rediscache.scan(server, ["--checkpoint", file, "-o", file])
      #expect(clash.status == 64 && clash.errorText.contains("name the same file"), "\(clash)")
      let list = try Rediscache.scan(server, ["--checkpoint", file, "--list"])
      #expect(list.status == 64 && list.errorText.contains("takes no --checkpoint"), "\(list)")
      // A run that cannot even begin leaves nothing behind.
      server.crash()
      #expect(try Rediscache.scan(server, ["--checkpoint", file]).status == 69)
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }

  @Test("no password gets into the file") func secrecy() throws {
    let folder = try TemporaryFolder()
    var options = RedisServer.Options()
    options.tcp = true
    options.configuration = ["requirepass \(Rediscache.secret)"]
    options.login = .init("default", Rediscache.secret)
    try RedisServer.with(options) { server in
      try server.populate(20_000, prefix: "app:v1:")
      let result = try Rediscache.run([
        "scan", "-u", "redis://:\(Rediscache.secret)@127.0.0.1:\(server.port)", "--rate", "5000",
        "--max-runtime", "1500ms", "--checkpoint", folder.file("file"),
      ])
      #expect(result.status == 75, "\(result)")
      let bytes = try #require(folder.read("file"))
      #expect(bytes.count > 1000)
      #expect(Data(bytes).range(of: Data(Rediscache.secret.utf8)) == nil)
    }
  }

  @Test("a cluster goes on node by node; one that was restarted is started over") func cluster() throws {
    let folder = try TemporaryFolder()
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      let count = 60_000
      try cluster.load(
        (0..<count).lazy.map { index in
          let ttl = index % 3 == 0 ? [] : ["EX", "90000"]
          let words = ["SET", "app:v\(index % 4):user:\(index)", "value \(index % 100)"] + ttl
          return words.map { Array($0.utf8) }
        })
      let uri = "redis://127.0.0.1:\(cluster.nodes[0].port)"
      func scan(_ arguments: [String]) throws -> Report {
        let words = ["scan", "-u", uri, "--json", "--exact", "--count", "100"]
        let result = try Rediscache.run(words + arguments)
        #expect(result.status == 0, "\(result)")
        return try Report(result)
      }
      _ = try cluster.nodes.map { try Self.scans($0.server) }
      let whole = Figures(try scan([]))
      let scansOfWhole = try cluster.nodes.map { try Self.scans($0.server) }
      for restarts in [false, true] {
        let file = folder.file("checkpoint-\(restarts)")
        let running = try Rediscache.command([
          "scan", "-u", uri, "--json", "--exact", "--count", "100", "--rate", "20000", "--checkpoint", file,
        ]).start()
        try Self.waitForCheckpoint(file)
        // The nodes bring their shares one after the other; what is saved last has all of them.
        usleep(800_000)
        running.signal(SIGINT)
        #expect(running.wait().status == 130)
        if restarts {
          try cluster.nodes[1].server.cli("CONFIG", "SET", "save", "3600 1")
          try cluster.nodes[1].server.cli("SAVE")
          try cluster.nodes[1].server.restart()
          try cluster.waitUntilSettled()
        }
        for node in cluster.nodes { _ = try Self.scans(node.server) }
        let report = try scan(["--checkpoint", file])
        #expect(Figures(report) == whole)
        #expect(report.warns("went on from a checkpoint"))
        #expect(report.warns("another process now") == restarts)
        let scans = try cluster.nodes.map { try Self.scans($0.server) }
        // By its last checkpoint the first run has seen some of each node's keys; how many hangs on the machine.
        for node in 0..<3 {
          let isStartedOver = restarts && node == 1
          #expect(scans[node] * 100 < scansOfWhole[node] * 97 || isStartedOver, "\(scans) of \(scansOfWhole)")
        }
        #expect(!restarts || scans[1] > max(scans[0], scans[2]), "\(scans) of \(scansOfWhole)")
        #expect(!FileManager.default.fileExists(atPath: file))
      }
    }
  }

  /// Slots that have gone to another node are counted there, and not with what was counted of the old owner.
  @Test("slots that move between the runs count once") func movedSlots() throws {
    let folder = try TemporaryFolder()
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      try cluster.load(
        (0..<30_000).lazy.map { index in ["SET", "app:v1:user:\(index)", "v"].map { Array($0.utf8) } })
      let arguments = [
        "scan", "-u", "redis://127.0.0.1:\(cluster.nodes[0].port)", "--json", "--exact", "--count", "50",
        "--checkpoint", folder.file("file"),
      ]
      let running = try Rediscache.command(arguments + ["--rate", "9000"]).start()
      try Self.waitForCheckpoint(folder.file("file"))
      usleep(200_000)
      running.signal(SIGINT)
      #expect(running.wait().status == 130)
      try cluster.migrate(100...160, from: 0, to: 1)
      let result = try Rediscache.run(arguments)
      let report = try Report(result)
      #expect(result.status == 0 && report.totals.keys == 30_000, "\(result)")
      #expect(report.warns("it has other slots now"))
    }
  }
}
