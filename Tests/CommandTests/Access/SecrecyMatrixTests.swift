import Foundation
import TestHarness
import TestSupport
import Testing

/// Every command, every way to give a password, every outcome: the password shows nowhere.
@Suite(.overlapping) struct SecrecyMatrixTests {
  private static let options = RedisServer.Options(
    configuration: ["requirepass \(SecrecyRuns.secret)"], login: .init("default", SecrecyRuns.secret))

  private static func load(_ server: RedisServer) throws {
    try server.populate(6, prefix: "app:v1:", ttl: 900)
    try server.populate(6, prefix: "app:v2:")
    try server.load(text: [["DEL", "app:v3:1"]])
  }

  @Test("the password is right", arguments: SecrecyRuns.Way.allCases.indices) func success(_ way: Int) throws
  {
    try RedisServer.with(Self.options) { server in
      for (number, command) in SecrecyRuns.commands.enumerated() where (number + way).isMultiple(of: 2) {
        try Self.load(server)
        // A record that cannot be loaded, and an expectation that is not met, are told with 1.
        let isPartial = command.first == "warm" || command.contains("--expect")
        try SecrecyRuns.run(
          command, SecrecyRuns.Way.allCases[way], on: server.socketPath, expecting: isPartial ? [1] : [0])
      }
    }
  }

  @Test("the password is wrong", arguments: SecrecyRuns.Way.allCases.indices) func wrong(_ way: Int) throws {
    try RedisServer.with(RedisServer.Options(configuration: ["requirepass other"])) { server in
      for (number, command) in SecrecyRuns.commands.enumerated() where (number + way).isMultiple(of: 4) {
        try SecrecyRuns.run(command, SecrecyRuns.Way.allCases[way], on: server.socketPath, expecting: [77])
      }
    }
  }

  @Test("nothing is permitted") func forbidden() throws {
    try RedisServer.with(Self.options) { server in
      try server.cli("ACL", "SETUSER", "default", "-@all", "+acl", "+auth")
      try Self.each { try SecrecyRuns.run($0, $1, on: server.socketPath, expecting: [0, 1, 73, 77]) }
    }
  }

  /// The commands, or one in so many of them, with one way after the other.
  private static func each(
    every step: Int = 1, from first: Int = 0, _ body: ([String], SecrecyRuns.Way) throws -> Void
  ) rethrows {
    let ways = SecrecyRuns.Way.allCases
    let commands = SecrecyRuns.commands
    for number in stride(from: first % step, to: commands.count, by: step) {
      // Coprime to both numbers: in time every command meets every way.
      try body(commands[number], ways[(number + 5 * first) % ways.count])
    }
  }

  @Test("the connection breaks off after so many bytes of the server's") func broken() throws {
    try RedisServer.with(Self.options) { server in
      try Self.load(server)
      for (number, limit) in [0, 1, 5, 60, 300, 2_000, 6_000].enumerated() {
        let ending: FaultProxy.Ending = number.isMultiple(of: 2) ? .close : .reset
        let proxy = try FaultProxy(
          to: .unix(server.socketPath), replies: .init(limit: limit, ending: ending))
        try Self.each(every: 4, from: number) {
          try SecrecyRuns.run($0, $1, on: proxy.socketPath, expecting: [0, 1, 69, 73, 75])
        }
      }
    }
  }

  /// What a server, or a proxy that mixes up whose reply is whose, may answer; `S` stands for the password.
  private static let errors = [
    "ERR unknown command 'SCAN', with args beginning with: 'S' ", "S", "NOPERM S has no permissions to run S",
    "WRONGTYPE S", "LOADING S", "BUSY S", "MOVED 1 S:6379", "ASK 1 S:6379", "OOM command not allowed, S",
    "READONLY S", "MISCONF S", "NOAUTH S", "WRONGPASS AUTH S", "CLUSTERDOWN S", "EXECABORT S",
    "ERR \u{1B}[2JS\r",
    "ERR *2 $4 AUTH $17 S", "NOREPLICAS SS", "ERR max number of clients S", "DENIED S",
  ]

  @Test("a server repeats the password in errors, whole or cut off") func repeated() throws {
    for (number, error) in Self.errors.enumerated() {
      let shown = number % 3 == 2 ? String(SecrecyRuns.secret.prefix(11)) : SecrecyRuns.secret
      let text = error.replacing("S", with: shown)
      let answersAuth = number % 4 != 3
      let server = try ScriptedServer.replying { command in
        answersAuth && ["AUTH", "HELLO"].contains(command[0]) ? .simple("OK") : .error(text)
      }
      try Self.each(every: 6, from: number) {
        try SecrecyRuns.run(
          $0, $1, on: server.socketPath, expecting: [0, 1, 64, 65, 69, 73, 75, 77],
          more: ["--timeout", "200ms", "--max-runtime", "200ms"])
      }
    }
  }

  @Test("errors about single keys repeat the password") func repeatedForKeys() throws {
    let server = try ScriptedServer.replying { command in
      switch command[0] {
      case "AUTH", "CLIENT", "MULTI": .simple("OK")
      case "SCAN": .array([.bulk([0x30]), .array([.bulk(Array("app:v1:1".utf8))])])
      case "INFO": .bulk(Array("redis_version:7.0.15\r\nrole:master\r\ndb0:keys=1,expires=0\r\n".utf8))
      case "TIME": .array([.bulk(Array("1700000000".utf8)), .bulk([0x30])])
      default: .error("ERR \(command[0]) \(SecrecyRuns.secret)")
      }
    }
    try Self.each {
      try SecrecyRuns.run($0, $1, on: server.socketPath, expecting: [0, 1, 64, 65, 69, 73, 75, 77])
    }
  }

