import Foundation
import Synchronization

/// Carries the bytes of a ``FaultProxy`` in both directions.
final class Relay: Sendable {
  let faults: Mutex<(requests: FaultProxy.Faults, replies: FaultProxy.Faults)>
  private let target: Address
  private let faultyConnections: Int

  init(
    _ target: Address, _ requests: FaultProxy.Faults, _ replies: FaultProxy.Faults, _ faultyConnections: Int
  ) {
    self.target = target
    self.faultyConnections = faultyConnections
    faults = Mutex((requests, replies))
  }

  /// Serves one client until either side leaves; the listener then closes the client's socket.
  func serve(_ client: Peer) {
    // A server that is down makes the proxy hang up, the nearest thing to a refusal after an accept.
    guard let descriptor = try? Socket.connect(target) else { return }
    let server = client.companion(descriptor)
    let isFaulty = client.number < faultyConnections
    let requestsDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [self] in
      carry(from: client, to: server, client: client) { isFaulty ? $0.requests : FaultProxy.Faults() }
      server.abandon()
      client.abandon()
      requestsDone.signal()
    }
    carry(from: server, to: client, client: client) { isFaulty ? $0.replies : FaultProxy.Faults() }
    server.abandon()
    client.abandon()
    requestsDone.wait()
    server.close()
  }

  /// Carries one direction until the sender leaves, the receiver leaves, or the limit is reached.
  private func carry(
    from sender: Peer, to receiver: Peer, client: Peer,
    _ choose: ((requests: FaultProxy.Faults, replies: FaultProxy.Faults)) -> FaultProxy.Faults
  ) {
    var passed = 0
    while let chunk = sender.read(atMost: faults.withLock { choose($0).chunkSize }) {
      let current = faults.withLock { choose($0) }
      let bytes = current.rewrite?(chunk) ?? chunk
      let isLast = current.limit.map { passed + bytes.count >= $0 } ?? false
      let passing = isLast ? Array(bytes.prefix(max(0, (current.limit ?? 0) - passed))) : bytes
      guard receiver.pause(current.delay) else { return }
      let size = current.pieceSize ?? max(passing.count, 1)
      guard receiver.write(passing, inPiecesOf: size, pausing: current.piecePause) else { return }
      passed += passing.count
      if isLast {
        if current.ending == .reset { client.resetOnClose() }
        if current.ending == .stall { sender.drain() }
        return
      }
    }
  }
}
