import TestHarness
import TestSupport
import Testing

@testable import RedisClient

/// Servers and sentinels that answer what a test makes them answer.
enum ScriptedNode {
  /// A server that knows no HELLO and answers ROLE, INFO and PING as it is told.
  static func server(
    role: RESPValue, info: [String: String] = [:], ping: RESPValue = .simple("PONG")
  ) throws -> ScriptedServer {
    try ScriptedServer.replying(on: .loopback) { command in
      switch command[0].uppercased() {
      case "ROLE": role
      case "PING": ping
      case "INFO":
        info[command.last ?? ""].map { .bulk(Array($0.utf8)) } ?? .error("NOPERM this user may not")
      default: greeting(command)
      }
    }
  }

  /// A sentinel that answers SENTINEL as it is told; `words` are what follows that word.
  static func sentinel(
    _ answer: @escaping @Sendable (_ words: [String]) -> RESPValue
  ) throws -> ScriptedServer {
    try ScriptedServer.replying(on: .loopback) { command in
      command[0].uppercased() == "SENTINEL" ? answer(Array(command.dropFirst())) : greeting(command)
    }
  }

  /// A sentinel that names one server as the primary of every name.
  static func sentinel(naming server: ScriptedServer) throws -> ScriptedServer {
    let port = server.port
    return try sentinel { _ in address(port) }
  }

  /// A sentinel that does not know the name, but another.
  static func stranger(knowing name: String = "other") throws -> ScriptedServer {
    try sentinel { words in
      words[0] == "MASTERS" ? .array([.array([bulk("name"), bulk(name)])]) : .null
    }
  }

  /// The answer to `SENTINEL GET-MASTER-ADDR-BY-NAME`.
  static func address(_ port: Int, host: String = "127.0.0.1") -> RESPValue {
    .array([bulk(host), bulk(String(port))])
  }

  /// A part of the answer to `SENTINEL REPLICAS`.
  static func replica(_ port: Int, flags: String = "slave", link: String = "ok") -> RESPValue {
    .array(
      ["ip", "127.0.0.1", "port", String(port), "flags", flags, "master-link-status", link].map(bulk))
  }

  static let primary = RESPValue.array([bulk("master"), .integer(0), .array([])])

  /// The role of a replica.
  static func replicaRole(link: String = "connected") -> RESPValue {
    .array([bulk("slave"), bulk("127.0.0.1"), .integer(1), bulk(link), .integer(0)])
  }

  static func bulk(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

  private static func greeting(_ command: [String]) -> RESPValue {
    ["AUTH", "CLIENT", "SELECT"].contains(command[0].uppercased())
      ? .simple("OK") : .error("ERR unknown command '\(command[0])'")
  }
}

extension Locator {
  /// A locator of fake servers or sentinels, or of ports where nobody listens.
  static func servers(
    _ ports: [Int], name: String? = nil, password: String? = nil, readsReplicas: Bool = false
  ) -> Locator {
    var made = Locator(
      ports.map { .tcp(host: "127.0.0.1", port: UInt16($0)) }, sentinelName: name,
      credentials: password.map { Credentials(password: $0) })
    made.readsReplicas = readsReplicas
    return made
  }

  /// The port that a connection leads to.
  func port(
    _ options: ConnectionLimits = .patient, database: Int = 0, _ interruption: Interruption = .none
  ) throws -> Int {
    let made = try connect(database: database, options: options, interruption: interruption)
    guard case .tcp(_, let port) = made.endpoint.address else { return 0 }
    return Int(port)
  }

  /// The error of a connection that must not come about.
  func failureToConnect(
    _ options: ConnectionLimits = .patient, _ interruption: Interruption = .none
  ) throws -> ClientError {
    try failure(of: { _ = try connect(database: database, options: options, interruption: interruption) })
  }
}
