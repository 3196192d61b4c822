import Foundation
import TestHarness
import Testing

/// A protected target asks for its name before anything is removed.
@Suite(.overlapping) struct InvalidateProfileTests {
  /// A server with 300 keys, and the environment in which it is the protected profile `prod`.
  private static func with(_ body: (RedisServer, [String: String]) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(300, prefix: "app:")
      let lines = ["socket = \"\(server.socketPath)\"", "protected = true"]
      try body(server, try folder.configure("prod", lines))
    }
  }

  private static func run(
    _ arguments: String..., environment: [String: String]
  ) throws -> Command.Result {
    try Rediscache.run(["invalidate", "-P", "prod"] + arguments, environment: environment)
  }

  @Test("--yes is not enough, and a wrong name is none") func refusals() throws {
    try Self.with { server, environment in
      let writes = try server.writes {
        let bare = try Self.run("app:*", "--yes", environment: environment)
        #expect(bare.status == 64 && bare.errorText.contains("--confirm prod"), "\(bare)")
        let bump = try Self.run("--bump", "gen", "--yes", environment: environment)
        #expect(bump.status == 64 && bump.errorText.contains("--confirm prod"), "\(bump)")
        for name in ["Prod", "prod ", "yes", ""] {
          let wrong = try Self.run("app:*", "--yes", "--confirm", name, environment: environment)
          #expect(wrong.status == 64 && wrong.errorText.contains("the target is prod"), "\(wrong)")
        }
        let named = try Self.run("app:*", "--confirm", "prod", environment: environment)
        #expect(named.status == 64 && named.errorText.contains("--yes"), "\(named)")
        let sweeping = try Self.run("*", "--yes", "--confirm", "prod", environment: environment)
        #expect(sweeping.status == 64 && sweeping.errorText.contains("--all"), "\(sweeping)")
        let look = try Self.run("app:*", "--dry-run", environment: environment)
        #expect(look.status == 0 && look.text.contains("prod  unix://"), "\(look)")
      }
      #expect(try writes.isEmpty && server.size() == 300, "\(writes)")
    }
  }

  @Test("its name lets the run through") func confirmed() throws {
    try Self.with { server, environment in
      let result = try Self.run("app:*", "--yes", "--confirm", "prod", environment: environment)
      #expect(try result.status == 0 && server.size() == 0, "\(result)")
    }
  }

  @Test("on a terminal the name is typed") func typed() throws {
    try Self.with { server, environment in
      for arguments in [["app:*"], ["--bump", "gen"]] {
        for (answer, isMeant) in [("yes", false), ("prod", true)] {
          let terminal = try Rediscache.invalidateOnTerminal(
            ["-P", "prod"], arguments, environment: environment)
          #expect(terminal.waitForText("Type prod to continue: "), "\(arguments)")
          terminal.send(answer + "\n")
          let result = terminal.wait()
          #expect(result.status == (isMeant ? 0 : 1), "\(arguments) \(answer): \(result.text)")
          if !isMeant { #expect(try server.size() == 300) }
        }
        if arguments == ["app:*"] { #expect(try server.size() == 0) }
        try server.populate(300, prefix: "app:")
      }
      #expect(try server.cli("GET", "gen") == "1")
    }
  }
}
