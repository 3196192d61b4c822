/// A value that one thread passes to another, and that belongs to one of them at a time.
///
/// Invariant: the thread that passes it on does not touch it until all workers are done. The same holds for every class here
/// that is `@unchecked Sendable` without a lock: connections are synchronous and owned by one thread, and a lock around each
/// would let a second thread wait for replies that belong to the first.
struct Transferred<Value>: @unchecked Sendable {
  let value: Value
}
