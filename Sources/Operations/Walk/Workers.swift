import Dispatch
import Synchronization

/// Threads that work off a row of tasks side by side.
enum Workers {
  /// Carries out tasks 0 to `count` - 1, at most `limit` at a time, and returns once all are done.
  ///
  /// Each task waits for a server most of the time, so they have threads of their own: a pool as wide as the machine
  /// has cores would let most of them wait for each other.
  static func run(_ count: Int, atMost limit: Int, _ task: @escaping @Sendable (Int) -> Void) {
    guard count > 1, limit > 1 else {
      for index in 0..<count { task(index) }
      return
    }
    let next = Counter()
    let group = DispatchGroup()
    for number in 0..<min(count, limit) {
      DispatchQueue(label: "rediscache.worker.\(number)").async(group: group) {
        while let index = next.take(below: count) { task(index) }
      }
    }
    group.wait()
  }

  private final class Counter: Sendable {
    private let value = Atomic(0)

    func take(below limit: Int) -> Int? {
      let index = value.add(1, ordering: .relaxed).oldValue
      return index < limit ? index : nil
    }
  }
}

/// A value that one thread passes to another, and that belongs to one of them at a time.
///
/// Invariant: the thread that passes it on does not touch it until all workers are done. The same holds for every class here
/// that is `@unchecked Sendable` without a lock: connections are synchronous and owned by one thread, and a lock around each
/// would let a second thread wait for replies that belong to the first.
struct Transferred<Value>: @unchecked Sendable {
  let value: Value
}

/// Lets several threads pass values to one function, which runs for one of them at a time.
///
/// Invariant behind `@unchecked`: the function is called under the lock only.
final class SerialSink<Input>: @unchecked Sendable {
  private let lock = Mutex(())
  private let function: (Input) -> Bool

  init(_ function: @escaping (Input) -> Bool) { self.function = function }

  /// Passes a value on as soon as no other thread is in the function.
  func put(_ input: Input) -> Bool { lock.withLock { _ in function(input) } }
}
