import Foundation

/// A fake server that runs the script of a test on each of its connections.
///
/// It listens from its creation until ``stop()`` or the last reference to it.
package final class ScriptedServer: Sendable {
  /// Where a fake server listens.
  package enum Place: Sendable {
    /// A unix socket in a temporary folder.
    case unixSocket
    /// A free TCP port of 127.0.0.1.
    case loopback
  }

  /// One thing that a fake server does with a connection; after the last it hangs up.
  package enum Step: Sendable {
    /// Waits for this number of bytes, and reads no more.
    case expect(bytes: Int)
    /// Waits until this text has been received in full since the last step.
    case expectText(String)
    /// Sends bytes at once.
    case send([UInt8])
    /// Sends text at once.
    case sendText(String)
    /// Sends bytes one by one with a pause after each.
    case drip([UInt8], every: Duration)
    /// Does nothing for a while.
    case pause(Duration)
    /// Reads and drops everything and never answers, until the other side leaves.
    case hold
    /// Makes the coming close a reset, see ``Peer/resetOnClose()``.
    case reset
  }

  private let listener: Listener

  /// Starts a server that runs `behaviour` in a thread of its own for each connection, and then hangs up.
  package init(on place: Place = .unixSocket, behaviour: @escaping @Sendable (Peer) -> Void) throws {
    listener = try Listener(on: place, serve: behaviour)
  }

  /// Starts a server that takes the same steps with each connection.
  package convenience init(on place: Place = .unixSocket, steps: [Step]) throws {
    try self.init(on: place) { peer in
      for step in steps {
        guard Self.take(step, with: peer) else { return }
      }
    }
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

  /// What each connection has sent, in the order of their arrival.
  package var received: [[UInt8]] { listener.peers.map(\.received) }

  /// Whether any connection has sent `text`, in any case of letters: for a secret, or AUTH.
  package func hasReceived(_ text: String) -> Bool {
    received.contains { String(decoding: $0, as: UTF8.self).lowercased().contains(text.lowercased()) }
  }

  /// Hangs up on everybody and stops listening; harmless when repeated.
  package func stop() {
    listener.stop()
  }

  /// Takes one step; false when the connection is over.
  private static func take(_ step: Step, with peer: Peer) -> Bool {
    switch step {
    case .expect(let count): return peer.read(exactly: count) != nil
    case .expectText(let text): return wait(for: Array(text.utf8), from: peer)
    case .send(let bytes): return peer.write(bytes)
    case .sendText(let text): return peer.write(Array(text.utf8))
    case .drip(let bytes, let pause): return peer.write(bytes, inPiecesOf: 1, pausing: pause)
    case .pause(let duration): return peer.pause(duration)
    case .hold:
      peer.drain()
      return false
    case .reset:
      peer.resetOnClose()
      return true
    }
  }

  private static func wait(for text: [UInt8], from peer: Peer) -> Bool {
    var seen = Data()
    while seen.range(of: Data(text)) == nil {
      guard let chunk = peer.read() else { return false }
      seen.append(contentsOf: chunk)
    }
    return true
  }
}
