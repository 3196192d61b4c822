import Foundation
import TestSupport
import Testing

/// The built tool, run with nothing of the machine's own settings.
package enum Rediscache {
  /// The password of every test; it must show in no output.
  package static let secret = "canary-93ae41"

  /// The path of the tool: what the package under test builds beside the running tests, unless REDISCACHE_TEST_BINARY
  /// names another, such as the optimized one that is installed.
  ///
  /// The file need not exist: running it then throws ``MissingTool``.
  package static let executable: String = {
    if let path = ProcessInfo.processInfo.environment["REDISCACHE_TEST_BINARY"], !path.isEmpty { return path }
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath
    let process = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let tests = process ?? bundle ?? CommandLine.arguments.first ?? ""
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("rediscache").path
  }()

  /// An environment without anything that would change what the tool does.
  package static func environment(_ changes: [String: String] = [:]) -> [String: String] {
    ["HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"].merging(changes) { $1 }
  }

  /// The command line of the tool, ready to run or to start.
  package static func command(_ arguments: [String], environment changes: [String: String] = [:]) -> Command {
    Command(executable, arguments, environment: environment(changes))
  }

  /// Runs the tool with its outputs in pipes; no output may hold the secret.
  package static func run(
    _ arguments: [String], environment changes: [String: String] = [:], timeout: Duration = Wait.limit
  ) throws -> Command.Result {
    let result = try command(arguments, environment: changes).run(timeout: timeout)
    expectSecrecy(result)
    return result
  }

  /// Runs `scan` on a server's socket.
  package static func scan(
    _ server: RedisServer, _ arguments: [String] = [], environment changes: [String: String] = [:]
  ) throws -> Command.Result {
    try run(["scan", "-s", server.socketPath] + arguments, environment: changes)
  }

  /// Starts the tool on a terminal.
  package static func terminal(
    _ arguments: [String], environment changes: [String: String] = [:], columns: Int = 80,
    pipesOutput: Bool = false
  ) throws -> PseudoTerminal {
    let variables = ["TERM": "xterm-256color"].merging(changes) { $1 }
    return try PseudoTerminal(
      executable, arguments, environment: environment(variables), columns: columns, pipesOutput: pipesOutput)
  }

  /// Runs `scan` on a server's socket and on a terminal, without progress.
  package static func scanOnTerminal(
    _ server: RedisServer, _ arguments: [String] = [], environment changes: [String: String] = [:],
    columns: Int = 80
  ) throws -> PseudoTerminal.Result {
    let place = ["scan", "-s", server.socketPath, "--no-progress"]
    let result = try terminal(place + arguments, environment: changes, columns: columns).wait()
    expectSecrecy(result.terminal)
    return result
  }

  /// Checks that neither output holds the secret.
  package static func expectSecrecy(_ result: Command.Result) {
    expectSecrecy(result.stdout + result.stderr)
  }

  /// Checks that an output does not hold the secret.
  package static func expectSecrecy(_ output: [UInt8]) {
    #expect(Data(output).range(of: Data(secret.utf8)) == nil, "an output shows the password")
  }
}

extension Command.Result {
  /// Standard output, read as one JSON object.
  package func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(stdout)) as? [String: Any])
  }

  /// Standard output, read as one JSON object a line.
  package func jsonLines() throws -> [[String: Any]] {
    try stdout.split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }
  }

  /// Standard output, read as rows of CSV (RFC 4180).
  package func csv() -> [[[UInt8]]] {
    CSVReader.rows(of: stdout)
  }
}
