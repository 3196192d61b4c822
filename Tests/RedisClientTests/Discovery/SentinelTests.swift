import Foundation
import Synchronization
import TestHarness
import TestSupport
import Testing

@testable import RedisClient

/// Sentinels that say what they should not, or nothing.
@Suite struct SentinelTests {
  /// For searches that are meant to end without success, and for sentinels that hang.
  static let options = ConnectionLimits(connectTimeout: .seconds(2), requestTimeout: .seconds(20))

  @Test func thePrimaryThatASentinelNamesIsConnectedTo() throws {
    let primary = try ScriptedNode.server(role: ScriptedNode.primary)
    let sentinel = try ScriptedNode.sentinel(naming: primary)
    #expect(try Locator.servers([sentinel.port], name: "main").port() == primary.port)
    #expect(sentinel.hasReceived("GET-MASTER-ADDR-BY-NAME\r\n$4\r\nmain"))
  }

  /// A sentinel that leads to the next.
  enum Fault: CaseIterable {
    case refused, hung, plain, unknownName, text, noPort, wrongPort, hostileHost, nothing

    func server() throws -> ScriptedServer? {
      switch self {
      case .refused: nil
      case .hung: try .silent(on: .loopback)
      case .plain: try ScriptedNode.server(role: ScriptedNode.primary)
      case .unknownName: try ScriptedNode.stranger()
      case .text: try ScriptedNode.sentinel { _ in ScriptedNode.bulk("127.0.0.1:6379") }
      case .noPort: try ScriptedNode.sentinel { _ in .array([ScriptedNode.bulk("127.0.0.1")]) }
      case .wrongPort: try ScriptedNode.sentinel { _ in ScriptedNode.address(0) }
      case .hostileHost: try ScriptedNode.sentinel { _ in ScriptedNode.address(6379, host: "\u{1B}[2Jh") }
      case .nothing: try ScriptedNode.sentinel { _ in .array([]) }
      }
    }
  }

  @Test(arguments: Fault.allCases) func aSentinelThatFailsLeadsToTheNext(_ fault: Fault) throws {
    let faulty = try fault.server()
    let primary = try ScriptedNode.server(role: ScriptedNode.primary)
    let good = try ScriptedNode.sentinel(naming: primary)
    let ports = [try faulty?.port ?? RedisServer.freePort(), good.port]
    #expect(try Locator.servers(ports, name: "main").port(Self.options) == primary.port)
    let alone = try Locator.servers([ports[0]], name: "main").failureToConnect(Self.options)
    #expect(alone.kind != .permission && alone.kind != .transient, "\(alone)")
  }

  @Test func aStaleSentinelNeverLeadsToAReplica() throws {
    let replica = try ScriptedNode.server(role: ScriptedNode.replicaRole())
    let primary = try ScriptedNode.server(role: ScriptedNode.primary)
    let stale = try ScriptedNode.sentinel(naming: replica)
    let fresh = try ScriptedNode.sentinel(naming: primary)
    #expect(try Locator.servers([stale.port, fresh.port], name: "main").port() == primary.port)
    let error = try Locator.servers([stale.port, stale.port], name: "main").failureToConnect(Self.options)
    #expect(error.kind == .transient, "\(error)")
    #expect(error.message.contains("127.0.0.1:\(replica.port)/0 is not the primary"), "\(error)")
    // Asked again with pauses, but not in a hurry: once at least, and not more often than the pauses allow.
    #expect(stale.connections > 3 && stale.connections < 20, "\(stale.connections)")
    // A second sentinel that names the same server is not a reason to try it twice.
    #expect(replica.connections <= 1 + stale.connections / 2)
  }

  @Test(arguments: [false, true]) func aFailoverUnderWayIsWaitedFor(oldIsGone: Bool) throws {
    let primary = try ScriptedNode.server(role: ScriptedNode.primary)
    let old = try ScriptedNode.server(role: ScriptedNode.replicaRole())
    let oldPort = oldIsGone ? try RedisServer.freePort() : old.port
    let asked = Mutex(0)
    let newPort = primary.port
    let sentinel = try ScriptedNode.sentinel { _ in
      let count = asked.withLock { count in
        count += 1
        return count
      }
      return ScriptedNode.address(count < 3 ? oldPort : newPort)
    }
    #expect(try Locator.servers([sentinel.port], name: "main").port() == primary.port)
    #expect(asked.withLock { $0 } == 3)
  }