  @Test("a server sends back every byte") func echo() throws {
    let server = try ScriptedServer { peer in
      while let chunk = peer.read() { guard peer.write(chunk) else { return } }
    }
    try Self.each {
      try SecrecyRuns.run(
        $0, $1, on: server.socketPath, expecting: [1, 64, 69, 75, 77], more: ["--timeout", "300ms"])
    }
    #expect(server.hasReceived(SecrecyRuns.secret))
  }

  @Test("no server is there, or it is none") func unreachable() throws {
    let http = try ScriptedServer.http(on: .unixSocket)
    let closing = try ScriptedServer.closing(after: 40)
    let folder = try TemporaryFolder()
    let sockets = [http.socketPath, closing.socketPath, folder.file("none.sock")]
    for (number, socket) in sockets.enumerated() {
      try Self.each(every: 3, from: number) { try SecrecyRuns.run($0, $1, on: socket, expecting: [69]) }
    }
  }

  /// The password of the sentinels, and that of the server behind them.
  @Test(
    "through sentinels that answer, refuse, or repeat what they are sent", arguments: ["file", "environment"])
  func sentinels(_ way: String) throws {
    let options = RedisServer.Options(
      tcp: true, configuration: Self.options.configuration, login: Self.options.login)
    try RedisServer.with(options) { server in
      try Self.load(server)
      let port = String(server.port)
      let answers: [@Sendable ([String]) -> RESPValue] = [
        { _ in .array([.bulk(Array("127.0.0.1".utf8)), .bulk(Array(port.utf8))]) }, { _ in .null },
        { _ in .error("NOPERM \(SecrecyRuns.secret)") },
        { _ in .error("ERR \(SecrecyRuns.secret.prefix(9))") },
        { .array($0.map { .bulk(Array(($0 + SecrecyRuns.secret).utf8)) }) },
      ]
      for (number, answer) in answers.enumerated() {
        for takesPassword in [true, false] {
          let sentinel = try ScriptedServer.replying(on: .loopback) { command in
            switch command[0] {
            case "AUTH": takesPassword ? .simple("OK") : .error("WRONGPASS \(command.joined(separator: " "))")
            case "SENTINEL": answer(command)
            default: .error("ERR unknown command '\(command[0])' \(SecrecyRuns.secret)")
            }
          }
          let folder = try TemporaryFolder()
          let file = try folder.write("password", Array((SecrecyRuns.secret + "\n").utf8))
          let uri = "redis-sentinel://:\(SecrecyRuns.encoded)@127.0.0.1:\(sentinel.port)/main"
          var environment = ["REDISCACHE_URI": uri]
          if way == "environment" { environment["REDISCACHE_SENTINEL_AUTH"] = SecrecyRuns.secret }
          let extra = way == "file" ? ["--sentinel-password-file", file] : []
          for command in [["scan", "-v", "--json"], ["invalidate", "app:*", "--dry-run"], ["stats"]] {
            let result = try Rediscache.run(
              command + extra + ["--connect-timeout", "1s", "--max-runtime", "2s"], environment: environment)
            #expect((result.status == 0) == (number == 0 && takesPassword), "\(command): \(result)")
            SecrecyRuns.expectSecrecy(result.stdout + result.stderr, "\(command), \(way), sentinel \(number)")
          }
        }
      }
    }
  }

  /// On the command line of the tool it stands where the user typed it, and the tool starts no other program.
  @Test("no process shows the password", arguments: SecrecyRuns.Way.allCases)
  func processes(_ way: SecrecyRuns.Way) throws {
    guard FileManager.default.fileExists(atPath: "/proc/self/cmdline") else { return }
    let server = try ScriptedServer.silent()
    for command in [["scan"], ["stats"], ["invalidate", "app:*", "--yes"], ["export", "app:*"]] {
      let folder = try TemporaryFolder()
      let words = try way.words(server.socketPath, folder)
      let before = server.connections
      let running = try Rediscache.command(
        command + words.options + ["--timeout", "20s"], environment: words.environment
      ).start()
      #expect(Wait.becomesTrue { server.connections > before })
      let line = Array(FileManager.default.contents(atPath: "/proc/\(running.pid)/cmdline") ?? Data())
      let children = try Self.children(of: running.pid)
      #expect(children.isEmpty, "\(command) starts other programs")
      if way != .typedURI { SecrecyRuns.expectSecrecy(line, "the command line of \(command), \(way)") }
      running.signal(SIGTERM)
      let result = running.wait()
      SecrecyRuns.expectSecrecy(result.stdout + result.stderr, "\(command), \(way)")
    }
  }

  /// The processes whose parent is this one.
  private static func children(of parent: Int32) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
      guard Int32(name) != nil, let status = FileManager.default.contents(atPath: "/proc/\(name)/status")
      else { return false }
      return String(decoding: status, as: UTF8.self).contains("\nPPid:\t\(parent)\n")
    }
  }
}
