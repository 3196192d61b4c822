/// The measurements of a key, each with a command of its own.
package struct KeyMeasurements: OptionSet, Sendable, Hashable {
  /// One bit for each measurement.
  package let rawValue: UInt8

  /// Makes a set from its bits.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The remaining time to live (PTTL).
  package static let ttl = KeyMeasurements(rawValue: 1)
  /// The bytes that key and value take (MEMORY USAGE).
  package static let memory = KeyMeasurements(rawValue: 2)
  /// The type of the value (TYPE).
  package static let type = KeyMeasurements(rawValue: 4)
  /// The time since the last use (OBJECT IDLETIME).
  package static let idle = KeyMeasurements(rawValue: 8)
  /// How often the key is used, on the server's logarithmic scale (OBJECT FREQ).
  package static let frequency = KeyMeasurements(rawValue: 16)

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
  /// The bytes that key and value take.
  package var memoryBytes: Int?
  /// The type of the value.
  package var type: String?
  /// Seconds since the last use.
  package var idleSeconds: Int?
  /// How often the key is used, 0 to 255.
  package var frequency: Int?

  /// A measure without values, or with some.
  package init(
    ttlMilliseconds: Int64? = nil, memoryBytes: Int? = nil, type: String? = nil, idleSeconds: Int? = nil
  ) {
    self.ttlMilliseconds = ttlMilliseconds
    self.memoryBytes = memoryBytes
    self.type = type
    self.idleSeconds = idleSeconds
  }

  /// True where the key has no time to live.
  package var neverExpires: Bool { ttlMilliseconds == -1 }
}
