import Foundation
import TestHarness
import Testing

@testable import RedisClient

/// Servers that are not there, not Redis, or do not keep to the protocol.
@Suite struct ConnectionFaultTests {
  @Test func refused() throws {
    let error = try failureToConnect(Endpoint(.loopback(try RedisServer.freePort())))
    #expect(error.kind == .unreachable)
    #expect(error.message.hasPrefix("cannot reach redis://127.0.0.1:") && error.message.contains("refused"))
    #expect(error.hints.count == 1)
  }

  @Test func noSuchSocket() throws {
    let folder = try TemporaryFolder()
    let error = try failureToConnect(Endpoint(.unix(folder.file("none.sock"))))
    #expect(error.kind == .unreachable)
    #expect(error.message.contains("No such file"))
    #expect("\(error.hints)".contains("unixsocket"))
    // A socket file whose server is gone, and a file that is no socket.
    let server = try RedisServer()
    server.crash()
    #expect(try failureToConnect(server.endpoint()).message.contains("refused"))
    let file = try folder.write("plain", [])
    #expect(try failureToConnect(Endpoint(.unix(file))).kind == .unreachable)
  }

  @Test func noSuchHost() throws {
    let endpoint = Endpoint(address: .tcp(host: "no-such-host.invalid", port: 6379))
    let error = try failureToConnect(endpoint)
    #expect(error.kind == .unreachable)
    #expect(error.hints == ["the name does not resolve: check the spelling and the DNS"])
  }

  @Test func http() throws {
    let server = try ScriptedServer.http()
    let error = try failureToConnect(server.endpoint)
    #expect(error.kind == .unreachable)
    #expect(error.message.hasSuffix("is not Redis: it speaks HTTP"))
  }