  @Test func anUnknownNameIsAMatterOfUsageWhenAllSaySo() throws {
    let strangers = [
      try ScriptedNode.stranger(knowing: "cache\u{1B}[2J"), try ScriptedNode.stranger(knowing: "sessions"),
    ]
    let locator = Locator.servers(strangers.map(\.port), name: "main")
    let error = try locator.failureToConnect()
    #expect(error.kind == .usage && error.message.contains("\"main\""), "\(error)")
    guard case .advice(let hint) = error.hints.first else {
      Issue.record("\(error.hints)")
      return
    }
    #expect(hint.contains("\"sessions\"") && hint.contains("cache") && !hint.contains("\u{1B}"))
    // One that is down could know it.
    let ports = strangers.map(\.port) + [try RedisServer.freePort()]
    let open = try Locator.servers(ports, name: "main").failureToConnect()
    #expect(open.kind == .unreachable && open.message.contains("does not know \"main\""), "\(open)")
    let worded = try ScriptedNode.sentinel { _ in .error("ERR No such master with that name") }
    let reading = Locator.servers([worded.port], name: "main", readsReplicas: true)
    #expect(try reading.failureToConnect().kind == .usage)
  }

  @Test func passwordsGoWhereTheyBelong() throws {
    let primary = try ScriptedNode.server(role: ScriptedNode.primary)
    let sentinel = try ScriptedNode.sentinel(naming: primary)
    var locator = Locator.servers([sentinel.port], name: "main", password: canary)
    _ = try locator.port()
    #expect(!sentinel.hasReceived(canary) && !sentinel.hasReceived("AUTH"))
    #expect(primary.hasReceived(canary))
    locator.sentinelCredentials = Credentials(user: "watch", password: "sentinels-own")
    _ = try locator.port()
    #expect(
      sentinel.hasReceived("AUTH\r\n$5\r\nwatch\r\n$13\r\nsentinels-own") && !sentinel.hasReceived(canary))
    #expect(!primary.hasReceived("sentinels-own"))
  }

  @Test func whereTheRoleIsForbiddenInfoTells() throws {
    let forbidden = RESPValue.error("NOPERM this user has no permissions to run the 'role' command")
    let unknown = RESPValue.error("ERR unknown command 'ROLE', with args beginning with: ")
    for role in [forbidden, unknown] {
      let primary = try ScriptedNode.server(role: role, info: ["replication": "role:master\r\n"])
      let replica = try ScriptedNode.server(
        role: role, info: ["replication": "role:slave\r\nmaster_link_status:up\r\n"])
      let sentinels = [
        try ScriptedNode.sentinel(naming: replica), try ScriptedNode.sentinel(naming: primary),
      ]
      let made = try Locator.servers(sentinels.map(\.port), name: "main").connect(
        database: 0, options: Self.options)
      #expect(made.endpoint.address == .tcp(host: "127.0.0.1", port: UInt16(primary.port)))
      #expect(!made.greeting.isRoleUnverified)

      let mute = try ScriptedNode.server(role: role)
      let trusting = try ScriptedNode.sentinel(naming: mute)
      let believed = try Locator.servers([trusting.port], name: "main").connect(database: 0)
      #expect(believed.greeting.isRoleUnverified)
    }
  }

  @Test func aServerThatIsLoadingOrBusyIsWaitedForAbove() throws {
    let busy = try ScriptedNode.server(role: .error("BUSY Redis is busy running a script"))
    let sentinel = try ScriptedNode.sentinel(naming: busy)
    #expect(
      try Locator.servers([sentinel.port], name: "main").failureToConnect(Self.options).kind == .transient)
  }

  @Test func replicasThatAreDownAreNotTried() throws {
    let down = try ScriptedNode.server(role: ScriptedNode.replicaRole())
    let unlinked = try ScriptedNode.server(role: ScriptedNode.replicaRole(link: "sync"))
    let promoted = try ScriptedNode.server(role: ScriptedNode.primary)
    let good = try ScriptedNode.server(role: ScriptedNode.replicaRole())
    let (downPort, others) = (down.port, [unlinked.port, promoted.port, good.port])
    let listed: @Sendable (ArraySlice<Int>) -> RESPValue = { ports in
      .array(
        [
          ScriptedNode.replica(downPort, flags: "slave,s_down"),
          ScriptedNode.replica(downPort, flags: "o_down,slave"),
          ScriptedNode.replica(downPort, flags: "slave,disconnected"),
          ScriptedNode.replica(downPort, link: "err"),
        ] + ports.map { ScriptedNode.replica($0) })
    }
    let sentinel = try ScriptedNode.sentinel { words in words[0] == "REPLICAS" ? listed(others[...]) : .null }
    let locator = Locator.servers([sentinel.port], name: "main", readsReplicas: true)
    #expect(try locator.port() == good.port)
    #expect(down.connections == 0 && unlinked.connections == 1 && promoted.connections == 1)

    let poor = try ScriptedNode.sentinel { _ in listed(others[..<2]) }
    let none = try Locator.servers([poor.port], name: "main", readsReplicas: true)
      .failureToConnect(Self.options)
    #expect(none.kind == .transient && none.message.contains("no replica any more"), "\(none)")
    let empty = try ScriptedNode.sentinel { _ in listed([]) }
    let nobody = try Locator.servers([empty.port], name: "main", readsReplicas: true).failureToConnect()
    #expect(nobody.kind == .unreachable && nobody.hints.contains(.readPrimary))
  }

  @Test func aStopEndsTheWaitForAFailover() throws {
    let replica = try ScriptedNode.server(role: ScriptedNode.replicaRole())
    let stale = try ScriptedNode.sentinel(naming: replica)
    let button = try StopButton()
    button.press(after: .milliseconds(300))
    let start = ContinuousClock.now
    let error = try Locator.servers([stale.port], name: "main")
      .failureToConnect(.patient, button.interruption(grace: .zero))
    #expect(error.kind == .interrupted && ContinuousClock.now - start < .seconds(15))
  }

  @Test func theTimeLimitOfTheRunHolds() throws {
    let replica = try ScriptedNode.server(role: ScriptedNode.replicaRole())
    let stale = try ScriptedNode.sentinel(naming: replica)
    let limited = ConnectionLimits(
      connectTimeout: .seconds(60), runDeadline: Deadline(after: .milliseconds(500)))
    let start = ContinuousClock.now
    _ = try Locator.servers([stale.port], name: "main").failureToConnect(limited)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func aSentinelTakenForAServerIsToldApart() throws {
    let sentinel = try ScriptedServer.answering(on: .loopback) { command, _ in
      String(decoding: command[0], as: UTF8.self) == "HELLO"
        ? Array("%1\r\n$4\r\nmode\r\n$8\r\nsentinel\r\n".utf8) : Array("+OK\r\n".utf8)
    }
    let error = try Locator.servers([sentinel.port]).failureToConnect()
    #expect(error.kind == .usage && "\(error.hints)".contains("redis-sentinel://"))
  }
}

