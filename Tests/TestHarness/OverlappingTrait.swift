import Foundation
import Testing

/// Runs tests that mostly wait on threads of their own, several at a time.
///
/// Left to itself the test runner has one thread for each core, and a test that waits keeps one busy.
package struct OverlappingTrait: SuiteTrait, TestTrait, TestScoping {
  /// The threads that the tests run on.
  private let threads: Threads
  /// Each test of a suite runs so, not the suite as one.
  package var isRecursive: Bool { true }

  /// Runs a test on the threads.
  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    try await withTaskExecutorPreference(threads) { try await function() }
  }

  fileprivate static let several = Self(threads: .shared)
  fileprivate static let apart = Self(threads: .apart)

  /// A number of threads.
  private final class Threads: TaskExecutor {
    static let shared = Threads(6)
    static let apart = Threads(6)

    private let queue = OperationQueue()

    init(_ count: Int) { queue.maxConcurrentOperationCount = count }

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      queue.addOperation { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }
}

extension Trait where Self == OverlappingTrait {
  /// The tests wait more than they work.
  package static var overlapping: Self { .several }

  /// The same for suites whose tests run one after the other, so that others do not wait for them.
  package static var overlappingApart: Self { .apart }
}
