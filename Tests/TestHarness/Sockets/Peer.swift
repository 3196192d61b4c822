import Foundation
import Synchronization

/// One connection to a fake server, seen from the server.
///
/// All calls return early, as if the other side had left, once the server is stopped.
package final class Peer: Sendable {
  private struct State {
    var received: [UInt8] = []
    var isOpen = true
    var isAbandoned = false
  }

  /// The accepted socket; it is closed when the behaviour returns.
  package let descriptor: Int32
  /// How many connections the server had accepted before.
  package let number: Int

  private let isServerStopping: @Sendable () -> Bool
  private let state = Mutex(State())

  init(_ descriptor: Int32, number: Int, isServerStopping: @escaping @Sendable () -> Bool) {
    self.descriptor = descriptor
    self.number = number
    self.isServerStopping = isServerStopping
    Descriptor.makeNonBlocking(descriptor)
  }

  /// A connection of the same server to somewhere else.
  func companion(_ descriptor: Int32) -> Peer {
    Peer(descriptor, number: number, isServerStopping: isServerStopping)
  }

  /// Everything that was read from the other side so far.
  package var received: [UInt8] { state.withLock { $0.received } }

  /// Waits for some bytes; nil when the other side has left.
  package func read(atMost count: Int = 65_536) -> [UInt8]? {
    while !isOver {
      guard Descriptor.isReady(descriptor, Int32(POLLIN), milliseconds: 10) else { continue }
      switch Descriptor.readChunk(descriptor, atMost: count) {
      case .bytes(let chunk):
        state.withLock { $0.received.append(contentsOf: chunk) }
        return chunk
      case .nothing: continue
      case .end: return nil
      }
    }
    return nil
  }

  /// Waits for exactly `count` bytes; nil when the other side leaves before.
  package func read(exactly count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let chunk = read(atMost: count - bytes.count) else { return nil }
      bytes += chunk
    }
    return bytes
  }

  /// Sends bytes; false when the other side has left.
  @discardableResult
  package func write(_ bytes: [UInt8]) -> Bool {
    Descriptor.writeAll(descriptor, bytes, isStopped: { isOver })
  }

  /// Sends bytes in pieces of `size` with a pause after each; false when the other side has left.
  @discardableResult
  package func write(_ bytes: [UInt8], inPiecesOf size: Int, pausing pause: Duration = .zero) -> Bool {
    for start in stride(from: 0, to: bytes.count, by: max(size, 1)) {
      let piece = Array(bytes[start..<min(start + max(size, 1), bytes.count)])
      guard write(piece), self.pause(pause) else { return false }
    }
    return true
  }

  /// Does nothing for a while; false when the server is stopped meanwhile.
  @discardableResult
  package func pause(_ duration: Duration) -> Bool {
    let deadline = ContinuousClock.now + duration
    while ContinuousClock.now < deadline {
      if isOver { return false }
      usleep(duration < .milliseconds(5) ? 100 : 2_000)
    }
    return !isOver
  }

  /// Reads and drops bytes until the other side leaves.
  package func drain() {
    while read() != nil {}
  }

  /// Makes the coming close a reset (RST) on TCP.
  ///
  /// On a unix socket the other side sees a reset by itself when bytes are left unread, and an orderly end
  /// otherwise.
  package func resetOnClose() {
    Socket.resetOnClose(descriptor)
  }

  /// Ends the connection in both directions and keeps the descriptor.
  package func hangUp() {
    state.withLock { state in
      if state.isOpen { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  /// Makes all calls return early, without a word to the other side.
  func abandon() {
    state.withLock { $0.isAbandoned = true }
  }

  private var isOver: Bool { state.withLock { $0.isAbandoned } || isServerStopping() }

  /// Whether the connection is served no more.
  var isClosed: Bool { state.withLock { !$0.isOpen } }

  /// Closes the descriptor; harmless when repeated.
  func close() {
    state.withLock { state in
      if state.isOpen { Foundation.close(descriptor) }
      state.isOpen = false
    }
  }
}
