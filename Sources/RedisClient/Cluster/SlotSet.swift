/// A set of hash slots, one bit each.
package struct SlotSet: Sendable, Equatable {
  /// Every slot there is.
  package static let all = SlotSet(HashSlot.first...HashSlot.last)

  /// Slot n is bit n % 64 of word n / 64.
  private var words = [UInt64](repeating: 0, count: HashSlot.count / UInt64.bitWidth)

  /// The empty set.
  package init() {}

  /// The slots of some ranges.
  package init(_ ranges: ClosedRange<HashSlot>...) {
    for range in ranges { insert(range) }
  }

  /// Adds the slots of a range.
  package mutating func insert(_ range: ClosedRange<HashSlot>) {
    let (lower, upper) = (Int(range.lowerBound.rawValue), Int(range.upperBound.rawValue))
    for word in lower / 64...upper / 64 {
      var bits = UInt64.max
      if word == lower / 64 { bits &= .max << (lower % 64) }
      if word == upper / 64 { bits &= .max >> (63 - upper % 64) }
      words[word] |= bits
    }
  }

  /// Adds one slot.
  package mutating func insert(_ slot: HashSlot) { insert(slot...slot) }

  /// Whether a slot is in the set; O(1).
  package func contains(_ slot: HashSlot) -> Bool {
    words[Int(slot.rawValue) / 64] >> (slot.rawValue % 64) & 1 == 1
  }

  /// The number of slots in the set.
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The number of slots of a range that are in the set.
  ///
  /// Complexity: O(slots of the range / 64), without allocating.
  package func count(in range: ClosedRange<HashSlot>) -> Int {
    let (lower, upper) = (Int(range.lowerBound.rawValue), Int(range.upperBound.rawValue))
    var count = 0
    for word in lower / 64...upper / 64 {
      var bits = words[word]
      if word == lower / 64 { bits &= .max << (lower % 64) }
      if word == upper / 64 { bits &= .max >> (63 - upper % 64) }
      count += bits.nonzeroBitCount
    }
    return count
  }

  /// True where no slot is in the set.
  package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  /// The lowest slot of the set.
  package var first: HashSlot? { next(from: 0, contained: true).map(HashSlot.init(unchecked:)) }

  /// The slots of either set.
  package func union(_ other: SlotSet) -> SlotSet { merged(with: other, |) }

  /// The slots of both sets.
  package func intersection(_ other: SlotSet) -> SlotSet { merged(with: other, &) }

  /// The slots of this set that are not in the other.
  package func subtracting(_ other: SlotSet) -> SlotSet { merged(with: other) { $0 & ~$1 } }

  /// The slots as the fewest ranges, in ascending order.
  package var ranges: [ClosedRange<HashSlot>] {
    var ranges: [ClosedRange<HashSlot>] = []
    var position: UInt16 = 0
    while let lower = next(from: position, contained: true) {
      position = next(from: lower, contained: false) ?? UInt16(HashSlot.count)
      ranges.append(HashSlot(unchecked: lower)...HashSlot(unchecked: position - 1))
    }
    return ranges
  }

  private func merged(with other: SlotSet, _ combine: (UInt64, UInt64) -> UInt64) -> SlotSet {
    var result = SlotSet()
    for word in words.indices { result.words[word] = combine(words[word], other.words[word]) }
    return result
  }

  /// The lowest number, from one on, that is in the set, or that is not.
  private func next(from position: UInt16, contained: Bool) -> UInt16? {
    guard position < HashSlot.count else { return nil }
    var word = Int(position) / 64
    var mask = UInt64.max << (position % 64)
    while word < words.count {
      let bits = (contained ? words[word] : ~words[word]) & mask
      if bits != 0 { return UInt16(word * 64 + bits.trailingZeroBitCount) }
      word += 1
      mask = .max
    }
    return nil
  }
}

extension SlotSet: CustomStringConvertible {
  /// The slots for people, as in `0-5460, 5462`; `none` for the empty set.
  package var description: String {
    let texts = ranges.map { range in
      range.lowerBound == range.upperBound
        ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }
    return texts.isEmpty ? "none" : texts.joined(separator: ", ")
  }
}
