import Foundation
import TestHarness
import TestSupport
import Testing

/// `hits` beside known traffic.
struct HitsFixture {
  let running: RunningCommand

  /// Starts `hits` on a server and waits until it has begun to count.
  init(_ server: RedisServer, _ arguments: [String], environment: [String: String] = [:]) throws {
    running = try Rediscache.command(
      ["hits", "-s", server.socketPath] + arguments, environment: environment
    ).start()
    let connection = try server.connection()
    try Wait.for("hits to listen") {
      // The first reading comes right after the confirmation.
      let clients = try connection.command("CLIENT", "LIST").text ?? ""
      return clients.split(separator: "\n").contains {
        $0.contains("name=rediscache") && $0.contains("cmd=info") && !$0.contains(" sub=0 ")
      }
        || !running.isRunning
    }
    // INFO has been answered by the time that another client is.
    _ = try connection.command("PING")
  }

  /// The report, once the run has ended by itself.
  func report(status: Int32 = 0) throws -> HitsJSON {
    let result = running.wait()
    #expect(result.status == status, "\(result)")
    return try HitsJSON(result.stdout)
  }

  /// The report of the time until now: the run is stopped as Ctrl-C stops it, so that no test depends on how long its steps
  /// take.
  func stop() throws -> HitsJSON {
    running.signal(SIGINT)
    return try report(status: 130)
  }

  /// Reads keys over one connection.
  static func get(_ server: RedisServer, _ keys: [String]) throws {
    let connection = try server.connection()
    try connection.send(keys.map { ["GET", $0].map { Array($0.utf8) } })
    for _ in keys { _ = try connection.receive() }
  }

  /// The setting that the events depend on.
  static func flags(of server: RedisServer) throws -> String {
    let reply = try server.connection().command("CONFIG", "GET", "notify-keyspace-events")
    return reply.elements?.last?.text ?? ""
  }

  /// True where two settings have the same letters.
  static func areSame(_ left: String, _ right: String) -> Bool { Set(left) == Set(right) }
}

/// The JSON of `hits`.
struct HitsJSON: Decodable {
  struct Causes: Decodable, Equatable {
    let expired: Int
    let evicted: Int
    let deleted: Int
    let unseen: Int
  }

  struct Group: Decodable {
    let namespace: String?
    let version: String?
    let template: String?
    let reads: Int?
    let misses: Int?
    let hitRatio: Double?
    let hitRatioError: Double?
    let missesByCause: Causes?
    let usedShare: Double?
    let usedShareAtLeast: Double?
    let memoryBytes: Int?
    let hitsPerSecondPerMib: Double?
  }

  struct Totals: Decodable {
    let reads: Int?
    let hits: Int?
    let misses: Int?
    let hitRatio: Double?
    let hitRatioMin: Double?
    let hitRatioMax: Double?
  }

  struct Coverage: Decodable {
    let misses: Double?
    let missesSeen: Int
    let method: String?
    let windows: Int?
  }

  struct TopKey: Decodable {
    let key: String
    let misses: Int
    let error: Int
  }

  struct Use: Decodable {
    let measure: String
    let caveats: [String]
  }

  struct Other: Decodable { let misses: Int? }
  struct Finding: Decodable { let id: String }

  let schema: String
  let complete: Bool
  let warnings: [String]
  let seconds: Double?
  let coverage: Coverage
  let groups: [Group]
  let totals: Totals
  let others: [String: Other]
  let findings: [Finding]
  let topKeys: [TopKey]?
  let use: Use?

  init(_ bytes: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(HitsJSON.self, from: Data(bytes))
  }

  /// The group of a namespace and version.
  func group(_ namespace: String, _ version: String? = nil) -> Group? {
    groups.first { $0.namespace == namespace && $0.version == version }
  }
}
