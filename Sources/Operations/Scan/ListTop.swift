import Keyspace

/// The first of the listed keys in some order, at most a given number of them, in bounded memory.
package struct ListTop {
  private let limit: Int
  private let order: ScanRequest.Order
  private var keys: [ListedKey] = []

  /// Keeps the first `limit` keys; `order` is by memory, TTL or name.
  package init(limit: Int, order: ScanRequest.Order) {
    self.limit = limit
    self.order = order
  }

  /// Takes a key. Complexity: O(1) on average, and now and then a sort.
  package mutating func add(_ key: ListedKey) {
    keys.append(key)
    if keys.count >= 2 * limit + 1000 { cut() }
  }

  /// The keys that are kept, in order, each once: SCAN may name one twice.
  package mutating func sorted() -> [ListedKey] {
    cut()
    return keys
  }

  private mutating func cut() {
    keys.sort(by: precedes)
    var kept: [ListedKey] = []
    for key in keys where kept.last.map({ $0.key != key.key || $0.database != key.database }) ?? true {
      kept.append(key)
      if kept.count == limit { break }
    }
    keys = kept
  }

  /// Of equals the names decide, so that two runs agree.
  private func precedes(_ left: ListedKey, _ right: ListedKey) -> Bool {
    let (first, second) = (rank(left), rank(right))
    if first != second { return first < second }
    if left.key != right.key { return left.key.lexicographicallyPrecedes(right.key) }
    return left.database < right.database
  }

  /// The smaller the earlier. What is not known comes last, and so does what never expires.
  private func rank(_ key: ListedKey) -> Int64 {
    switch order {
    case .memory: -Int64(key.measure.memoryBytes ?? -1)
    case .ttl: key.measure.ttlMilliseconds.flatMap { $0 < 0 ? nil : $0 } ?? .max
    case .keys, .name: 0
    }
  }
}
