import Foundation
import TestHarness
import Testing

@testable import RedisClient

/// Several seeds, of which the first that can be used counts.
@Suite struct LocatorTests {
  /// For waits of which one is meant to fail.
  static let options = ConnectionLimits(connectTimeout: .seconds(2), requestTimeout: .seconds(20))

  /// A seed that leads to the next.
  enum Fault: CaseIterable {
    case refused, hung, loading, http, leaving

    func server() throws -> ScriptedServer? {
      switch self {
      case .refused: nil
      case .hung: try .silent(on: .loopback)
      case .loading:
        try ScriptedNode.server(
          role: ScriptedNode.primary, ping: .error("LOADING Redis is loading the dataset"))
      case .http: try .http()
      case .leaving: try .closing(after: 1, on: .loopback)
      }
    }
  }

  @Test(arguments: Fault.allCases) func aSeedThatFailsLeadsToTheNext(_ fault: Fault) throws {
    let faulty = try fault.server()
    let good = try ScriptedNode.server(role: ScriptedNode.primary)
    let ports = [try faulty?.port ?? RedisServer.freePort(), good.port]
    let options = fault == .hung ? Self.options : .patient
    #expect(try Locator.servers(ports).port(options) == good.port)
    #expect(try Locator.servers(ports.reversed()).port(options) == good.port)
  }

  @Test func wrongPasswordsAndDatabasesEndTheSearchAtOnce() throws {
    let options = RedisServer.Options(
      tcp: true, configuration: ["requirepass other"], login: .init("default", "other"))
    try RedisServer.with(options) { server in
      let next = try ScriptedNode.server(role: ScriptedNode.primary)
      let error = try Locator.servers([server.port, next.port], password: canary).failureToConnect()
      #expect(error.kind == .permission && error.message.contains("127.0.0.1:\(server.port)"))
      let right = Locator(
        [
          .tcp(host: "127.0.0.1", port: UInt16(server.port)),
          .tcp(host: "127.0.0.1", port: UInt16(next.port)),
        ],
        database: 99, credentials: Credentials(password: "other"))
      #expect(try right.failureToConnect().kind == .usage)
      #expect(next.connections == 0)
    }
  }

  @Test func whenAllFailEachIsNamedWithItsReason() throws {
    let ports = [try RedisServer.freePort(), try RedisServer.freePort()]
    let refused = try Locator.servers(ports).failureToConnect()
    #expect(refused.kind == .unreachable)
    #expect(refused.message.hasPrefix("none of the 2 servers can be used: "))
    for port in ports { #expect(refused.message.contains("127.0.0.1:\(port)/0: Connection refused")) }
    #expect(refused.hints.count == 1 && !refused.message.contains("\n"))

    let loading = try #require(try Fault.loading.server())
    let passing = try Locator.servers([loading.port, ports[0]]).failureToConnect()
    #expect(passing.kind == .transient && passing.message.contains("LOADING"))

    let (first, second) = (try ScriptedServer.silent(on: .loopback), try ScriptedServer.silent(on: .loopback))
    #expect(try Locator.servers([first.port, second.port]).failureToConnect(.brief).kind == .timeout)
  }

  @Test func aSingleServerIsAskedNothingMore() throws {
    let server = try ScriptedNode.server(role: ScriptedNode.primary)
    #expect(try Locator.servers([server.port]).port() == server.port)
    #expect(!server.hasReceived("PING") && !server.hasReceived("ROLE"))
    let gone = try RedisServer.freePort()
    let error = try Locator.servers([gone]).failureToConnect()
    #expect(error.message == "cannot reach redis://127.0.0.1:\(gone)/0: Connection refused")
  }

  @Test func theTimeLimitOfTheRunHoldsForAllSeedsTogether() throws {
    let silent = try (0..<3).map { _ in try ScriptedServer.silent(on: .loopback) }
    let limited = ConnectionLimits(
      connectTimeout: .seconds(20), runDeadline: Deadline(after: .milliseconds(300)))
    _ = try Locator.servers(silent.map(\.port)).failureToConnect(limited)
    #expect(silent[1].connections + silent[2].connections == 0)
  }

  @Test func aStopEndsTheSearch() throws {
    let silent = try ScriptedServer.silent(on: .loopback)
    let next = try ScriptedNode.server(role: ScriptedNode.primary)
    let button = try StopButton()
    button.press(after: .milliseconds(100))
    let error = try Locator.servers([silent.port, next.port])
      .failureToConnect(.patient, button.interruption(grace: .zero))
    #expect(error.kind == .interrupted && next.connections == 0)
  }

  @Test func everyTextualFormIsRedacted() {
    var locator = Locator.servers([1, 2], name: "a b/c", password: canary)
    locator.sentinelCredentials = Credentials(user: "watch", password: canary)
    #expect(locator.description == "redis-sentinel://127.0.0.1:1,127.0.0.1:2/a%20b%2Fc/0")
    #expect(EndpointSecrecyTests.leaks(EndpointSecrecyTests.everyForm(locator)) == nil)
  }
}

/// Reading from a replica of a server that was addressed directly.
@Suite struct LocatorReplicaTests {
  static let cluster = ["cluster": "# Cluster\r\ncluster_enabled:1\r\n"]