  @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "220 mail ESMTP\r\n", "\0\0\0\u{1}"]) func anotherProtocol(
    banner: String
  ) throws {
    let server = try ScriptedServer(steps: [.sendText(banner), .hold])
    let error = try failureToConnect(server.endpoint)
    #expect(error.kind == .protocolViolation)
    #expect("\(error.hints)".contains("not a Redis"))
  }

  /// AUTH, HELLO, CLIENT SETNAME, CLIENT NO-TOUCH and SELECT, one of which is answered without sense.
  @Test(arguments: [
    (place: 0, reply: ":1"), (0, "*0"), (0, "$-1"), (0, "+QUEUED"), (1, "+OK"), (1, ":3"), (4, ":0"),
    (4, "*0"),
  ]) func successIsOnlyWhatTheCommandAnswersWith(place: Int, reply: String) throws {
    var replies = ["+OK", "*2\r\n$5\r\nproto\r\n:2", "+OK", "+OK", "+OK"]
    replies[place] = reply
    let server = try ScriptedServer(steps: [
      .expectText("SELECT"), .sendText(replies.joined(separator: "\r\n") + "\r\n"), .hold,
    ])
    let error = try failureToConnect(Endpoint(server.address, password: canary, database: 3))
    #expect(error.kind == .protocolViolation && error.message.contains("unexpected reply"), "\(error)")
  }

  @Test(arguments: [ScriptedServer.Place.unixSocket, .loopback]) func leavesWithoutAWord(
    place: ScriptedServer.Place
  ) throws {
    let server = try ScriptedServer(on: place, steps: [])
    let error = try failureToConnect(server.endpoint)
    #expect(error.kind == .unreachable)
    #expect(error.message.contains("closed the connection"))
  }

  @Test(arguments: [ScriptedServer.Place.unixSocket, .loopback]) func turnedAway(place: ScriptedServer.Place)
    throws
  {
    let text = "-DENIED Redis is running in protected mode because protected mode is enabled\r\n"
    let server = try ScriptedServer(on: place, steps: [.sendText(text)])
    let error = try failureToConnect(server.endpoint)
    #expect(error.kind == .permission)
    #expect(error.message.contains("protected mode"))
  }

  /// A server that repeats what it does not understand, as servers before Redis 7 do with unknown commands.
  @Test func aServerThatRepeatsThePassword() throws {
    for reply in [
      "-ERR unknown command `AUTH`, with args beginning with: `\(canary)`\r\n", "-\(canary) is wrong\r\n",
      "-LOADING \(canary)\r\n", "-ERR wrong number of arguments: \(canary)\r\n", "-ERR \(canary)\r\n",
    ] {
      for closes in [false, true] {
        let server = try ScriptedServer { peer in
          guard peer.read() != nil else { return }
          peer.write(Array((reply + (closes ? "" : "-NOAUTH\r\n-NOAUTH\r\n-NOAUTH\r\n")).utf8))
          if !closes { peer.drain() }
        }
        let error = try failureToConnect(Endpoint(server.address, user: "u", password: canary))
        #expect([.permission, .transient, .unreachable].contains(error.kind))
      }
    }
  }

  @Test func closedWithinAReply() throws {
    for wire in ["", "$10\r\nabc", "*2\r\n+a\r\n", "+O", ":1", "$3\r\nabc"] {
      let server = try ScriptedServer.answering(Array(wire.utf8), leaves: true)
      let connection = try Connection(to: server.endpoint, options: .patient)
      let error = try failure(of: { _ = try connection.call("GET", "k") })
      #expect(error.kind == .closed, "\(wire)")
      #expect(error.message.hasSuffix("closed the connection"))
      // A broken stream is never used again.
      #expect(try failure(of: { _ = try connection.call("PING") }) == error)
    }
  }

  @Test func resetWithinAReply() throws {
    let server = try ScriptedServer.greeting(on: .loopback) { peer in
      guard peer.read() != nil, peer.write(Array("$10\r\nabc".utf8)) else { return }
      peer.resetOnClose()
    }
    let connection = try Connection(to: server.endpoint, options: .patient)
    #expect(try failure(of: { _ = try connection.call("GET", "k") }).kind == .closed)
  }

  static let violations = [
    "$9223372036854775807\r\n", "$800000000\r\nabc", "*1000000000\r\n", "!\r\n", "HTTP/1.1\r\n",
    "\u{15}\u{3}",
    "+a\r\n+too many\r\n", "+a\r\n$5\r\nab", ":x\r\n", String(repeating: "*1\r\n", count: 5000),
    "+" + String(repeating: "a", count: 200_000),
  ]

  @Test(arguments: violations) func violationsEndTheConnection(wire: String) throws {
    let server = try ScriptedServer.answering(Array(wire.utf8))
    let connection = try Connection(to: server.endpoint, options: .patient)
    let error = try failure(of: { _ = try connection.call("GET", "k") })
    #expect(error.kind == .protocolViolation)
    #expect(try failure(of: { _ = try connection.call("PING") }) == error)
  }

  /// What comes between two flights would be taken for the answer to the second.
  @Test func aReplyTooManyBetweenFlights() throws {
    let isSent = DispatchSemaphore(value: 0)
    let isWanted = DispatchSemaphore(value: 0)
    let server = try ScriptedServer.greeting { peer in
      guard peer.read() != nil, peer.write(Array("+a\r\n".utf8)) else { return }
      isWanted.wait()
      peer.write(Array("+late\r\n".utf8))
      isSent.signal()
      peer.drain()
    }
    let connection = try Connection(to: server.endpoint, options: .patient)
    #expect(try connection.exchange([["PING"]]) == [.status("a")])
    isWanted.signal()
    isSent.wait()
    let error = try failure(of: { _ = try connection.call("PING") })
    #expect(error.kind == .protocolViolation)
    #expect(error.message.contains("answers no command"))
    #expect(server.received[0].suffix(14) == Array("*1\r\n$4\r\nPING\r\n".utf8)[...])
  }

  /// Nothing is sent into a connection that has ended.
  @Test func closedBetweenFlights() throws {
    try RedisServer.with { server in
      let connection = try Connection(to: server.endpoint(), options: .patient)
      server.crash()
      var flight = CommandBuffer()
      flight.append("PING")
      #expect(try failure(of: { try connection.send(flight) }).kind == .closed)
    }
  }

  @Test func anEndlessReplyIsBounded() throws {
    let server = try ScriptedServer.greeting { peer in
      guard peer.read() != nil, peer.write(Array("*50000000\r\n".utf8)) else { return }
      let piece = Array(String(repeating: "$4\r\nabcd\r\n", count: 1000).utf8)
      while peer.write(piece) {}
    }
    var options = ConnectionLimits.patient
    options.maximumReplyBytes = 1 << 20
    let connection = try Connection(to: server.endpoint, options: options)
    var flight = CommandBuffer()
    flight.append("KEYS", "*")
    try connection.send(flight)
    let replies = ReplyBuffer()
    let error = try failure(of: { try connection.receive(1, into: replies) })
    #expect(error.kind == .protocolViolation)
    #expect(error.message.contains("more than 1048576 bytes"))
    #expect(replies.count == 0 && replies.bytes.count <= 1 << 20)
  }
}
