import Foundation
import Synchronization

/// Reads a descriptor to its end in a thread of its own, so that a writer never blocks on a full pipe.
final class OutputCollector: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var isFinished = false
    var mustClose = false
  }

  private let state = Mutex(State())

  /// Takes over `descriptor`; closes it at its end, on ``close()``, or after `limit` bytes.
  init(_ descriptor: Int32, limit: Int? = nil) {
    Thread.detachNewThread { [self] in
      pump(descriptor, limit: limit ?? .max)
      Foundation.close(descriptor)
      state.withLock { $0.isFinished = true }
    }
  }

  /// What has arrived so far.
  var bytes: [UInt8] { state.withLock { $0.bytes } }

  var isFinished: Bool { state.withLock { $0.isFinished } }

  /// Closes the descriptor before its end, as a reader that has seen enough does.
  func close() {
    state.withLock { $0.mustClose = true }
    _ = waitForEnd(until: .now + .seconds(5))
  }

  /// Waits for the end of the stream; false when `deadline` comes first.
  func waitForEnd(until deadline: ContinuousClock.Instant) -> Bool {
    wait(until: deadline) { $0.isFinished }
  }

  /// Waits until `text` has arrived; false when the stream ends or `deadline` comes before it.
  func waitForText(_ text: [UInt8], until deadline: ContinuousClock.Instant) -> Bool {
    let needle = Data(text)
    return waitForBytes(until: deadline) { Data($0).range(of: needle) != nil }
  }

  /// Waits for a number of whole lines; false when the stream ends or `deadline` comes before them.
  func waitForLines(_ count: Int, until deadline: ContinuousClock.Instant) -> Bool {
    waitForBytes(until: deadline) { bytes in bytes.count { $0 == UInt8(ascii: "\n") } >= count }
  }

  private func waitForBytes(
    until deadline: ContinuousClock.Instant, _ areEnough: ([UInt8]) -> Bool
  ) -> Bool {
    _ = wait(until: deadline) { $0.isFinished || areEnough($0.bytes) }
    return areEnough(bytes)
  }

  private func wait(until deadline: ContinuousClock.Instant, _ isMet: (State) -> Bool) -> Bool {
    while !state.withLock({ isMet($0) }) {
      if ContinuousClock.now >= deadline { return false }
      usleep(2_000)
    }
    return true
  }

  private func pump(_ descriptor: Int32, limit: Int) {
    var count = 0
    while count < limit {
      if state.withLock({ $0.mustClose }) { return }
      guard Descriptor.isReady(descriptor, Int32(POLLIN), milliseconds: 10) else { continue }
      switch Descriptor.readChunk(descriptor, atMost: min(65_536, limit - count)) {
      case .bytes(let chunk):
        count += chunk.count
        state.withLock { $0.bytes.append(contentsOf: chunk) }
      case .nothing:
        continue
      case .end:
        return
      }
    }
  }
}
