import Foundation
import Testing

/// Runs tests that mostly wait on threads of their own, several at a time.
///
/// Left to itself the test runner has one thread for each core, and a test that waits keeps one busy.
struct OverlappingTrait: SuiteTrait, TestTrait, TestScoping {
  /// The threads that the tests run on.
  let threads: Threads
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    try await withTaskExecutorPreference(threads) { try await function() }
  }

  /// A number of threads.
  final class Threads: TaskExecutor {
    static let shared = Threads(6)
    static let apart = Threads(3)

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
  static var overlapping: Self { Self(threads: .shared) }

  /// The same for suites whose tests run one after the other, so that these do not stand in line for each.
  static var overlappingApart: Self { Self(threads: .apart) }
}

extension Trait where Self == ConditionTrait {
  /// The test takes more than a few seconds: it runs where all faults are asked for.
  static var slow: Self {
    .enabled(
      if: ProcessInfo.processInfo.environment["REDISCACHE_ALL_FAULTS"] == "1", "`make faults` runs it")
  }
}
