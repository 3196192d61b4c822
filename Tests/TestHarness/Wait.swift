import Foundation
import TestSupport

/// Waiting for something that a test has set going.
package enum Wait {
  /// How long a test waits for what must come: no measure of speed, so that a busy machine fails no test.
  package static let limit = Duration.seconds(90)

  /// Waits until a condition holds; throws ``HarnessFailure`` where it does not in time.
  package static func `for`(
    _ purpose: String, within limit: Duration = Wait.limit, until condition: () throws -> Bool
  ) throws {
    guard try becomesTrue(within: limit, condition) else {
      throw HarnessFailure("waited \(limit) for \(purpose)")
    }
  }

  /// Waits until a condition holds; false where it does not in time, for callers who clean up or
  /// report even then. Looks at it after each `nap`.
  package static func becomesTrue(
    within limit: Duration = Wait.limit, nap: Duration = .milliseconds(2), _ condition: () throws -> Bool
  ) rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while try !condition() {
      guard ContinuousClock.now < deadline else { return false }
      usleep(UInt32(nap / .microseconds(1)))
    }
    return true
  }

  /// Does something in a while, in a thread of its own; calling what is returned waits until it is done.
  @discardableResult
  package static func later(_ wait: Duration, _ work: @escaping @Sendable () -> Void) -> () -> Void {
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      usleep(UInt32(wait / .microseconds(1)))
      work()
      done.signal()
    }
    return { _ = done.wait(timeout: .now() + Wait.limit / .seconds(1)) }
  }
}
