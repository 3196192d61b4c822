/// Counts the names that come most often, in bounded memory: the space-saving sketch (A. Metwally, D. Agrawal,
/// A. El Abbadi, "Efficient computation of frequent and top-k elements in data streams", ICDT 2005).
///
/// Any name that makes up more than one in `most` of all is among those that are kept.
package struct HeavyHitters: Sendable {
  /// A name and how often it came.
  package struct Entry: Sendable, Equatable {
    /// The name.
    package fileprivate(set) var name: [UInt8]
    /// How often it came, at most.
    package fileprivate(set) var count: Int
    /// By how much the count may be too high.
    package fileprivate(set) var error: Int
    fileprivate var hash: UInt64
  }

  /// A heap whose first entry has the lowest count.
  private var heap: [Entry] = []
  /// The places in the heap, by the hashes of names: two names of one hash of 64 bits would be one.
  private var places: [UInt64: Int] = [:]
  /// How many names are kept at most.
  package let most: Int

  /// Counts nothing yet; keeps up to `most` names, at least one.
  package init(most: Int) { self.most = max(1, most) }

  /// Counts a name, given with its hash.
  ///
  /// Complexity: O(log `most`); a copy of the name where it is new.
  package mutating func add(_ name: some Collection<UInt8>, hash: UInt64) {
    if let place = places[hash] {
      heap[place].count += 1
      sink(from: place)
    } else if heap.count < most {
      heap.append(Entry(name: Array(name), count: 1, error: 0, hash: hash))
      places[hash] = heap.count - 1
      rise(from: heap.count - 1)
    } else {
      let least = heap[0]
      places[least.hash] = nil
      heap[0] = Entry(name: Array(name), count: least.count + 1, error: least.count, hash: hash)
      places[hash] = 0
      sink(from: 0)
    }
  }

  /// The names that came most often, the first ones first; those that may have come once only are left out.
  package func top(_ count: Int) -> [Entry] {
    let sorted = heap.filter { $0.count > $0.error }.sorted {
      ($1.count - $1.error, $0.name.count) < ($0.count - $0.error, $1.name.count)
    }
    return Array(sorted.prefix(count))
  }

  private mutating func rise(from start: Int) {
    var place = start
    while place > 0, heap[place].count < heap[(place - 1) / 2].count {
      swap(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func sink(from start: Int) {
    var place = start
    while true {
      let children = (2 * place + 1)...(2 * place + 2)
      guard let least = children.filter({ $0 < heap.count }).min(by: { heap[$0].count < heap[$1].count }),
        heap[least].count < heap[place].count
      else { return }
      swap(place, least)
      place = least
    }
  }

  private mutating func swap(_ first: Int, _ second: Int) {
    heap.swapAt(first, second)
    places[heap[first].hash] = first
    places[heap[second].hash] = second
  }
}
