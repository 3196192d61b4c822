/// Keys that are sent to be removed together.
struct RemovalBatch {
  /// The keys, end to end.
  private(set) var bytes: [UInt8] = []
  /// Where each key lies.
  private(set) var ranges: [Range<Int>] = []
  /// The group of each key.
  private(set) var groups: [Int] = []
  /// Whether each key is one that an earlier run has counted.
  private(set) var accounted: [Bool] = []
  /// True where the keys have been sent before, and were certainly not removed.
  var isRetry = false

  var count: Int { ranges.count }
  var isEmpty: Bool { ranges.isEmpty }

  mutating func append(_ key: Span<UInt8>, group: Int, isAccounted: Bool = false) {
    let start = bytes.count
    for index in key.indices { bytes.append(key[index]) }
    ranges.append(start..<bytes.count)
    groups.append(group)
    accounted.append(isAccounted)
  }

  /// The bytes of a key.
  func key(_ index: Int) -> [UInt8] { Array(bytes[ranges[index]]) }

  /// A batch of some of the keys, to be sent again.
  func retry(_ indices: some Collection<Int>) -> RemovalBatch {
    var part = RemovalBatch()
    part.isRetry = true
    let bytes = bytes
    for index in indices {
      part.append(bytes.span.extracting(ranges[index]), group: groups[index], isAccounted: accounted[index])
    }
    return part
  }

  /// The batch without some of its keys.
  func without(_ indices: Set<Int>) -> RemovalBatch {
    guard !indices.isEmpty else { return self }
    var part = retry((0..<count).filter { !indices.contains($0) })
    part.isRetry = isRetry
    return part
  }

  /// Brings the keys of a group together, so that one command removes keys of one group only; those that an
  /// earlier run has counted stay apart.
  ///
  /// The server answers with a number, and only so is it known what became of each group's keys.
  mutating func sortByGroup(_ current: (Int) -> Int) {
    for index in groups.indices { groups[index] = current(groups[index]) }
    guard let first = groups.first,
      !groups.allSatisfy({ $0 == first }) || accounted.contains(true)
    else { return }
    let order = groups.indices.sorted {
      (groups[$0], accounted[$0] ? 1 : 0, $0) < (groups[$1], accounted[$1] ? 1 : 0, $1)
    }
    ranges = order.map { ranges[$0] }
    groups = order.map { groups[$0] }
    accounted = order.map { accounted[$0] }
  }

  /// The stretches of keys of one group and one account; at most `limit` keys each.
  func stretches(of limit: Int) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var start = 0
    for index in groups.indices {
      let isLast = index + 1 == groups.count
      if isLast || groups[index + 1] != groups[start] || accounted[index + 1] != accounted[start]
        || index + 1 - start == limit
      {
        stretches.append(start..<(index + 1))
        start = index + 1
      }
    }
    return stretches
  }
}
