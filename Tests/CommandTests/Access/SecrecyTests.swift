import Foundation
import TestHarness
import Testing

/// No password in any output, in any form. (Every other test checks its outputs too.)
@Suite(.overlapping) struct SecrecyTests {
  private static let forms = [
    [], ["-v"], ["--json"], ["--format", "jsonl"], ["--format", "csv"], ["--list"],
    ["--list", "--format", "jsonl"],
    ["--by", "node"], ["-n", "99"],
  ]

  @Test("however it is given, the password stays out of every form") func everyForm() throws {
    let options = RedisServer.Options(
      tcp: true, configuration: ["requirepass \(Rediscache.secret)"],
      login: .init("default", Rediscache.secret))
    try RedisServer.with(options) { server in
      try server.populate(20, prefix: "app:v1:")
      let uri = "redis://:\(Rediscache.secret)@127.0.0.1:\(server.port)"
      for form in Self.forms {
        // A URI can name its database or leave that to the option, not both.
        let results = [
          try Rediscache.run(["scan", "-u", uri] + form),
          try Rediscache.run(["scan"] + form, environment: ["REDIS_URL": uri]),
          try Rediscache.scan(server, form, environment: ["REDISCLI_AUTH": Rediscache.secret]),
        ]
        #expect(results.allSatisfy { $0.status == (form == ["-n", "99"] ? 64 : 0) }, "\(form): \(results)")
      }
    }
  }

  @Test("a server that repeats what it was sent does not get it shown") func echoingServer() throws {
    let server = try ScriptedServer.replying { command in
      .error("ERR unknown command '\(command[0])', with args beginning with: \(command.dropFirst())")
    }
    for arguments in [[], ["--user", "audit"]] {
      let result = try Rediscache.run(
        ["scan", "-s", server.socketPath, "-v"] + arguments, environment: ["REDISCLI_AUTH": Rediscache.secret]
      )
      #expect(result.status == 77, "\(result)")
    }
    #expect(server.hasReceived(Rediscache.secret))
  }

  @Test("--askpass asks on the terminal and does not echo") func askpass() throws {
    let options = RedisServer.Options(
      configuration: ["requirepass \(Rediscache.secret)"], login: .init("default", Rediscache.secret))
    try RedisServer.with(options) { server in
      let terminal = try Rediscache.terminal(["scan", "-s", server.socketPath, "--askpass"])
      #expect(terminal.waitForText("Password: "))
      terminal.send(Rediscache.secret + "\n")
      let result = terminal.wait()
      #expect(result.status == 0, "\(result.text)")
      Rediscache.expectSecrecy(result.terminal)

      let wrong = try Rediscache.terminal(["scan", "-s", server.socketPath, "--askpass"])
      #expect(wrong.waitForText("Password: "))
      wrong.send("something else\n")
      #expect(wrong.wait().status == 77)

      let stopped = try Rediscache.terminal(["scan", "-s", server.socketPath, "--askpass"])
      #expect(stopped.waitForText("Password: "))
      stopped.interrupt()
      #expect(stopped.wait().status == 130)
    }
  }
}
