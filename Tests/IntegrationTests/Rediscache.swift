import Foundation
import TestSupport
import Testing

/// The built tool, run with nothing of the machine's own settings.
enum Rediscache {
  /// The password of every test; it must show in no output.
  static let secret = "canary-7d1f0b"

  /// The command line of the tool, ready to run or to start.
  static func command(_ arguments: [String], environment: [String: String] = [:]) -> Command {
    var variables = ["HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
    variables.merge(environment) { $1 }
    return Command(Command.rediscache, arguments, environment: variables)
  }

  /// Runs the tool to its end; no output may hold the secret.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], timeout: Duration = Patience.limit
  ) throws -> Command.Result {
    let result = try command(arguments, environment: environment).run(timeout: timeout)
    expectSecrecy(result)
    return result
  }

  /// Runs `scan` on a server's socket.
  static func scan(
    _ server: RedisServer, _ arguments: [String] = [], environment: [String: String] = [:]
  ) throws -> Command.Result {
    try run(["scan", "-s", server.socketPath] + arguments, environment: environment)
  }

  /// Runs `scan --json` on a server's socket; the run must end with `status`.
  static func report(
    _ server: RedisServer, _ arguments: [String] = [], status: Int32 = 0,
    environment: [String: String] = [:]
  ) throws -> Report {
    let result = try scan(server, arguments + ["--json"], environment: environment)
    #expect(result.status == status, "\(arguments): \(result)")
    return try Report(result)
  }

  /// Checks that neither output holds the secret.
  static func expectSecrecy(_ result: Command.Result) {
    #expect(!result.text.contains(secret), "standard output shows the password")
    #expect(!result.errorText.contains(secret), "standard error shows the password: \(result.errorText)")
  }
}
