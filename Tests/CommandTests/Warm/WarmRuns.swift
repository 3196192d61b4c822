import Foundation
import TestSupport
import Testing

/// Ways to run `warm`.
extension Rediscache {
  /// Runs `warm` on a seed that comes through standard input.
  static func warm(
    _ server: RedisServer, _ seed: [UInt8], _ arguments: [String] = []
  ) throws -> Command.Result {
    var command = command(["warm", "-", "-s", server.socketPath] + arguments)
    command.input = .bytes(seed)
    let result = try command.run()
    expectSecrecy(result.stdout + result.stderr)
    return result
  }

  /// Runs `warm` on a file.
  static func warm(
    _ server: RedisServer, file: String, _ arguments: [String] = [], environment: [String: String] = [:]
  ) throws -> Command.Result {
    try run(["warm", file, "-s", server.socketPath] + arguments, environment: environment)
  }
}

extension Command.Result {
  /// Standard output, read as a report.
  func load() throws -> LoadReport { try LoadReport(stdout) }
}

/// Seeds for tests.
enum Seeds {
  /// Strings `prefix0`, `prefix1`, …
  static func strings(_ count: Int, _ prefix: String = "app:v1:") -> [UInt8] {
    (0..<count).flatMap { Array(#"{"key":"\#(prefix)\#($0)","value":"value \#($0)"}"#.utf8) + [10] }
  }

  static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    try Command("gzip", ["-c"], input: .bytes(bytes)).run().stdout
  }

  /// The lines of a file of rejects.
  struct Reject: Decodable, Equatable {
    var line: Int
    var column: Int
    var reason: String
    var record: String
    var encoding: String?

    /// The record as it stood.
    var bytes: [UInt8] {
      encoding == nil ? Array(record.utf8) : Data(base64Encoded: record).map { Array($0) } ?? []
    }

    static func lines(_ file: [UInt8]?) throws -> [Reject] {
      try (file ?? []).split(separator: UInt8(ascii: "\n")).map {
        try JSONDecoder().decode(Reject.self, from: Data($0))
      }
    }
  }
}
