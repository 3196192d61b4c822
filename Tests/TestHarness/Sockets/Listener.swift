import Foundation
import Synchronization

/// Accepts connections in a thread and serves each in a thread of its own, until it is stopped.
final class Listener: Sendable {
  private struct State {
    var isStopping = false
    var threads = 0
    var peers: [Peer] = []
  }

  let address: Address
  private let folder: TemporaryFolder?
  private let state = Mutex(State())

  init(on place: ScriptedServer.Place, serve: @escaping @Sendable (Peer) -> Void) throws {
    let listening: Int32
    switch place {
    case .unixSocket:
      let made = try TemporaryFolder()
      folder = made
      address = .unix(made.file("fake.sock"))
      listening = try Socket.listen(address)
    case .loopback:
      folder = nil
      listening = try Socket.listen(.loopback(0))
      address = .loopback(Socket.port(of: listening))
    }
    run { listener in
      listener.acceptAll(listening, serve)
      close(listening)
    }
  }

  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// All connections so far, in the order of their arrival.
  var peers: [Peer] { state.withLock { $0.peers } }

  /// Hangs up on everybody and waits for the threads; harmless when repeated.
  func stop() {
    for peer in state.withLock({ state in
      state.isStopping = true
      return state.peers
    }) { peer.hangUp() }
    _ = Wait.becomesTrue(within: .seconds(5)) { state.withLock { $0.threads == 0 } }
    folder?.remove()
  }

  /// Runs `work` in a thread that ``stop()`` waits for.
  func run(_ work: @escaping @Sendable (Listener) -> Void) {
    state.withLock { $0.threads += 1 }
    Thread.detachNewThread { [self] in
      work(self)
      state.withLock { $0.threads -= 1 }
    }
  }

  private func acceptAll(_ listening: Int32, _ serve: @escaping @Sendable (Peer) -> Void) {
    while !isStopping {
      guard let descriptor = Socket.accept(listening, milliseconds: 10) else { continue }
      let peer = state.withLock { state in
        // Weak, as the listener keeps its peers.
        let peer = Peer(descriptor, number: state.peers.count) { [weak self] in self?.isStopping ?? true }
        state.peers.append(peer)
        return peer
      }
      run { _ in
        serve(peer)
        peer.close()
      }
    }
  }
}
