import TestHarness
import Testing

@testable import RedisClient

/// Every wait ends: by a deadline, by a stop that the user asks for, and without deadlock.
@Suite struct ConnectionWaitTests {
  @Test(arguments: [ScriptedServer.Place.unixSocket, .loopback]) func aConnectThatHangs(
    place: ScriptedServer.Place
  ) throws {
    let full = try FullBacklog(on: place)
    try expectDuration(atLeast: .milliseconds(300), atMost: .seconds(6)) {
      let error = try failureToConnect(Endpoint(full.address), .brief)
      #expect(error.kind == .unreachable)
      #expect(error.message.contains("connect timeout"))
    }
  }

  @Test func aSilentServer() throws {
    let server = try ScriptedServer.silent()
    try expectDuration(atLeast: .milliseconds(300), atMost: .seconds(6)) {
      let error = try failureToConnect(server.endpoint, .brief)
      #expect(error.kind == .timeout)
      #expect(error.message.contains("connect timeout"))
      #expect(error.hints.last == .waitLonger(.connect))
    }
  }

  @Test func aStoppedServer() throws {
    try RedisServer.with { server in
      var options = ConnectionLimits.brief
      options.connectTimeout = .seconds(20)
      let connection = try Connection(to: server.endpoint(), options: options)
      server.pause()
      defer { server.resume() }
      try expectDuration(atLeast: .milliseconds(300), atMost: .seconds(6)) {
        let error = try failure(of: { _ = try connection.call("PING") })
        #expect(error.kind == .timeout)
        #expect(error.hints.last == .waitLonger(.request))
      }
    }
  }

  @Test func aByteNowAndThen() throws {
    let server = try ScriptedServer.greeting { Self.drip(to: $0) }
    var options = ConnectionLimits.patient
    options.requestTimeout = .milliseconds(400)
    let connection = try Connection(to: server.endpoint, options: options)
    try expectDuration(atLeast: .milliseconds(400), atMost: .seconds(6)) {
      let error = try failure(of: { _ = try connection.call("GET", "k") })
      #expect(error.kind == .timeout)
    }
  }

  /// Three values of 300 KB over a slow link take longer than the timeout of one wait, and bring something all the time.
  @Test func bytesThatMakeProgressRenewTheTimeout() throws {
    let server = try ScriptedServer.greeting { peer in
      guard peer.read() != nil else { return }
      let value = Array("$300000\r\n".utf8) + [UInt8](repeating: 0x61, count: 300_000) + Array("\r\n".utf8)
      peer.write(value + value + value, inPiecesOf: 100_000, pausing: .milliseconds(150))
    }
    var options = ConnectionLimits.patient
    options.requestTimeout = .milliseconds(500)
    let connection = try Connection(to: server.endpoint, options: options)
    var commands = CommandBuffer()
    for _ in 0..<3 { commands.append("GET", "k") }
    let replies = ReplyBuffer()
    try expectDuration(atLeast: .milliseconds(1_000), atMost: .seconds(6)) {
      try connection.send(commands)
      try connection.receive(3, into: replies)
    }
    #expect(replies.count == 3 && replies.bytes.count == 900_000)
  }

  /// Each reply is within bounds, but all of them together are not; received in portions they are.
  @Test func aBatchOfLargeRepliesIsBoundedAsAWhole() throws {
    let value = Array("$100000\r\n".utf8) + [UInt8](repeating: 0x61, count: 100_000) + Array("\r\n".utf8)
    let server = try ScriptedServer.greeting { peer in
      guard peer.read() != nil else { return }
      for _ in 0..<20 { peer.write(value) }
      peer.drain()
    }
    var options = ConnectionLimits.patient
    options.maximumReplyBytes = 1 << 20
    var commands = CommandBuffer()
    for _ in 0..<20 { commands.append("GET", "k") }
    let whole = try Connection(to: server.endpoint, options: options)
    try whole.send(commands)
    let error = try failure(of: { try whole.receive(20, into: ReplyBuffer()) })
    #expect(error.kind == .protocolViolation && error.message.contains("1048576 bytes"), "\(error)")

    let parts = try Connection(to: server.endpoint, options: options)
    try parts.send(commands)
    let replies = ReplyBuffer()
    var counts: [Int] = []
    while counts.reduce(0, +) < 20 {
      replies.removeAll()
      try parts.receive(upTo: 20 - counts.reduce(0, +), ofAbout: 250_000, into: replies)
      counts.append(replies.count)
    }
    #expect(counts == [3, 3, 3, 3, 3, 3, 2])
  }

  /// Answers with a string that takes half an hour.
  private static func drip(to peer: Peer) {
    guard peer.read() != nil, peer.write(Array("$100000\r\n".utf8)) else { return }
    peer.write([UInt8](repeating: 0x61, count: 100_000), inPiecesOf: 1, pausing: .milliseconds(20))
  }

