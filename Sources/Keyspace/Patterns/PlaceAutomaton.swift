import Bytes

/// The automaton of an expression: a state for each of its places for a byte (V. M. Glushkov, 1961).
///
/// A text is read once; a set holds all places that its bytes so far may have come to.
struct PlaceAutomaton: Sendable {
  /// A set of places.
  private typealias Places = [UInt64]

  /// The places that accept each byte value.
  private var accepting: [[UInt64]]
  /// The places that may follow each place.
  private var followers: [[UInt64]] = []
  private var first: [UInt64]
  private var last: [UInt64]
  private var acceptsNothing = false

  /// What a part of an expression begins and ends with.
  private struct Part {
    var first: Places
    var last: Places
    /// True where the part may be empty.
    var isSkippable = true
  }

  init(_ node: VersionExpressionNode) {
    let words = node.placeCount / UInt64.bitWidth + 1
    let none = Places(repeating: 0, count: words)
    accepting = Array(repeating: none, count: 256)
    (first, last) = (none, none)
    let all = add(node, none)
    (first, last, acceptsNothing) = (all.first, all.last, all.isSkippable)
  }

  /// True where the whole text leads to an end.
  func matches(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 0 else { return acceptsNothing }
    var current = first
    var next = current
    for index in bytes.indices {
      let accepted = accepting[Int(bytes[index])]
      var isDead = true
      for word in current.indices {
        current[word] &= accepted[word]
        if current[word] != 0 { isDead = false }
      }
      if isDead { return false }
      if index + 1 == bytes.count { break }
      for word in next.indices { next[word] = 0 }
      PlaceAutomaton.forEach(in: current) { place in
        for word in next.indices { next[word] |= followers[place][word] }
      }
      swap(&current, &next)
    }
    return current.indices.contains { current[$0] & last[$0] != 0 }
  }

  private static func forEach(in places: Places, _ body: (Int) -> Void) {
    for (index, word) in places.enumerated() {
      var word = word
      while word != 0 {
        body(index * UInt64.bitWidth + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
  }

  // MARK: - Building

  private mutating func add(_ node: VersionExpressionNode, _ none: Places) -> Part {
    switch node {
    case .empty, .start, .end: return Part(first: none, last: none)
    case .byte(let bytes): return addPlace(bytes, none)
    case .sequence(let nodes):
      return nodes.reduce(into: Part(first: none, last: none)) { $0 = join($0, add($1, none)) }
    case .choice(let nodes):
      var all = Part(first: none, last: none, isSkippable: false)
      for node in nodes {
        let part = add(node, none)
        all.first = PlaceAutomaton.union(all.first, part.first)
        all.last = PlaceAutomaton.union(all.last, part.last)
        all.isSkippable = all.isSkippable || part.isSkippable
      }
      return all
    case .repeated(let node, let minimum, let maximum): return addRepeated(node, minimum, maximum, none)
    }
  }

  private mutating func addPlace(_ bytes: ByteSet, _ none: Places) -> Part {
    var place = none
    place[followers.count / UInt64.bitWidth] |= 1 << UInt64(followers.count % UInt64.bitWidth)
    for byte in UInt8.min...UInt8.max where bytes.contains(byte) {
      accepting[Int(byte)] = PlaceAutomaton.union(accepting[Int(byte)], place)
    }
    followers.append(none)
    return Part(first: place, last: place, isSkippable: false)
  }

  /// Writes a count out: as many copies as there must be, and then those that may be.
  private mutating func addRepeated(
    _ node: VersionExpressionNode, _ minimum: Int, _ maximum: Int?, _ none: Places
  ) -> Part {
    var all = Part(first: none, last: none)
    for copy in 0..<max(minimum, maximum ?? max(1, minimum)) {
      var part = add(node, none)
      // Without a highest count the last copy may come again.
      if maximum == nil, copy == max(1, minimum) - 1 { link(part.last, to: part.first) }
      if copy >= minimum { part.isSkippable = true }
      all = join(all, part)
    }
    return all
  }

  private mutating func join(_ left: Part, _ right: Part) -> Part {
    link(left.last, to: right.first)
    return Part(
      first: left.isSkippable ? PlaceAutomaton.union(left.first, right.first) : left.first,
      last: right.isSkippable ? PlaceAutomaton.union(left.last, right.last) : right.last,
      isSkippable: left.isSkippable && right.isSkippable)
  }

  private mutating func link(_ from: Places, to: Places) {
    var followers = followers
    PlaceAutomaton.forEach(in: from) { followers[$0] = PlaceAutomaton.union(followers[$0], to) }
    self.followers = followers
  }

  private static func union(_ left: Places, _ right: Places) -> Places { zip(left, right).map { $0 | $1 } }
}
