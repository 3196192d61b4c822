import Foundation
import Synchronization

/// A long way to a server: every byte arrives a while after it was sent, however much is on its way.
package final class DelayProxy: Sendable {
  private let listener: Listener

  /// Starts a proxy; `oneWay` is the time that bytes take in each direction, `jitter` what is added to it at random.
  ///
  /// What was sent later never arrives earlier.
  package init(
    to target: Address, on place: ScriptedServer.Place = .unixSocket, oneWay: Duration,
    jitter: Duration = .zero
  ) throws {
    listener = try Listener(on: place) { client in
      guard let descriptor = try? Socket.connect(target) else { return }
      let server = client.companion(descriptor)
      let done = DispatchSemaphore(value: 0)
      func carry(_ from: Peer, _ to: Peer) {
        Thread.detachNewThread {
          DelayedWay(oneWay, jitter).carry(from, to)
          server.abandon()
          client.abandon()
          done.signal()
        }
      }
      carry(client, server)
      carry(server, client)
      done.wait()
      done.wait()
      server.close()
    }
  }

  deinit {
    listener.stop()
  }

  /// Where it listens.
  package var address: Address { listener.address }

  /// Where it listens, as a Redis URI.
  package var uri: String { address.description }

  /// Hangs up on everybody and stops listening; harmless when repeated.
  package func stop() {
    listener.stop()
  }
}

/// One direction of a connection.
private final class DelayedWay: Sendable {
  private struct Parcel {
    let due: ContinuousClock.Instant
    /// nil for the end.
    let bytes: [UInt8]?
  }

  private let underWay = Mutex<[Parcel]>([])
  private let sent = DispatchSemaphore(value: 0)
  private let oneWay: Duration
  private let jitter: Duration

  init(_ oneWay: Duration, _ jitter: Duration) {
    self.oneWay = oneWay
    self.jitter = jitter
  }

  /// Carries bytes until either side leaves.
  func carry(_ from: Peer, _ to: Peer) {
    Thread.detachNewThread { [self] in
      while let bytes = from.read() { add(bytes) }
      add(nil)
    }
    while true {
      sent.wait()
      let parcel = underWay.withLock { $0.removeFirst() }
      guard let bytes = parcel.bytes else { return }
      let rest = parcel.due - .now
      if rest > .zero { usleep(UInt32(rest / .microseconds(1))) }
      guard to.write(bytes) else { return }
    }
  }

  private func add(_ bytes: [UInt8]?) {
    let due = ContinuousClock.now + oneWay + jitter * Double.random(in: 0...1)
    underWay.withLock { $0.append(Parcel(due: max(due, $0.last?.due ?? due), bytes: bytes)) }
    sent.signal()
  }
}
