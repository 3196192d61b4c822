import Synchronization

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
