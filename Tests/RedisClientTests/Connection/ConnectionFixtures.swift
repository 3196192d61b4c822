import Foundation
import Synchronization
import TestHarness
import Testing

@testable import RedisClient

/// The password of every server in these tests; no trace of it may be seen anywhere.
let canary = "s3cr3t-canary"

extension Endpoint {
  /// The endpoint of a test server.
  init(
    _ address: TestHarness.Address, user: String? = nil, password: String? = nil, database: Int = 0,
    tls: TLSOptions? = nil
  ) {
    let place: Address =
      switch address {
      case .unix(let path): .unix(path: path)
      case .loopback(let port): .tcp(host: "127.0.0.1", port: UInt16(port))
      }
    let credentials = password.map { Credentials(user: user, password: $0) }
    self.init(address: place, database: database, credentials: credentials, tls: tls)
  }
}

extension ConnectionLimits {
  /// Patient enough for a busy machine.
  static let patient = ConnectionLimits(connectTimeout: .seconds(20), requestTimeout: .seconds(20))
  /// For waits that are meant to fail.
  static let brief = ConnectionLimits(connectTimeout: .milliseconds(300), requestTimeout: .milliseconds(300))
}

/// The error of a step that must fail; checks that it gives nothing away.
func failure(
  of step: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) throws -> ClientError {
  do {
    try step()
  } catch let error as ClientError {
    let shown = EndpointSecrecyTests.everyForm(error) + "\(error.hints)"
    #expect(EndpointSecrecyTests.leaks(shown) == nil, "\(shown)", sourceLocation: sourceLocation)
    #expect(!error.message.isEmpty && !error.message.contains("\u{1B}"), sourceLocation: sourceLocation)
    return error
  }
  Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  throw CancellationError()
}

/// The error of a connection that must not come about.
func failureToConnect(
  _ endpoint: Endpoint, _ options: ConnectionLimits = .patient, _ interruption: Interruption = .none,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> ClientError {
  try failure(
    of: { _ = try Connection(to: endpoint, options: options, interruption: interruption) },
    sourceLocation: sourceLocation)
}

extension Connection {
  /// Sends commands in one flight and reads all replies.
  func exchange(_ commands: [[String]]) throws -> [ReplyShape] {
    var flight = CommandBuffer()
    for command in commands { flight.append(command.map { Array($0.utf8) }) }
    let replies = ReplyBuffer()
    try send(flight)
    try receive(flight.count, into: replies)
    return ReplyShape.all(in: replies)
  }
}

extension ScriptedServer {
  /// How many commands a greeting without credentials and database has.
  static let greetingCommands = 3

  /// A server that answers the greeting as RESP2 and then does to the connection what a test tells it.
  static func greeting(
    on place: Place = .unixSocket, then behaviour: @escaping @Sendable (Peer) -> Void
  ) throws -> ScriptedServer {
    try ScriptedServer(on: place) { peer in
      var seen = ""
      while !seen.contains("NO-TOUCH\r\n$2\r\nON\r\n") {
        guard let chunk = peer.read() else { return }
        seen += String(decoding: chunk, as: UTF8.self)
      }
      guard peer.write(Array("-ERR unknown command 'HELLO'\r\n+OK\r\n-ERR unknown subcommand\r\n".utf8))
      else { return }
      behaviour(peer)
    }
  }

  /// A server that answers the greeting, reads one flight, sends bytes, and stays or leaves.
  static func answering(_ bytes: [UInt8], on place: Place = .unixSocket, leaves: Bool = false) throws
    -> ScriptedServer
  {
    try greeting(on: place) { peer in
      guard peer.read() != nil, peer.write(bytes) else { return }
      if !leaves { peer.drain() }
    }
  }

  var endpoint: Endpoint { Endpoint(address) }
}

extension RedisServer {
  func endpoint(
    tcp: Bool = false, user: String? = nil, password: String? = nil, database: Int = 0
  ) -> Endpoint {
    Endpoint(
      tcp ? .loopback(port) : .unix(socketPath), user: user, password: password, database: database)
  }
}

/// A stop that the user asks for, as the dispatcher would make it.
final class StopButton: Sendable {
  private let pressed = Mutex(false)
  private let ends: (reading: Int32, writing: Int32)

  init() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    self.ends = (ends[0], ends[1])
  }

  deinit {
    close(ends.reading)
    close(ends.writing)
  }

  func press() {
    pressed.withLock { $0 = true }
    var byte: UInt8 = 1
    _ = write(ends.writing, &byte, 1)
  }

  func press(after delay: Duration) {
    Thread.detachNewThread { [self] in
      usleep(UInt32(delay / .microseconds(1)))
      press()
    }
  }

  func interruption(grace: Duration) -> Interruption {
    var made = Interruption(descriptor: ends.reading) { [self] in pressed.withLock { $0 } }
    made.grace = grace
    return made
  }
}

/// Checks how long a step takes: at least `least`, and not much more than that.
func expectDuration(
  atLeast least: Duration, atMost most: Duration, sourceLocation: SourceLocation = #_sourceLocation,
  _ step: () throws -> Void
) throws {
  let start = ContinuousClock.now
  try step()
  let taken = ContinuousClock.now - start
  #expect(taken >= least && taken <= most, "took \(taken)", sourceLocation: sourceLocation)
}
