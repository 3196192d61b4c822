import Foundation
import Testing

/// Ways to run `invalidate`.
extension Rediscache {
  /// Runs `invalidate` on a server's socket.
  package static func invalidate(
    _ server: RedisServer, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Command.Result {
    try run(["invalidate", "-s", server.socketPath] + arguments, environment: environment)
  }

  /// Runs a command line that the tool has printed, in a shell.
  package static func shell(
    _ line: String, environment changes: [String: String] = [:]
  ) throws -> Command.Result {
    let folder = URL(fileURLWithPath: executable).deletingLastPathComponent().path
    let path = ["PATH": "\(folder):/usr/bin:/bin"].merging(changes) { $1 }
    let result = try Command("/bin/bash", ["-c", line], environment: environment(path)).run()
    expectSecrecy(result.stdout + result.stderr)
    return result
  }

  /// Starts `invalidate` on a terminal, without progress.
  package static func invalidateOnTerminal(
    _ place: [String], _ arguments: [String], environment: [String: String] = [:], pipesOutput: Bool = false
  ) throws -> PseudoTerminal {
    try terminal(
      ["invalidate"] + place + ["--no-progress", "--color", "never"] + arguments, environment: environment,
      columns: 100, pipesOutput: pipesOutput)
  }

  /// Runs `invalidate --yes --json`; the run must end with `status` and a report whose counts balance.
  package static func removal(
    _ place: [String], _ arguments: [String], status: Int32 = 0, environment: [String: String] = [:]
  ) throws -> RemovalReport {
    let result = try run(
      ["invalidate"] + place + ["--json"] + (arguments.contains("--dry-run") ? [] : ["--yes"]) + arguments,
      environment: environment)
    #expect(result.status == status, "\(arguments): \(result)")
    let report = try RemovalReport(result.stdout)
    #expect(report.schema == "rediscache.invalidate/1")
    #expect(report.dryRun || report.counts.isBalanced, "\(arguments): \(result)")
    return report
  }

  /// Runs `invalidate --yes --json` on a server's socket.
  package static func removal(
    _ server: RedisServer, _ arguments: [String], status: Int32 = 0, environment: [String: String] = [:]
  ) throws -> RemovalReport {
    try removal(["-s", server.socketPath], arguments, status: status, environment: environment)
  }
}

extension Command.Result {
  /// Standard output, read as a report.
  package func removal() throws -> RemovalReport { try RemovalReport(stdout) }

  /// The command behind `to resume`, or behind `to run`.
  package func command(after label: String) -> String? {
    (errorText + "\n" + text).split(separator: "\n").first { $0.hasPrefix(label) }
      .map { String($0.dropFirst(label.count).drop { $0 == " " }) }
  }
}

extension TemporaryFolder {
  /// A configuration with one profile, as the environment that leads to it.
  package func configure(_ name: String, _ lines: [String]) throws -> [String: String] {
    try FileManager.default.createDirectory(
      atPath: file("rediscache"), withIntermediateDirectories: true)
    let text = (["[profile.\(name)]"] + lines).joined(separator: "\n")
    try write("rediscache/config.toml", text.utf8)
    return ["XDG_CONFIG_HOME": path]
  }
}
