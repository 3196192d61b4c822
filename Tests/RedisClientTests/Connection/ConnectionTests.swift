import TestHarness
import Testing

@testable import RedisClient

/// Connections to real servers that behave.
@Suite struct ConnectionTests {
  static let locked = RedisServer.Options(
    tcp: true,
    configuration: [
      "requirepass \(canary)",
      "user alice on >\(canary) ~a:* +@read +auth +hello +client +select -config +ping",
      "user bob on >other ~* +@all -client -acl",
    ])

  @Test(arguments: [false, true]) func greets(tcp: Bool) throws {
    try RedisServer.with(.init(tcp: true)) { server in
      let connection = try Connection(to: server.endpoint(tcp: tcp), options: .patient)
      #expect(connection.greeting.protocolVersion == 3)
      #expect(connection.greeting.roundTrip > .zero)
      #expect(try connection.call("CLIENT", "GETNAME").decode(String.self) == "rediscache")
      #expect(try connection.call("CONFIG", "GET", "port").kind == .map)
    }
  }

  @Test func bytesComeBackAsTheyWent() throws {
    try RedisServer.with { server in
      let connection = try Connection(to: server.endpoint(), options: .patient)
      let name = [UInt8](0...255)
      let value = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      var flight = CommandBuffer()
      flight.append([Array("SET".utf8), name, value])
      flight.append(CommandPrefix("GET"), name.span)
      flight.append("SCAN", "0")
      let replies = ReplyBuffer()
      try connection.send(flight)
      try connection.receive(3, into: replies)
      #expect(try replies[1].decode(ReplyBytes.self).bytes == value)
      #expect(try replies[2].children[1].decode([ReplyBytes].self).map(\.bytes) == [name])
    }
  }

  /// Redis never stops reading, whatever it has to write; `PipelineTests` has a server that does.
  @Test func aHundredThousandCommandsInOneFlight() throws {
    try RedisServer.with { server in
      let connection = try Connection(to: server.endpoint(), options: .patient)
      let value = String(repeating: "v", count: 1000)
      #expect(try connection.exchange([["SET", "k", value]]) == [.status("OK")])
      var flight = CommandBuffer()
      let get = CommandPrefix("GET")
      let key = Array("k".utf8)
      for _ in 0..<100_000 { flight.append(get, key.span) }
      try connection.send(flight)
      let replies = ReplyBuffer()
      var good = 0
      for _ in 0..<20 {
        try connection.receive(5000, into: replies)
        for index in 0..<replies.count where replies[index].textRange?.count == 1000 { good += 1 }
        replies.removeAll()
      }
      #expect(good == 100_000)
      #expect(try connection.exchange([["PING"]]) == [.status("PONG")])
    }
  }

  @Test func selectsTheDatabase() throws {
    try RedisServer.with { server in
      let connection = try Connection(to: server.endpoint(database: 3), options: .patient)
      #expect(try connection.call("CLIENT", "INFO").decode(String.self).contains(" db=3 "))
    }
  }

  @Test func namesTheLimitOfDatabases() throws {
    try RedisServer.with(.init(configuration: ["databases 5"])) { server in
      let error = try failureToConnect(server.endpoint(database: 5))
      #expect(error.kind == .usage)
      #expect(error.message.hasPrefix("no database 5 on unix://"))
      #expect(error.message.hasSuffix("the server has 5 databases, 0 to 4"))
    }
    try RedisServer.with(.init(configuration: ["rename-command CONFIG \"\""])) { server in
      let error = try failureToConnect(server.endpoint(database: 99))
      #expect(error.kind == .usage)
      #expect(error.message.hasSuffix("the server has fewer databases"))
    }
  }

  @Test func fallsBackWhereCommandsAreRenamedAway() throws {
    let options = RedisServer.Options(
      configuration: ["rename-command HELLO \"\"", "rename-command CLIENT \"\"", "requirepass \(canary)"])
    try RedisServer.with(options) { server in
      let connection = try Connection(to: server.endpoint(password: canary), options: .patient)
      #expect(connection.greeting.protocolVersion == 2)
      #expect(!connection.greeting.leavesUsageAlone)
      #expect(try connection.call("CONFIG", "GET", "port").kind == .array)
      // Nothing of the greeting tells by its own kind of error that a password is wanted but what follows HELLO.
      #expect(try failureToConnect(server.endpoint(database: 1)).kind == .permission)
    }
  }

  @Test(arguments: [false, true]) func authenticates(tcp: Bool) throws {
    try RedisServer.with(Self.locked) { server in
      let alice = try Connection(
        to: server.endpoint(tcp: tcp, user: "alice", password: canary), options: .patient)
      #expect(alice.greeting.protocolVersion == 3)
      #expect(try alice.call("GET", "a:1").isNull)
      let byPassword = try Connection(to: server.endpoint(tcp: tcp, password: canary), options: .patient)
      #expect(try byPassword.call("ACL", "WHOAMI").decode(String.self) == "default")
      // Not allowed to name the connection: that is no reason to fail.
      let bob = try Connection(
        to: server.endpoint(tcp: tcp, user: "bob", password: "other"), options: .patient)
      #expect(try bob.call("CLIENT", "GETNAME").error?.isCommandForbidden == true)
      #expect(!EndpointSecrecyTests.everyForm(alice).contains(canary))
    }
  }