  /// The INFO of a primary with these lines for its replicas.
  static func primary(_ replicas: [String]) -> [String: String] {
    let lines = replicas.enumerated().map { "slave\($0.offset):\($0.element)\r\n" }.joined()
    return [
      "cluster": "# Cluster\r\ncluster_enabled:0\r\n",
      "replication":
        "# Replication\r\nrole:master\r\nconnected_slaves:\(replicas.count)\r\n\(lines)master_repl_offset:0\r\n",
    ]
  }

  static func line(_ port: Int, state: String = "online") -> String {
    "ip=127.0.0.1,port=\(port),state=\(state),offset=14,lag=1"
  }

  @Test func theFirstUsableReplicaIsRead() throws {
    let gone = try RedisServer.freePort()
    let syncing = try ScriptedNode.server(role: ScriptedNode.replicaRole())
    let unlinked = try ScriptedNode.server(role: ScriptedNode.replicaRole(link: "sync"))
    let promoted = try ScriptedNode.server(role: ScriptedNode.primary)
    let good = try ScriptedNode.server(role: ScriptedNode.replicaRole())
    let primary = try ScriptedNode.server(
      role: ScriptedNode.primary,
      info: Self.primary(
        [
          Self.line(syncing.port, state: "wait_bgsave"), "ip=,port=0,state=online", Self.line(gone),
          Self.line(unlinked.port), Self.line(promoted.port), Self.line(good.port),
        ]))
    #expect(try Locator.servers([primary.port], readsReplicas: true).port() == good.port)
    #expect(syncing.connections == 0)
    #expect(unlinked.connections == 1 && promoted.connections == 1)
    #expect(try Locator.servers([primary.port]).port() == primary.port)
  }

  @Test func withoutAReplicaThePrimaryIsNotRead() throws {
    let alone = try ScriptedNode.server(role: ScriptedNode.primary, info: Self.primary([]))
    let none = try Locator.servers([alone.port], readsReplicas: true).failureToConnect()
    #expect(none.kind == .unreachable && none.message.contains("no replica"), "\(none)")
    #expect(none.hints.contains(.readPrimary))

    let promoted = try ScriptedNode.server(role: ScriptedNode.primary)
    let others = [Self.line(promoted.port), Self.line(try RedisServer.freePort())]
    let primary = try ScriptedNode.server(role: ScriptedNode.primary, info: Self.primary(others))
    let error = try Locator.servers([primary.port], readsReplicas: true).failureToConnect()
    #expect(error.message.contains("no replica any more") && error.message.contains("refused"), "\(error)")

    let mute = try ScriptedNode.server(role: ScriptedNode.primary)
    let unknown = try Locator.servers([mute.port], readsReplicas: true).failureToConnect()
    #expect(unknown.message.contains("does not say which replicas"), "\(unknown)")
  }

  @Test func replicasAndNodesOfAClusterAreReadThemselves() throws {
    let replica = try ScriptedNode.server(
      role: ScriptedNode.replicaRole(), info: ["replication": "role:slave\r\nmaster_link_status:up\r\n"])
    #expect(try Locator.servers([replica.port], readsReplicas: true).port() == replica.port)
    let node = try ScriptedNode.server(role: ScriptedNode.primary, info: Self.cluster)
    #expect(try Locator.servers([node.port], readsReplicas: true).port() == node.port)
    let unlinked = try ScriptedNode.server(
      role: ScriptedNode.replicaRole(), info: ["replication": "role:slave\r\nmaster_link_status:down\r\n"])
    let error = try Locator.servers([unlinked.port], readsReplicas: true).failureToConnect()
    #expect(error.kind == .transient && error.message.contains("without a link"), "\(error)")
  }

  @Test func aRealReplicaOfASocketIsFoundByItsPort() throws {
    let login = RedisServer.Options.Login("default", canary)
    try RedisServer.with(
      .init(tcp: true, configuration: ["requirepass \(canary)", "repl-diskless-sync-delay 0"], login: login)
    ) { primary in
      let lines = [
        "replicaof 127.0.0.1 \(primary.port)", "masterauth \(canary)", "requirepass \(canary)",
        "repl-timeout 5",
      ]
      try RedisServer.with(.init(tcp: true, configuration: lines, login: login)) { replica in
        try Wait.for("the replica to be online") {
          try primary.info("replication")["slave0"]?.contains("state=online") == true
        }
        var locator = Locator(primary.endpoint(password: canary))
        locator.readsReplicas = true
        #expect(try locator.port(database: 3) == replica.port)
      }
    }
  }
}
