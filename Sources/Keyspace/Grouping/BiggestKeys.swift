package import Bytes

/// The largest keys seen, at most a given number of them.
package struct BiggestKeys: Sendable {
  /// A key and its size.
  package struct Entry: Sendable, Equatable {
    /// The key's bytes.
    package let key: [UInt8]
    /// The bytes that key and value take.
    package let bytes: Int
  }

  private let limit: Int
  /// Sorted from the largest to the smallest.
  package private(set) var entries: [Entry] = []

  /// Keeps at most `limit` keys; 0 keeps none.
  package init(limit: Int) { self.limit = limit }

  /// True where a key of this size would be kept.
  package func admits(_ bytes: Int) -> Bool {
    limit > 0 && (entries.count < limit || bytes > (entries.last?.bytes ?? 0))
  }

  /// Keeps a key where it is among the largest. Complexity: O(limit) moves for a key that is kept, else O(1).
  package mutating func add(_ key: Span<UInt8>, bytes: Int) {
    guard admits(bytes) else { return }
    insert(Entry(key: Array(copying: key), bytes: bytes))
  }

  /// Takes another size for a key that is kept.
  package mutating func correct(_ key: [UInt8], to bytes: Int) {
    guard let place = entries.firstIndex(where: { $0.key == key }) else {
      if admits(bytes) { insert(Entry(key: key, bytes: bytes)) }
      return
    }
    entries.remove(at: place)
    insert(Entry(key: key, bytes: bytes))
  }

  /// Adds what another shard found.
  package mutating func merge(_ other: BiggestKeys) {
    for entry in other.entries where admits(entry.bytes) { insert(entry) }
  }

  private mutating func insert(_ entry: Entry) {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].bytes >= entry.bytes { low = middle + 1 } else { high = middle }
    }
    // SCAN may return a key twice.
    guard !entries[..<low].reversed().prefix(while: { $0.bytes == entry.bytes }).contains(entry) else {
      return
    }
    entries.insert(entry, at: low)
    if entries.count > limit { entries.removeLast() }
  }
}

extension BiggestKeys {
  /// Adds the keys and their sizes to what is saved.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(entries.count)
    for entry in entries {
      writer.add(entry.key)
      writer.add(entry.bytes)
    }
  }

  /// Keeps saved keys, as far as they are among the largest.
  package mutating func read(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    for _ in 0..<(try reader.count()) {
      let entry = Entry(key: try reader.piece(), bytes: try reader.amount())
      if admits(entry.bytes) { insert(entry) }
    }
  }
}