/// Real sentinels with a primary and a replica; each set-up takes a few seconds to start.
@Suite struct SentinelServerTests {
  @Test func failoverPauseAndPasswords() throws {
    let options = RedisSentinel.Options(password: canary, sentinelPassword: "sentinels-own")
    try RedisSentinel.with(options) { made in
      let ports = made.sentinels.map(\.port)
      var locator = Locator.servers(ports, name: "main", password: canary)
      let missing = try locator.failureToConnect()
      #expect(missing.kind == .permission && missing.message.contains("asks for a password"), "\(missing)")
      #expect(missing.hints.contains(.giveSentinelCredentials))
      locator.sentinelCredentials = Credentials(password: "wrong")
      let wrong = try locator.failureToConnect()
      #expect(
        wrong.kind == .permission && wrong.hints.contains(.checkSentinelCredentials), "\(wrong)")

      locator.sentinelCredentials = Credentials(password: "sentinels-own")
      #expect(try locator.port(database: 2) == made.servers[0].port)
      locator.readsReplicas = true
      #expect(try locator.port() == made.servers[1].port)

      #expect(try made.failover() == 1)
      #expect(try locator.port() == made.servers[0].port)
      locator.readsReplicas = false
      made.sentinels[0].pause()
      #expect(try locator.port(SentinelTests.options) == made.servers[1].port)
      made.sentinels[0].resume()

      // The primary dies: until the sentinels have chosen the other, the search goes on.
      made.servers[1].crash()
      #expect(try locator.port() == made.servers[0].port)
    }
  }

  @Test func tlsForSentinelsAndServersAlike() throws {
    let made = try Certificates()
    let options = RedisSentinel.Options(tls: .init(made.server, authority: made.authority))
    try RedisSentinel.with(options) { set in
      let places = set.sentinels.map { Endpoint.Address.tcp(host: "127.0.0.1", port: UInt16($0.tlsPort)) }
      let tls = TLSOptions(caFile: made.authority)
      var locator = Locator(places, sentinelName: "main", tls: tls)
      #expect(try locator.port() == set.servers[0].tlsPort)
      locator.readsReplicas = true
      #expect(try locator.port() == set.servers[1].tlsPort)
      let plain = try Locator(places, sentinelName: "main").failureToConnect()
      #expect(
        plain.kind == .unreachable && plain.hints.contains { $0 == .tryTLS || $0 == .tryTLSOnPort },
        "\(plain)")
      let unknown = Locator(
        places, sentinelName: "main", tls: TLSOptions(caFile: made.unknownAuthority))
      #expect(try unknown.failureToConnect().message.contains("not trusted"))
    }
  }
}
