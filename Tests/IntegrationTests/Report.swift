import Foundation
import TestHarness
import Testing

/// A report of `scan --json`, decoded as a program that relies on the contract would.
struct Report: Decodable {
  struct Target: Decodable {
    struct Node: Decodable {
      let address: String
      let role: String?
    }

    let uri: String
    let kind: String
    let server: String?
    let serverVersion: String?
    let nodes: [Node]
  }

  struct Coverage: Decodable {
    let mode: String
    let keysSeen: Int
    let keysMeasured: Int
    let keysVanished: Int
    let keysUnmeasured: Int
  }

  struct Quantiles: Decodable {
    let min: Double
    let p50: Double
    let p99: Double
    let max: Double
  }

  struct Group: Decodable {
    let db: Int?
    let namespace: String?
    let version: String?
    let type: String?
    let keys: Int
    let share: Double
    let withoutTtl: Int?
    let withoutTtlError: Int?
    let ttlSeconds: Quantiles?
    let memoryBytes: Int?
    let memoryError: Double?
    let unmeasured: Int
    let expiringFields: Int
    let avgBytes: Int?
    let types: [String: Int]
    let superseded: Bool
  }

  struct Finding: Decodable {
    let id: String
    let severity: String
    let message: String
    let command: String?
  }

  let schema: String
  let target: Target
  let complete: Bool
  let warnings: [String]
  let coverage: Coverage
  let groups: [Group]
  let totals: Group
  let findings: [Finding]

  /// Decodes what a run wrote to standard output.
  init(_ result: Command.Result) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Report.self, from: Data(result.stdout))
  }

  /// The group of a namespace and version.
  func group(_ namespace: String?, _ version: String?) -> Group? {
    groups.first { $0.namespace == namespace && $0.version == version }
  }

  /// True where a warning holds the text, in any case of letters.
  func warns(_ text: String) -> Bool {
    warnings.contains { $0.lowercased().contains(text.lowercased()) }
  }
}

extension Rediscache {
  /// Runs `scan --json` on a server's socket; the run must end with `status`.
  static func report(
    _ server: RedisServer, _ arguments: [String] = [], status: Int32 = 0,
    environment: [String: String] = [:]
  ) throws -> Report {
    let result = try scan(server, arguments + ["--json"], environment: environment)
    #expect(result.status == status, "\(arguments): \(result)")
    return try Report(result)
  }
}
