import Synchronization

/// What the workers of a removal share: how many keys they may remove together.
final class RemovalBudget: Sendable {
  let limit: WriteLimit
  private let taken = Atomic(0)
  private let workers = Atomic(0)

  /// Nothing taken yet.
  init(limit: WriteLimit) { self.limit = limit }

  /// Allows one more key to be removed; false where the limit is reached.
  func take() -> Bool {
    guard taken.load(ordering: .relaxed) < limit.keys else { return false }
    return taken.add(1, ordering: .relaxed).newValue <= limit.keys
  }

  /// Allows other keys in place of `count` that were not removed after all.
  func giveBack(_ count: Int) { taken.subtract(count, ordering: .relaxed) }

  /// The number of a further worker, from 1.
  func nextWorker() -> Int { workers.add(1, ordering: .relaxed).newValue }
}
