import Foundation
import TestSupport

/// A primary, a replica of it, and three sentinels that watch both, started for a test.
///
/// It ends with ``stop()``, with the last reference to it, or with the test process.
package final class RedisSentinel: Sendable {
  /// What differs between set-ups.
  package struct Options: Sendable {
    /// The name by which the sentinels know the primary.
    package var name = "main"
    /// The password of both servers, or nil for none.
    package var password: String?
    /// The password of the sentinels, or nil for none.
    package var sentinelPassword: String?
    /// TLS for servers and sentinels; none of them is reached without it then.
    package var tls: RedisServer.Options.TLS?

    /// Options with their usual values: no passwords, no TLS.
    package init(
      password: String? = nil, sentinelPassword: String? = nil, tls: RedisServer.Options.TLS? = nil
    ) {
      self.password = password
      self.sentinelPassword = sentinelPassword
      self.tls = tls
    }
  }

  /// How it was set up.
  package let options: Options
  /// The two servers; the first began as the primary.
  package let servers: [RedisServer]
  /// The three sentinels. Two must agree before they begin a failover.
  package let sentinels: [RedisServer]

  /// Starts all and waits until every sentinel knows the replica and the other sentinels; takes about 3 s.
  package init(_ options: Options = Options()) throws {
    self.options = options
    let primary = try RedisServer(Self.server(options, replicaOf: nil))
    let port = Self.port(of: primary)
    servers = [primary, try RedisServer(Self.server(options, replicaOf: port))]
    sentinels = try (0..<3).map { _ in try RedisServer(Self.sentinel(options, watching: port)) }
    try wait("the sentinels to know each other and the replica") {
      try sentinels.indices.allSatisfy { number in
        let fields = try primaryFields(at: number)
        return fields["num-slaves"] == "1" && fields["num-other-sentinels"] == "2"
      }
    }
    try waitForLink()
  }

  deinit {
    stop()
  }

  /// Starts all, hands it to `body`, and stops it however `body` ends.
  package static func with<T>(
    _ options: Options = Options(), _ body: (RedisSentinel) throws -> T
  ) throws -> T {
    let made = try RedisSentinel(options)
    defer { made.stop() }
    return try body(made)
  }

  /// Ends everything at once and removes the folders; harmless when repeated.
  package func stop() {
    for server in sentinels + servers { server.crash() }
    for server in sentinels + servers { server.stop() }
  }

  /// The port by which sentinels and servers know a server: that of TLS where there is TLS.
  package static func port(of server: RedisServer) -> Int {
    server.tlsPort > 0 ? server.tlsPort : server.port
  }

  /// The URI of the primary by way of the sentinels, all or some of them in the order of their numbers.
  package func uri(_ numbers: [Int] = [0, 1, 2], name: String? = nil, credentials: String = "") -> String {
    let places = numbers.map { "127.0.0.1:\(Self.port(of: sentinels[$0]))" }.joined(separator: ",")
    let scheme = options.tls == nil ? "redis-sentinel" : "rediss-sentinel"
    return "\(scheme)://\(credentials)\(places)/\(name ?? options.name)"
  }

  /// The number of the server that says it is the primary.
  package func primary() throws -> Int {
    guard let number = try servers.firstIndex(where: { try $0.isRunning && Self.role(of: $0) == "master" })
    else { throw HarnessFailure("no server is a primary") }
    return number
  }

  /// Lets the sentinels make the replica the primary, and waits until all say so and the other one replicates it.
  ///
  /// Gives the number of the new primary. Takes about 3 s.
  @discardableResult
  package func failover() throws -> Int {
    let heir = 1 - (try primary())
    // Right after the start, or another failover, the sentinel may not have heard of the replica's state yet.
    try wait("a failover to begin") {
      let reply = try sentinels[0].cliBytes(["SENTINEL", "FAILOVER", options.name].map { Array($0.utf8) })
      return reply.errorText == nil
    }
    try waitUntilPrimary(heir)
    try waitForLink()
    return heir
  }

  /// Waits until a server calls itself the primary and every running sentinel names it.
  package func waitUntilPrimary(_ number: Int) throws {
    try wait("server \(number) to be the primary") {
      guard try Self.role(of: servers[number]) == "master" else { return false }
      let port = String(Self.port(of: servers[number]))
      return try sentinels.indices.allSatisfy { try primaryFields(at: $0)["port"] == port }
    }
  }

  /// Waits until the replica has its primary's data.
  package func waitForLink() throws {
    try wait("the replica to be linked") {
      try servers.contains { server in
        try Self.role(of: server) == "slave" && server.info("replication")["master_link_status"] == "up"
      }
    }
    try wait("the sentinels to call the replica linked") {
      try sentinels.allSatisfy { sentinel in
        let reply = try sentinel.cliBytes(["SENTINEL", "REPLICAS", options.name].map { Array($0.utf8) })
        let replicas = (reply.elements ?? []).map(Self.fields)
        return replicas.contains { $0["flags"] == "slave" && $0["master-link-status"] == "ok" }
      }
    }
  }

  // MARK: - Starting

  private static func server(_ options: Options, replicaOf port: Int?) -> RedisServer.Options {
    var lines = ["repl-diskless-sync-delay 0", "repl-ping-replica-period 1", "repl-timeout 5"]
    if let port { lines.append("replicaof 127.0.0.1 \(port)") }
    if let password = options.password { lines += ["requirepass \(password)", "masterauth \(password)"] }
    return member(options, lines, login: options.password)
  }

  private static func sentinel(_ options: Options, watching port: Int) -> RedisServer.Options {
    let name = options.name
    var lines = [
      "sentinel monitor \(name) 127.0.0.1 \(port) 2", "sentinel down-after-milliseconds \(name) 1000",
      "sentinel failover-timeout \(name) 5000", "sentinel parallel-syncs \(name) 1",
    ]
    if let password = options.password { lines.append("sentinel auth-pass \(name) \(password)") }
    if let password = options.sentinelPassword {
      lines += ["requirepass \(password)", "sentinel sentinel-pass \(password)"]
    }
    var made = member(options, lines, login: options.sentinelPassword)
    made.arguments = ["--sentinel"]
    return made
  }

  private static func member(
    _ options: Options, _ lines: [String], login password: String?
  ) -> RedisServer.Options {
    let login = password.map { RedisServer.Options.Login("default", $0) }
    guard let tls = options.tls else { return .init(tcp: true, configuration: lines, login: login) }
    return .init(tls: tls, configuration: lines + ["tls-replication yes"], login: login)
  }

  // MARK: - What they say

  private static func role(of server: RedisServer) throws -> String? {
    try server.cliBytes([Array("ROLE".utf8)]).elements?.first?.text
  }

  /// The pairs of a flat array.
  private static func fields(_ reply: RESPValue) -> [String: String] {
    let parts = (reply.elements ?? []).map { $0.text ?? "" }
    return stride(from: 0, to: parts.count - 1, by: 2).reduce(into: [:]) { $0[parts[$1]] = parts[$1 + 1] }
  }

  private func primaryFields(at sentinel: Int) throws -> [String: String] {
    Self.fields(
      try sentinels[sentinel].cliBytes(["SENTINEL", "MASTER", options.name].map { Array($0.utf8) }))
  }

  private func wait(
    _ purpose: String, within limit: Duration = Wait.limit, until condition: () throws -> Bool
  ) throws {
    // Where roles change, sentinels end the connections of all clients, of which this asker is one.
    let isMet = { (try? condition()) == true }
    guard !Wait.becomesTrue(within: limit, nap: .milliseconds(50), isMet) else { return }
    throw HarnessFailure(
      "waited \(limit) for \(purpose); a sentinel's log ends:\n\(sentinels.first?.logTail ?? "")")
  }
}
