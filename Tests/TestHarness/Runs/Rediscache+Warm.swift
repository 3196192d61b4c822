import Foundation
import TestSupport
import Testing

/// Ways to run `warm` and `export`.
extension Rediscache {
  /// Runs `warm` on a seed that comes through standard input.
  package static func warm(
    _ server: RedisServer, _ seed: [UInt8], _ arguments: [String] = []
  ) throws -> Command.Result {
    var command = command(["warm", "--yes", "-", "-s", server.socketPath] + arguments)
    command.input = .bytes(seed)
    let result = try command.run()
    expectSecrecy(result.stdout + result.stderr)
    return result
  }

  /// Runs `warm` on a file.
  package static func warm(
    _ server: RedisServer, file: String, _ arguments: [String] = [], environment: [String: String] = [:]
  ) throws -> Command.Result {
    try run(["warm", "--yes", file, "-s", server.socketPath] + arguments, environment: environment)
  }

  /// The command line of the tool with bytes on its standard input.
  package static func command(
    _ arguments: [String], input: [UInt8], environment: [String: String] = [:]
  ) -> Command {
    var command = command(arguments, environment: environment)
    command.input = .bytes(input)
    return command
  }

  /// Runs `warm --json` on a file; the run must end with `status` and a report whose counts balance.
  package static func warm(
    _ place: [String], file: String, _ arguments: [String] = [], status: Int32 = 0, input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> LoadReport {
    var command = command(["warm", "--yes", file] + place + ["--json"] + arguments, environment: environment)
    if file == "-" { command.input = .bytes(input) }
    let result = try command.run()
    expectSecrecy(result)
    #expect(result.status == status, "\(arguments): \(result)")
    let report = try LoadReport(result.stdout)
    #expect(report.schema == "rediscache.warm/1")
    #expect(report.dryRun || report.counts.isBalanced, "\(arguments): \(result)")
    #expect(report.complete == (status == 0), "\(arguments): \(result)")
    return report
  }

  /// Runs `warm --json` on a seed that comes through standard input.
  package static func warm(
    _ server: RedisServer, _ seed: String, _ arguments: [String] = [], status: Int32 = 0,
    environment: [String: String] = [:]
  ) throws -> LoadReport {
    try warm(
      ["-s", server.socketPath], file: "-", arguments, status: status, input: Array(seed.utf8),
      environment: environment)
  }

  /// Runs `export` into a file on a server's socket.
  @discardableResult
  package static func export(
    _ server: RedisServer, to file: String, _ arguments: [String] = [], status: Int32 = 0
  ) throws -> Command.Result {
    let result = try run(["export", "-s", server.socketPath, "-o", file] + arguments)
    #expect(result.status == status, "\(arguments): \(result)")
    return result
  }

  /// Runs `export` with its records on standard output; the run must end with `status`.
  package static func exported(
    _ server: RedisServer, _ arguments: [String] = [], status: Int32 = 0
  ) throws -> (records: [[String: Any]], result: Command.Result) {
    let result = try run(["export", "-s", server.socketPath] + arguments)
    #expect(result.status == status, "\(arguments): \(result)")
    return (try JSONLines.objects(result.stdout), result)
  }
}

extension Command.Result {
  /// Standard output, read as a report.
  package func load() throws -> LoadReport { try LoadReport(stdout) }
}
