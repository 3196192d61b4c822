/// The measurements of a key, each with a command of its own.
package struct KeyMeasurements: OptionSet, Sendable, Hashable {
  /// One bit for each measurement.
  package let rawValue: UInt8

  /// Makes a set from its bits.
  @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }

  // Asked for each key in another room, where the generic operators of OptionSet are not specialised: they would cost
  // a sixth of a scan's instructions.

  /// The measurements of all sets of a list.
  @inlinable package init(arrayLiteral sets: KeyMeasurements...) {
    var bits: UInt8 = 0
    for set in sets { bits |= set.rawValue }
    self.init(rawValue: bits)
  }

  /// True where the set holds all measurements of another.
  @inlinable package func contains(_ other: KeyMeasurements) -> Bool {
    rawValue & other.rawValue == other.rawValue
  }

  /// True where the set holds nothing.
  @inlinable package var isEmpty: Bool { rawValue == 0 }

  /// True where both sets hold the same.
  @inlinable package static func == (left: KeyMeasurements, right: KeyMeasurements) -> Bool {
    left.rawValue == right.rawValue
  }

  /// The bytes that key and value take (MEMORY USAGE).
  ///
  /// Comes before the time to live: a key that answers that afterwards is there, whatever this was answered with.
  @inlinable package static var memory: KeyMeasurements { KeyMeasurements(rawValue: 1) }
  /// The remaining time to live (PTTL).
  @inlinable package static var ttl: KeyMeasurements { KeyMeasurements(rawValue: 2) }
  /// The type of the value (TYPE).
  @inlinable package static var type: KeyMeasurements { KeyMeasurements(rawValue: 4) }
  /// The time since the last use (OBJECT IDLETIME).
  @inlinable package static var idle: KeyMeasurements { KeyMeasurements(rawValue: 8) }
  /// How often the key is used, on the server's logarithmic scale (OBJECT FREQ).
  @inlinable package static var frequency: KeyMeasurements { KeyMeasurements(rawValue: 16) }

  /// How the value is stored (OBJECT ENCODING), which says whether fields of a hash can have a time to live.
  @inlinable package static var encoding: KeyMeasurements { KeyMeasurements(rawValue: 32) }

  /// Each measurement of the set by itself, in the order in which they are declared.
  package var members: Members { Members(rest: rawValue) }

  /// Runs over the measurements of a set.
  package struct Members: Sequence, IteratorProtocol {
    fileprivate var rest: UInt8

    /// The next measurement; nil when there is none left.
    package mutating func next() -> KeyMeasurements? {
      guard rest != 0 else { return nil }
      defer { rest &= rest - 1 }
      return KeyMeasurements(rawValue: rest & (~rest + 1))
    }
  }
}

/// The measurements of one key; nil where not requested or unknown to the server.
package struct KeyMeasure: Sendable, Equatable {
  /// The remaining time to live in milliseconds; -1 where the key never expires.
  package var ttlMilliseconds: Int64?
  /// When the key expires, in milliseconds since 1970 by the server's clock, where the choice asks for it.
  package var expiresAt: Int64?
  /// The bytes that key and value take.
  package var memoryBytes: Int?
  /// The type of the value.
  package var type: String?
  /// Seconds since the last use.
  package var idleSeconds: Int?
  /// How often the key is used, 0 to 255.
  package var frequency: Int?
  /// True for a hash without a time to live whose fields have one, or may have.
  package var fieldsMayExpire = false

  /// A measure without values, or with some.
  package init(
    ttlMilliseconds: Int64? = nil, memoryBytes: Int? = nil, type: String? = nil, idleSeconds: Int? = nil
  ) {
    self.ttlMilliseconds = ttlMilliseconds
    self.memoryBytes = memoryBytes
    self.type = type
    self.idleSeconds = idleSeconds
  }

  /// True where the key has no time to live, and neither has a part of it.
  package var neverExpires: Bool { ttlMilliseconds == -1 && !fieldsMayExpire }
}
