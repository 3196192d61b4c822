/// Saved bytes that are not what was written.
package struct CheckpointDamage: Error, Sendable, Equatable {
  /// Makes the error.
  package init() {}
}

/// Reads saved values, in the order in which a `CheckpointWriter` added them.
///
/// Checks each value before it returns it: sums of them do not overflow, and none needs more memory than a
/// few times the saved bytes.
package struct CheckpointReader: Sendable {
  /// No count of keys or bytes is larger: sums of a few thousand of them cannot overflow.
  private static let largestAmount = 1 << 50

  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  /// Reads bytes from an index on.
  package init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    position = min(max(0, start), bytes.count)
    end = bytes.count
  }

  /// True at the end of the bytes.
  package var isAtEnd: Bool { position == end }

  /// The next number.
  package mutating func number() throws(CheckpointDamage) -> Int {
    let zigzag = try unsigned()
    return Int(truncatingIfNeeded: Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1))
  }

  /// The next number, which must lie in a range.
  package mutating func number(in range: ClosedRange<Int>) throws(CheckpointDamage) -> Int {
    let number = try number()
    guard range.contains(number) else { throw CheckpointDamage() }
    return number
  }

  /// The next number, which counts keys, bytes or the like.
  package mutating func amount() throws(CheckpointDamage) -> Int {
    try number(in: 0...CheckpointReader.largestAmount)
  }

  /// The next amount; nil where the writer added none.
  package mutating func optionalAmount() throws(CheckpointDamage) -> Int? { try flag() ? amount() : nil }

  /// How many values follow, each of which takes at least one byte.
  package mutating func count() throws(CheckpointDamage) -> Int {
    let count = try number()
    // `position` is already behind the number itself.
    guard (0...(end - position)).contains(count) else { throw CheckpointDamage() }
    return count
  }

  /// The next truth value.
  package mutating func flag() throws(CheckpointDamage) -> Bool { try byte(atMost: 1) == 1 }

  /// The next number with a fraction; it is finite.
  package mutating func double() throws(CheckpointDamage) -> Double {
    let first = try unsigned()
    guard first & 1 == 1 else { return Double(first >> 1) }
    guard first == 1 else { throw CheckpointDamage() }
    let number = Double(bitPattern: try fixed())
    guard number.isFinite else { throw CheckpointDamage() }
    return number
  }

  /// The next number with a fraction, which counts keys, bytes or the like.
  package mutating func weight() throws(CheckpointDamage) -> Double {
    let number = try double()
    guard (0...0x1p60).contains(number) else { throw CheckpointDamage() }
    return number
  }

  /// The next 64 bits.
  package mutating func fixed() throws(CheckpointDamage) -> UInt64 {
    guard end - position >= 8 else { throw CheckpointDamage() }
    var bits: UInt64 = 0
    for offset in 0..<8 { bits |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
    position += 8
    return bits
  }

  /// The next bytes.
  package mutating func piece() throws(CheckpointDamage) -> [UInt8] {
    let count = try count()
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// The next text.
  package mutating func text() throws(CheckpointDamage) -> String {
    guard let text = String(validating: try piece(), as: UTF8.self) else { throw CheckpointDamage() }
    return text
  }

  /// The next value of a type.
  package mutating func value<Value: Checkpointed>(
    _ type: Value.Type = Value.self
  ) throws(CheckpointDamage) -> Value { try Value(from: &self) }

  /// The next value of a type; nil where the writer added none.
  package mutating func optional<Value: Checkpointed>(
    _ type: Value.Type = Value.self
  ) throws(CheckpointDamage) -> Value? { try flag() ? Value(from: &self) : nil }

  private mutating func byte(atMost largest: UInt8) throws(CheckpointDamage) -> UInt8 {
    guard position < end, bytes[position] <= largest else { throw CheckpointDamage() }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func unsigned() throws(CheckpointDamage) -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte(atMost: .max)
      number |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return number }
      shift += 7
      guard shift < 64 else { throw CheckpointDamage() }
    }
  }
}
