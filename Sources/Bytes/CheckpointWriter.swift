/// A value that a checkpoint saves, so that a later run can resume.
///
/// The form is binary and compact: a scan of ten thousand groups is saved every few seconds, and its
/// histograms alone would take seconds to write as JSON.
package protocol Checkpointed {
  /// Adds the value to the checkpoint.
  func write(to writer: inout CheckpointWriter)

  /// Reads a value from a checkpoint; throws where the bytes hold none.
  init(from reader: inout CheckpointReader) throws(CheckpointDamage)
}

/// The bytes of saved values, one after the other.
///
/// Numbers are written as LEB128, seven bits a byte and the lowest first, because most of them are small.
package struct CheckpointWriter: Sendable {
  /// The bytes so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty writer.
  package init() {}

  /// Adds a number; small ones of either sign take one byte.
  package mutating func add(_ number: Int) {
    // Zigzag: 0, -1, 1, -2, … become 0, 1, 2, 3, …
    add(unsigned: UInt64(bitPattern: Int64(number << 1 ^ number >> (Int.bitWidth - 1))))
  }

  /// Adds a number that may be missing.
  package mutating func add(_ number: Int?) {
    add(number != nil)
    if let number { add(number) }
  }

  /// Adds a truth value.
  package mutating func add(_ isTrue: Bool) { bytes.append(isTrue ? 1 : 0) }

  /// Adds a number, exactly; whole ones that are not negative are short.
  package mutating func add(_ number: Double) {
    if let whole = UInt64(exactly: number), whole < 1 << 52, number.sign == .plus {
      add(unsigned: whole << 1)
    } else {
      bytes.append(1)
      add(fixed: number.bitPattern)
    }
  }

  /// Adds 64 bits in eight bytes: hashes would be longer as LEB128.
  package mutating func add(fixed bits: UInt64) {
    var rest = bits
    for _ in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// Adds bytes with their count.
  package mutating func add(_ piece: [UInt8]) {
    add(piece.count)
    bytes += piece
  }

  /// Adds a text.
  package mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// Adds a value.
  package mutating func add(_ value: some Checkpointed) { value.write(to: &self) }

  /// Adds a value that may be missing.
  package mutating func add(_ value: (some Checkpointed)?) {
    add(value != nil)
    value?.write(to: &self)
  }

  private mutating func add(unsigned number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
