import Foundation
import Synchronization

/// A proxy in front of a server that damages the traffic in chosen ways.
package final class FaultProxy: Sendable {
  /// What happens when the bytes of a direction have reached their limit.
  package enum Ending: Sendable {
    /// The connection ends in an orderly way.
    case close
    /// The connection is reset (on unix sockets: ends, see ``Peer/resetOnClose()``).
    case reset
    /// The connection stays open and brings nothing more.
    case stall
  }

  /// What is done to one direction of a connection.
  package struct Faults: Sendable {
    /// Takes at most this number of bytes at a time, even where more have come.
    package var chunkSize: Int
    /// Splits what passes into pieces of this number of bytes.
    package var pieceSize: Int?
    /// Waits after each piece. With zero the receiver may still see several pieces at once.
    package var piecePause: Duration
    /// Delays each chunk.
    package var delay: Duration
    /// Lets only this number of bytes of each connection pass; then ``ending`` happens.
    package var limit: Int?
    /// What happens at the limit.
    package var ending: Ending
    /// Rewrites a chunk before it passes; chunks have no fixed borders.
    package var rewrite: (@Sendable ([UInt8]) -> [UInt8])?

    /// Faults of one direction; without arguments, none.
    package init(
      chunkSize: Int = 65_536, pieceSize: Int? = nil, piecePause: Duration = .zero, delay: Duration = .zero,
      limit: Int? = nil, ending: Ending = .close, rewrite: (@Sendable ([UInt8]) -> [UInt8])? = nil
    ) {
      self.chunkSize = chunkSize
      self.pieceSize = pieceSize
      self.piecePause = piecePause
      self.delay = delay
      self.limit = limit
      self.ending = ending
      self.rewrite = rewrite
    }
  }

  private let relay: Relay
  private let listener: Listener

  /// Starts a proxy.
  ///
  /// - Parameters:
  ///   - target: the server behind it.
  ///   - place: where the proxy listens.
  ///   - requests: what is done to bytes from the client to the server.
  ///   - replies: what is done to bytes from the server to the client.
  ///   - faultyConnections: how many connections, from the first, are damaged; nil for all.
  package init(
    to target: Address, on place: ScriptedServer.Place = .unixSocket, requests: Faults = Faults(),
    replies: Faults = Faults(), faultyConnections: Int? = nil
  ) throws {
    let relay = Relay(target, requests, replies, faultyConnections ?? .max)
    self.relay = relay
    listener = try Listener(on: place) { relay.serve($0) }
  }

  deinit {
    listener.stop()
  }

  /// Where it listens.
  package var address: Address { listener.address }

  /// Where it listens, as a Redis URI.
  package var uri: String { address.description }

  /// The path of its unix socket; empty when it listens on TCP.
  package var socketPath: String {
    if case .unix(let path) = address { path } else { "" }
  }

  /// Its port on 127.0.0.1; 0 when it listens on a unix socket.
  package var port: Int {
    if case .loopback(let port) = address { port } else { 0 }
  }

  /// How many connections have been accepted.
  package var connections: Int { listener.peers.count }

  /// What each client has sent, in the order of their arrival.
  package var received: [[UInt8]] { listener.peers.map(\.received) }

  /// Changes what is done to replies from now on, on open connections too.
  package func setReplies(_ faults: Faults) {
    relay.faults.withLock { $0.replies = faults }
  }

  /// Changes what is done to requests from now on, on open connections too.
  package func setRequests(_ faults: Faults) {
    relay.faults.withLock { $0.requests = faults }
  }

  /// Cuts all open connections now; new ones are accepted.
  package func cut() {
    for peer in listener.peers { peer.hangUp() }
  }

  /// Waits until what clients that have left had sent has reached the server.
  package func waitUntilIdle() throws {
    try Wait.for("the proxy to have passed everything on") {
      listener.peers.allSatisfy(\.isClosed)
    }
  }

  /// Hangs up on everybody and stops listening; harmless when repeated.
  package func stop() {
    listener.stop()
  }
}
