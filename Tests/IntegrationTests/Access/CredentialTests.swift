import Foundation
import TestHarness
import Testing

/// The ways to give a password, and what happens when it is missing or wrong.
@Suite(.overlapping) struct CredentialTests {
  private static let options = RedisServer.Options(
    tcp: true, configuration: ["requirepass \(Rediscache.secret)"],
    login: .init("default", Rediscache.secret))

  @Test("environment, file and URI all give the password") func sources() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with(Self.options) { server in
      try server.populate(10, prefix: "app:v1:")
      for variable in ["REDISCLI_AUTH", "VALKEYCLI_AUTH"] {
        let result = try Rediscache.scan(server, environment: [variable: Rediscache.secret])
        #expect(result.status == 0 && !result.errorText.contains("warning"), "\(result)")
      }
      let file = try folder.write("password", "\(Rediscache.secret)\n".utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
      let quiet = try Rediscache.scan(server, ["--password-file", file])
      #expect(quiet.status == 0 && !quiet.errorText.contains("warning"), "\(quiet)")
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
      let open = try Rediscache.scan(server, ["--password-file", file])
      #expect(open.status == 0 && open.errorText.contains("chmod 600"), "\(open)")

      let uri = "redis://:\(Rediscache.secret)@127.0.0.1:\(server.port)/0"
      let typed = try Rediscache.run(["scan", "--uri", uri, "--json"])
      #expect(typed.status == 0)
      #expect(typed.errorText.components(separatedBy: "shows in process lists").count == 2, "once: \(typed)")
      #expect(try Report(typed).target.uri == "redis://127.0.0.1:\(server.port)/0")
      for variable in ["REDISCACHE_URI", "REDIS_URL"] {
        let named = try Rediscache.run(["scan"], environment: [variable: uri])
        #expect(named.status == 0 && !named.errorText.contains("warning"), "\(named)")
      }
    }
  }

  @Test("a missing or wrong password ends the run with 77") func refused() throws {
    try RedisServer.with(Self.options) { server in
      let none = try Rediscache.scan(server)
      #expect(none.status == 77 && none.errorText.contains("asks for a password"), "\(none)")
      let wrong = try Rediscache.scan(server, environment: ["REDISCLI_AUTH": "wrong"])
      #expect(wrong.status == 77 && wrong.errorText.contains("refused the user or password"), "\(wrong)")
      let user = try Rediscache.scan(
        server, ["--user", "nobody"], environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(user.status == 77 && user.stdout.isEmpty, "\(user)")
      let uri = "redis://nobody:\(Rediscache.secret)@127.0.0.1:\(server.port)"
      #expect(try Rediscache.run(["scan", "-u", uri]).status == 77)
    }
  }

  @Test("a password for a server without one is refused, not ignored") func needless() throws {
    try RedisServer.with { server in
      let result = try Rediscache.scan(server, environment: ["REDISCLI_AUTH": Rediscache.secret])
      #expect(result.status == 77 && result.errorText.contains("has no password set"), "\(result)")
    }
  }

  @Test("the password is in no process title") func processTitle() throws {
    try RedisServer.with(Self.options) { server in
      try server.populate(5_000, prefix: "app:v1:")
      let command = Rediscache.command(
        ["scan", "-s", server.socketPath, "--rate", "500", "-v"],
        environment: ["REDISCLI_AUTH": Rediscache.secret])
      let running = try command.start()
      #expect(running.waitForError("connected to"))
      // Nothing to see where the system has no such file.
      let title = FileManager.default.contents(atPath: "/proc/\(running.pid)/cmdline") ?? Data()
      #expect(title.range(of: Data(Rediscache.secret.utf8)) == nil)
      running.signal(SIGTERM)
      Rediscache.expectSecrecy(running.wait())
    }
  }
}
