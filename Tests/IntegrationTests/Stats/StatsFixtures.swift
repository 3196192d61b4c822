import Foundation
import TestHarness
import Testing

/// A report of `stats --json`, decoded as a program that relies on the contract would.
struct StatsJSON: Decodable {
  struct Window: Decodable {
    let hits: Int?
    let misses: Int?
    let hitRatio: Double?
    let hitRatioMin: Double?
    let hitRatioMax: Double?
    let evictedKeys: Int?
    let expiredKeys: Int?
    let commands: Int?
    let inspectionLookups: Int?
    let refusedWrites: Int?
    let flushes: Int?
    let seconds: Double?
  }

  /// The figures of a node, or of all; only a node has an address.
  struct Totals: Decodable {
    let address: String?
    let role: String?
    let subtractedLookups: Lookups?
    let lifetime: Window
    let interval: Window?
    let usedMemoryBytes: Int?
    let maxmemoryBytes: Int?
    let maxmemoryPolicy: String?
    let memoryRatio: Double?
    let connectedClients: Int?
    let keys: Int?
    let keysWithTtl: Int?
    let latencyP50Seconds: Double?
    let latencyP99Seconds: Double?
    let latencySource: String?
    let replicationLagSeconds: Int?
    let lazyfreePendingObjects: Int?
  }

  struct Lookups: Decodable {
    let lookups: Int
    let hits: Int?
    let misses: Int?
  }

  struct Target: Decodable {
    struct Node: Decodable {
      let address: String
      let role: String?
    }

    let uri: String
    let kind: String
    let nodes: [Node]
  }

  struct Unread: Decodable {
    let address: String?
    let slots: String
    let reason: String
  }

  let schema: String
  let target: Target
  let complete: Bool
  let warnings: [String]
  let totals: Totals
  let nodes: [Totals]
  let unread: [Unread]?
  let countersReset: Bool
  let subtractedLookups: Lookups?
  let findings: [Finding]

  struct Finding: Decodable {
    let id: String
    let severity: String
    let message: String
  }

  /// Decodes the standard output of a run.
  init(_ bytes: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(StatsJSON.self, from: Data(bytes))
  }

  /// Runs `stats --json` on a server's socket; the run must end with `status`.
  static func read(_ server: RedisServer, _ arguments: [String] = [], status: Int32 = 0) throws -> StatsJSON {
    let result = try Rediscache.run(["stats", "-s", server.socketPath, "--json"] + arguments)
    #expect(result.status == status, "\(arguments): \(result)")
    return try StatsJSON(result.stdout)
  }

  /// Runs `stats --json` on a target; the run must end with `status`.
  static func read(at uri: String, _ arguments: [String] = [], status: Int32 = 0) throws -> StatsJSON {
    let result = try Rediscache.run(["stats", "-u", uri, "--json"] + arguments)
    #expect(result.status == status, "\(arguments): \(result)")
    return try StatsJSON(result.stdout)
  }

  /// The figures of the node at a port.
  func node(_ port: Int) throws -> Totals {
    try #require(nodes.first { $0.address == "127.0.0.1:\(port)" }, "no node at \(port)")
  }
}

/// Traffic whose figures are known.
enum StatsTraffic {
  /// Looks up a key that is there and one that is not.
  static func look(_ server: RedisServer, hits: Int, misses: Int) throws {
    try server.load(
      text: [["SET", "there", "1"]] + Array(repeating: ["GET", "there"], count: hits)
        + Array(repeating: ["GET", "not-there"], count: misses))
  }

  /// Lets keys expire, and waits until the server has counted them.
  static func expire(_ server: RedisServer, _ count: Int) throws {
    let before = Int(try server.info("stats")["expired_keys"] ?? "") ?? 0
    try server.load(text: (0..<count).map { ["SET", "soon:\($0)", "1", "PX", "1"] })
    try Wait.for("the keys to expire") {
      try Int(server.info("stats")["expired_keys"] ?? "") ?? 0 >= before + count
    }
  }

  /// Has keys evicted by lowering the limit for a moment, and says how many.
  static func evict(_ server: RedisServer) throws -> Int {
    try server.populate(2_000, prefix: "fill:", value: String(repeating: "x", count: 1_000))
    let used = try #require(Int(try server.info("memory")["used_memory"] ?? ""))
    try server.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
    try server.cli("CONFIG", "SET", "maxmemory", String(used - 500_000))
    try server.cli("SET", "one-more", "1")
    try server.cli("CONFIG", "SET", "maxmemory", "0")
    return try #require(Int(try server.info("stats")["evicted_keys"] ?? ""))
  }
}
