import Dispatch
import Platform
import Synchronization

/// What bounds a wait for something that is no server: a pipe, a terminal, the lookup of a name.
package struct WaitLimit: Sendable {
  /// Why a wait ended without what was waited for.
  package enum End: Error, Sendable, Equatable {
    /// The user asked to stop.
    case stopped
    /// The deadline passed.
    case late
  }

  /// The moment at which waiting ends.
  package var deadline: Deadline
  /// How a stop is noticed.
  package var interruption: Interruption

  /// A wait without a bound.
  package static let none = WaitLimit(.never, .none)

  /// Makes a limit.
  package init(_ deadline: Deadline, _ interruption: Interruption) {
    self.deadline = deadline
    self.interruption = interruption
  }

  /// Throws where waiting must end.
  package func check() throws(End) {
    if interruption.isRequested() { throw .stopped }
    if deadline.hasPassed { throw .late }
  }

  /// Waits until a descriptor can be read or, where `output` is true, written to; also at the end of a stream, and for a
  /// fault, which reading or writing tells.
  package func wait(for descriptor: Int32, output: Bool = false) throws(End) {
    while true {
      let ready = Polling.wait(
        for: descriptor, input: !output, output: output, until: deadline, wakeUp: interruption.descriptor)
      if output ? ready.canWrite : ready.canRead { return }
      try check()
    }
  }

  /// Waits a while.
  package func sleep(_ duration: Duration) throws(End) {
    try check()
    Polling.sleep(min(duration, deadline.left ?? duration), interruption)
    try check()
  }

  /// Makes a call of the system that nothing can end, on a thread of its own that is left behind where waiting must end.
  ///
  /// What the call touches must belong to it alone.
  package func leaving<Value: Sendable>(_ call: @escaping @Sendable () -> Value) throws(End) -> Value {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return call() }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reading, outcome) = (ends[0], Outcome<Value>(ends[1]))
    defer { close(reading) }
    DispatchQueue(label: "rediscache.call").async { outcome.put(call()) }
    while true {
      if let value = outcome.value.withLock({ $0 }) { return value }
      try wait(for: reading)
    }
  }

  /// Where the thread of a call puts what came of it.
  private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
    /// Closed once there is a value, which wakes the reader of the other end.
    private let signal: Int32

    init(_ signal: Int32) { self.signal = signal }

    func put(_ new: Value) {
      value.withLock { $0 = new }
      close(signal)
    }
  }
}
