import Foundation
import TestSupport
import Testing

/// The built tool, run with nothing of the machine's own settings.
enum Rediscache {
  /// The password of every test; it must show in no output.
  static let secret = "canary-93ae41"

  /// The path of the tool.
  static let executable = Command.rediscache

  /// An environment without anything that would change what the tool does.
  static func environment(_ changes: [String: String] = [:]) -> [String: String] {
    ["HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"].merging(changes) { $1 }
  }

  /// The command line of the tool, ready to run or to start.
  static func command(_ arguments: [String], environment changes: [String: String] = [:]) -> Command {
    Command(executable, arguments, environment: environment(changes))
  }

  /// Runs the tool with its outputs in pipes; no output may hold the secret.
  static func run(
    _ arguments: [String], environment changes: [String: String] = [:]
  ) throws -> Command.Result {
    let result = try command(arguments, environment: changes).run()
    expectSecrecy(result.stdout + result.stderr)
    return result
  }

  /// Runs `scan` on a server's socket.
  static func scan(
    _ server: RedisServer, _ arguments: [String] = [], environment changes: [String: String] = [:]
  ) throws -> Command.Result {
    try run(["scan", "-s", server.socketPath] + arguments, environment: changes)
  }

  /// Starts the tool on a terminal.
  static func terminal(
    _ arguments: [String], environment changes: [String: String] = [:], columns: Int = 80,
    pipesOutput: Bool = false
  ) throws -> PseudoTerminal {
    let variables = ["TERM": "xterm-256color"].merging(changes) { $1 }
    return try PseudoTerminal(
      executable, arguments, environment: environment(variables), columns: columns, pipesOutput: pipesOutput)
  }

  /// Runs `scan` on a server's socket and on a terminal, without progress.
  static func scanOnTerminal(
    _ server: RedisServer, _ arguments: [String] = [], environment changes: [String: String] = [:],
    columns: Int = 80
  ) throws -> PseudoTerminal.Result {
    let place = ["scan", "-s", server.socketPath, "--no-progress"]
    let result = try terminal(place + arguments, environment: changes, columns: columns).wait()
    expectSecrecy(result.terminal)
    return result
  }

  /// Checks that an output does not hold the secret.
  static func expectSecrecy(_ output: [UInt8]) {
    #expect(Data(output).range(of: Data(secret.utf8)) == nil, "an output shows the password")
  }
}

extension Command.Result {
  /// Standard output, read as one JSON object.
  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(stdout)) as? [String: Any])
  }

  /// Standard output, read as one JSON object a line.
  func jsonLines() throws -> [[String: Any]] {
    try stdout.split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }
  }

  /// Standard output, read as rows of CSV (RFC 4180).
  func csv() -> [[[UInt8]]] {
    CSVReader.rows(of: stdout)
  }
}
