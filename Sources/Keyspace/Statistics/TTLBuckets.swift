package import Bytes

/// Counts of remaining times to live between fixed edges, which a histogram of bars needs exactly.
package struct TTLBuckets: Sendable, Equatable {
  /// The upper bounds, in milliseconds, ascending; one more bucket takes what lies beyond the last.
  package let edges: [Int64]
  /// The weights, one for each edge and one for what lies beyond.
  package private(set) var weights: [Double]

  /// Empty buckets; without edges nothing is counted.
  package init(edges: [Int64] = []) {
    self.edges = edges
    weights = edges.isEmpty ? [] : Array(repeating: 0, count: edges.count + 1)
  }

  /// The edges from which bars are fitted to the data, in seconds: round figures, two or three to each power of ten.
  package static let fineEdges: [Int] =
    [
      (1, [1, 2, 5, 10, 20, 30]), (60, [1, 2, 5, 10, 20, 30]), (3600, [1, 2, 3, 6, 12]),
      (86_400, [1, 2, 3, 7, 14, 30, 60, 90, 180, 365]),
    ].flatMap { unit, multiples in multiples.map { $0 * unit } }

  /// Counts a value. Complexity: O(log edges).
  package mutating func add(_ milliseconds: Int64) {
    guard !edges.isEmpty else { return }
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] < milliseconds { low = middle + 1 } else { high = middle }
    }
    weights[low] += 1
  }

  /// Adds other buckets of the same edges, each weight times a factor.
  package mutating func merge(_ other: TTLBuckets, scaledBy factor: Double = 1) {
    guard edges == other.edges else {
      if edges.isEmpty { self = other.scaled(by: factor) }
      return
    }
    for index in weights.indices { weights[index] += other.weights[index] * factor }
  }

  /// The same buckets with every weight times a factor.
  package func scaled(by factor: Double) -> TTLBuckets {
    var result = self
    result.weights = weights.map { $0 * factor }
    return result
  }

  /// The same counts in at most `most` buckets: empty ends are cut off, then the lightest neighbours are joined.
  ///
  /// Gives the edges that are left. Complexity: O(edges²), for a few dozen edges once a report.
  package func fittedEdges(most: Int) -> [Int64] {
    guard let first = weights.firstIndex(where: { $0 > 0 }), let last = weights.lastIndex(where: { $0 > 0 })
    else {
      return []
    }
    // The bucket beyond the last edge has no upper bound; it stays whenever it is not empty.
    let upper = min(last, edges.count - 1)
    guard first <= upper else { return [edges[edges.count - 1]] }
    var kept = Array(edges[first...upper])
    var counts = Array(weights[first...upper])
    while kept.count > max(1, most) {
      let pairs = zip(counts, counts.dropFirst()).map { $0 + $1 }
      guard let lightest = pairs.indices.min(by: { pairs[$0] < pairs[$1] }) else { break }
      counts[lightest + 1] = pairs[lightest]
      counts.remove(at: lightest)
      kept.remove(at: lightest)
    }
    return kept
  }

  /// The weights at coarser edges, which must be some of these; one more for what lies beyond.
  package func weights(at coarser: [Int64]) -> [Double] {
    var result = Array(repeating: 0.0, count: coarser.count + 1)
    var place = 0
    for (index, weight) in weights.enumerated() {
      while place < coarser.count, index >= edges.count || edges[index] > coarser[place] { place += 1 }
      result[place] += weight
    }
    return result
  }
}

extension TTLBuckets: Checkpointed {
  /// Adds edges and weights.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(edges.count)
    for edge in edges { writer.add(Int(edge)) }
    for weight in weights { writer.add(weight) }
  }

  /// Reads edges and weights.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    var edges: [Int64] = []
    for _ in 0..<(try reader.count()) { edges.append(Int64(try reader.number())) }
    self.init(edges: edges)
    for index in weights.indices { weights[index] = try reader.weight() }
  }
}
