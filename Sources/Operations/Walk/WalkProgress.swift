import Synchronization

/// Adds up how far the walks of several nodes are, and reports it.
final class WalkProgress: Sendable {
  private struct Node {
    var seen = 0
    /// The share of the node's keyspace that is done; nil where it is unknown.
    var share: Double?
  }

  private let nodes: Mutex<[Node]>
  private let expected: Int?
  private let context: RunContext

  /// `expected` is the number of keys that will be named in all; nil where it is unknown.
  init(nodes count: Int, expected: Int?, context: RunContext) {
    nodes = Mutex(Array(repeating: Node(), count: count))
    self.expected = expected
    self.context = context
  }

  /// Notes how far a node is, and reports how far all are.
  func note(_ node: Int, seen: Int, share: Double?) {
    // Reported under the lock, so that one thread reports at a time.
    nodes.withLock { nodes in
      nodes[node] = Node(seen: seen, share: share)
      let keys = nodes.reduce(0) { $0 + $1.seen }
      context.progress(
        RunContext.Progress(
          keys: keys, share: total(nodes, keys), elapsed: ContinuousClock.now - context.start))
    }
  }

  private func total(_ nodes: [Node], _ keys: Int) -> Double? {
    if let expected, expected > 0 { return min(1, Double(keys) / Double(expected)) }
    let shares = nodes.compactMap(\.share)
    return shares.count == nodes.count ? shares.reduce(0, +) / Double(nodes.count) : nil
  }
}