  @Test func aGreetingThatDrips() throws {
    let server = try ScriptedServer.dripping(Array(repeating: 0x2B, count: 10_000), every: .milliseconds(20))
    var options = ConnectionLimits.patient
    options.connectTimeout = .milliseconds(400)
    try expectDuration(atLeast: .milliseconds(400), atMost: .seconds(6)) {
      let error = try failureToConnect(server.endpoint, options)
      #expect(error.kind == .timeout)
    }
  }

  @Test func theRunsDeadline() throws {
    try RedisServer.with { server in
      try expectDuration(atLeast: .seconds(1), atMost: .seconds(6)) {
        var options = ConnectionLimits.patient
        options.runDeadline = Deadline(after: .seconds(1))
        let connection = try Connection(to: server.endpoint(), options: options)
        server.pause()
        defer { server.resume() }
        let error = try failure(of: { _ = try connection.call("PING") })
        #expect(error.kind == .runOver)
        #expect(error.message.contains("the run's time limit"))
      }
    }
  }

  @Test func aStopEndsABlockedWait() throws {
    try RedisServer.with { server in
      let button = try StopButton()
      let connection = try Connection(
        to: server.endpoint(), options: .patient, interruption: button.interruption(grace: .milliseconds(200))
      )
      server.pause()
      defer { server.resume() }
      try expectDuration(atLeast: .milliseconds(300), atMost: .seconds(6)) {
        button.press(after: .milliseconds(100))
        let error = try failure(of: { _ = try connection.call("PING") })
        #expect(error.kind == .interrupted)
      }
    }
  }

  /// Bytes that trickle in must not renew the grace.
  @Test func aStopEndsAWaitOnADrip() throws {
    let server = try ScriptedServer.greeting { Self.drip(to: $0) }
    let button = try StopButton()
    let connection = try Connection(
      to: server.endpoint, options: .patient, interruption: button.interruption(grace: .milliseconds(200)))
    try expectDuration(atLeast: .milliseconds(300), atMost: .seconds(6)) {
      button.press(after: .milliseconds(100))
      let error = try failure(of: { _ = try connection.call("GET", "k") })
      #expect(error.kind == .interrupted)
    }
  }

  @Test func aFlightUnderWayIsStillAnswered() throws {
    try RedisServer.with { server in
      let button = try StopButton()
      let connection = try Connection(
        to: server.endpoint(), options: .patient, interruption: button.interruption(grace: .seconds(20)))
      var flight = CommandBuffer()
      flight.append("DEBUG", "SLEEP", "0.2")
      flight.append("PING")
      try connection.send(flight)
      button.press()
      let replies = ReplyBuffer()
      try connection.receive(2, into: replies)
      #expect(ReplyShape.all(in: replies).last == .status("PONG"))
    }
  }

  @Test func aStopEndsConnectingAndPausing() throws {
    let full = try FullBacklog(on: .loopback)
    let button = try StopButton()
    let interruption = button.interruption(grace: .seconds(20))
    try expectDuration(atLeast: .milliseconds(90), atMost: .seconds(6)) {
      button.press(after: .milliseconds(100))
      let error = try failureToConnect(Endpoint(full.address), .patient, interruption)
      #expect(error.kind == .interrupted)
    }
    try expectDuration(atLeast: .zero, atMost: .seconds(6)) {
      Polling.sleep(.seconds(20), interruption)
    }
    let second = try StopButton()
    try expectDuration(atLeast: .milliseconds(90), atMost: .seconds(6)) {
      second.press(after: .milliseconds(100))
      Polling.sleep(.seconds(20), second.interruption(grace: .zero))
    }
  }

  @Test func pauses() throws {
    for duration in [
      Duration.zero, .seconds(-5), .microseconds(300), .milliseconds(1), .microseconds(2500),
      .milliseconds(30),
    ] {
      try expectDuration(atLeast: duration, atMost: max(.zero, duration) + .seconds(1)) {
        Polling.sleep(duration, .none)
      }
    }
  }

  @Test func deadlines() {
    #expect(Deadline(after: nil) == .never && Deadline.never.pollTimeout == -1)
    #expect(Deadline(after: .seconds(Int64.max)) == .never)
    #expect(Deadline(after: .seconds(86_400 * 365 * 90)).pollTimeout == .max)
    #expect(Deadline(after: .seconds(-1)).hasPassed && Deadline(after: .seconds(-1)).pollTimeout == 0)
    let soon = Deadline(after: .seconds(10))
    #expect((9_000...10_000).contains(soon.pollTimeout) && !soon.hasPassed)
    #expect(soon.earlier(of: .never) == soon && Deadline.never.earlier(of: soon) == soon)
    #expect(soon.earlier(of: Deadline(after: .seconds(20))) == soon)
  }
}