  /// redis-cli goes on as the default user; that shows somebody else's view.
  @Test func aWrongPasswordEndsIt() throws {
    let open = RedisServer.Options(configuration: [
      "user alice on >right ~* +@all", "user gone off >\(canary) ~* +@all",
    ])
    try RedisServer.with(open) { server in
      for user in ["alice", "nobody", "gone"] {
        let error = try failureToConnect(server.endpoint(user: user, password: canary))
        #expect(error.kind == .permission)
        #expect(error.message.hasSuffix("refused the user or password"))
        #expect(error.hints.first == .checkCredentials(user: user))
      }
    }
  }

  @Test func aPasswordIsAskedFor() throws {
    try RedisServer.with(Self.locked) { server in
      let error = try failureToConnect(server.endpoint())
      #expect(error.kind == .permission)
      #expect(error.message.hasSuffix("asks for a password"))
      #expect(error.hints.first == .givePassword)
    }
  }

  @Test func aPasswordThatNobodyWants() throws {
    try RedisServer.with { server in
      let error = try failureToConnect(server.endpoint(password: canary))
      #expect(error.kind == .permission)
      #expect(error.message.contains("no password set, but one was given"))
    }
  }

  @Test func rightsAreToldApart() throws {
    try RedisServer.with(Self.locked) { server in
      let endpoint = server.endpoint(user: "alice", password: canary)
      let connection = try Connection(to: endpoint, options: .patient)
      let key = try #require(try connection.call("GET", "b:1").error)
      #expect(key.isKeyForbidden && !key.isCommandForbidden)
      #expect(
        ClientError(key, to: "GET", at: endpoint).hints == [
          "an administrator can allow it: ACL SETUSER alice ~<pattern>"
        ])
      let command = try #require(try connection.call("CONFIG", "GET", "port").error)
      #expect(command.isCommandForbidden && !command.isKeyForbidden)
      let error = ClientError(command, to: "CONFIG GET", at: endpoint)
      #expect(error.kind == .permission)
      #expect(error.hints == ["an administrator can allow it: ACL SETUSER alice +config|get"])
      let unknown = try #require(try connection.call("NO-SUCH-COMMAND").error)
      #expect(unknown.isUnknownCommand)
      let argument = try #require(try connection.call("CLIENT", "NO-SUCH-THING").error)
      #expect(argument.isUnknownCommand)
    }
  }

  @Test func tooManyClients() throws {
    try RedisServer.with(.init(tcp: true, configuration: ["maxclients 1"])) { server in
      let first = try RawConnection(to: .unix(server.socketPath))
      _ = try first.command("PING")
      for tcp in [false, true] {
        let error = try failureToConnect(server.endpoint(tcp: tcp))
        #expect(error.kind == .transient)
        #expect(error.message.contains("max number of clients reached"))
      }
    }
  }

  @Test func errorsInAFlightAreReplies() throws {
    try RedisServer.with { server in
      let connection = try Connection(to: server.endpoint(), options: .patient)
      let shapes = try connection.exchange([["SET", "s", "1"], ["HGETALL", "s"], ["GET", "s"]])
      #expect(shapes.first == .status("OK") && shapes.last == .string("1"))
      let reply = try connection.call("HGETALL", "s")
      #expect(reply.error?.code == "WRONGTYPE")
    }
  }

  @Test func flightsOverlap() throws {
    try RedisServer.with { server in
      let connection = try Connection(to: server.endpoint(), options: .patient)
      let replies = ReplyBuffer()
      var flight = CommandBuffer()
      flight.append("ECHO", "0")
      try connection.send(flight)
      for round in 1...50 {
        flight.removeAll()
        flight.append("ECHO", "\(round)")
        try connection.send(flight)
        try connection.receive(1, into: replies)
      }
      try connection.receive(1, into: replies)
      #expect(ReplyShape.all(in: replies) == (0...50).map { .string("\($0)") })
      try connection.receive(0, into: replies)
    }
  }

  /// A message that the server sends by itself lies between and behind replies.
  @Test func pushesArePassedOver() throws {
    try RedisServer.with { server in
      let connection = try Connection(to: server.endpoint(), options: .patient)
      #expect(try connection.call("CLIENT", "TRACKING", "ON", "BCAST").decode(String.self) == "OK")
      let other = try RawConnection(to: .unix(server.socketPath))
      for round in 0..<30 {
        try other.command("SET", "key\(round)", "1")
        #expect(
          try connection.exchange([["SET", "mine", "1"], ["GET", "mine"]]) == [.status("OK"), .string("1")])
      }
    }
  }
}
