import Synchronization

/// How many keys a run may remove, and what says so.
package struct RemovalLimit: Sendable, Equatable {
  /// The most keys.
  package let keys: Int
  /// The keys that were counted before, where their number is the bound; nil where `--max-keys` is.
  package let counted: Int?

  /// The bound of `--max-keys`; nil is none.
  init(maximumKeys: Int?) {
    keys = maximumKeys ?? .max
    counted = nil
  }

  /// The bound once somebody has agreed to a number: what was written meanwhile is within it, another choice is not.
  /// Where there was nothing, nobody has agreed to anything.
  init(counted: Int, maximumKeys: Int?) {
    let agreed = counted > 0 ? counted + max(100, counted / 10) : 0
    let most = maximumKeys ?? .max
    keys = min(agreed, most)
    self.counted = agreed <= most ? counted : nil
  }
}

/// What the workers of a removal share: how many keys they may remove together.
final class RemovalLanes: Sendable {
  let limit: RemovalLimit
  private let accepted = Atomic(0)
  private let opened = Atomic(0)

  /// Nothing removed yet.
  init(limit: RemovalLimit) { self.limit = limit }

  /// Allows one more key to be removed; false where there are enough.
  func take() -> Bool {
    guard accepted.load(ordering: .relaxed) < limit.keys else { return false }
    return accepted.add(1, ordering: .relaxed).newValue <= limit.keys
  }

  /// Allows another key in place of so many that were not removed after all.
  func giveBack(_ count: Int) { accepted.subtract(count, ordering: .relaxed) }

  /// A number for one more worker.
  func open() -> Int { opened.add(1, ordering: .relaxed).newValue }
}
