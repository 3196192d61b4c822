import TestHarness
import Testing

@testable import RedisClient

/// Streams that are cut into pieces, and flights larger than every buffer.
@Suite struct PipelineTests {
  /// One connection; each flight is answered with the whole stream, cut at another place.
  @Test func repliesSplitAtEveryOffset() throws {
    let stream = ReplySamples.stream
    let shapes = ReplySamples.all.map(\.shape)
    let server = try ScriptedServer.greeting { peer in
      for offset in 0...stream.count {
        guard peer.read() != nil, peer.write(Array(stream[..<offset])), peer.pause(.microseconds(200)) else {
          return
        }
        guard peer.write(Array(stream[offset...])) else { return }
      }
      peer.drain()
    }
    let connection = try Connection(to: server.endpoint, options: .patient)
    let commands = [[String]](repeating: ["PING"], count: shapes.count)
    for offset in 0...stream.count {
      #expect(try connection.exchange(commands) == shapes, "split at \(offset)")
    }
  }

  @Test func aRealServerByteByByte() throws {
    try RedisServer.with { server in
      let commands = [
        ["SET", "k", "v"], ["HSET", "h", "a", "1", "b", "2"], ["HGETALL", "h"], ["SCAN", "0"],
        ["CLIENT", "INFO"],
        ["CONFIG", "GET", "max*"], ["NOPE"], ["GET", "none"], ["MEMORY", "USAGE", "h"],
        ["COMMAND", "INFO", "get"],
      ]
      let plain = try Connection(to: server.endpoint(), options: .patient)
      let proxy = try FaultProxy(to: .unix(server.socketPath), replies: .init(pieceSize: 1))
      let cut = try Connection(to: Endpoint(proxy.address), options: .patient)
      let expected = try plain.exchange(commands)
      let found = try cut.exchange(commands)
      #expect(found.count == expected.count)
      // CLIENT INFO differs by itself; SET, HSET answer the same.
      for (index, command) in commands.enumerated() where command[0] != "CLIENT" && command[0] != "HSET" {
        #expect(found[index] == expected[index], "\(command)")
      }
    }
  }

  /// A server that reads nothing while it has something to write, as proxies do.
  @Test(arguments: [ScriptedServer.Place.unixSocket, .loopback]) func noDeadlock(place: ScriptedServer.Place)
    throws
  {
    let answer = Array("$2000\r\n".utf8) + [UInt8](repeating: 0x62, count: 2000) + [13, 10]
    let server = try ScriptedServer.greeting(on: place) { peer in
      var rest = 0
      while let chunk = peer.read(atMost: 8192) {
        rest += chunk.count
        // Every command is "*1\r\n$4\r\nPING\r\n".
        var answers: [UInt8] = []
        while rest >= 14 {
          answers += answer
          rest -= 14
        }
        guard peer.write(answers) else { return }
      }
    }
    let connection = try Connection(to: server.endpoint, options: .patient)
    var flight = CommandBuffer()
    for _ in 0..<20_000 { flight.append("PING") }
    try connection.send(flight)
    let replies = ReplyBuffer()
    var bytes = 0
    for _ in 0..<20 {
      try connection.receive(1000, into: replies)
      bytes += replies.bytes.count
      replies.removeAll()
    }
    #expect(bytes == 40_000_000)
  }

  /// Linear in its size: hiredis alone would move the rest of the buffer after each partial write.
  @Test func aFlightOfManyMegabytes() throws {
    let server = try ScriptedServer.greeting { peer in
      var total = 0
      while total < 200_000_000, let chunk = peer.read(atMost: 1 << 20) { total += chunk.count }
      peer.write(Array(":\(total)\r\n".utf8))
      peer.drain()
    }
    let connection = try Connection(to: server.endpoint, options: .patient)
    var flight = CommandBuffer()
    let head = "*2\r\n$4\r\nECHO\r\n$199999967\r\n".utf8.count
    flight.append([Array("ECHO".utf8), [UInt8](repeating: 1, count: 200_000_000 - head - 2)])
    #expect(flight.bytes.count == 200_000_000)
    try connection.send(flight)
    let replies = ReplyBuffer()
    try connection.receive(1, into: replies)
    #expect(replies[0].integer == 200_000_000)
  }

  /// A server that leaves while it is sent to has its last words read.
  @Test func aServerThatLeavesWhileWeSend() throws {
    let server = try ScriptedServer.greeting { peer in
      _ = peer.read(atMost: 1000)
      peer.write(Array("-ERR no more\r\n".utf8))
    }
    let connection = try Connection(to: server.endpoint, options: .patient)
    var flight = CommandBuffer()
    for _ in 0..<200_000 { flight.append("PING") }
    try connection.send(flight)
    let replies = ReplyBuffer()
    let error = try failure(of: { try connection.receive(flight.count, into: replies) })
    #expect(error.kind == .closed)
  }
}
