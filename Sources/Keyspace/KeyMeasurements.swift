/// What can be asked about one key, each with a command of its own.
public struct KeyMeasurements: OptionSet, Sendable, Hashable {
  /// One bit for each measurement.
  public let rawValue: UInt8

  /// Makes a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The remaining time to live (PTTL).
  public static let ttl = KeyMeasurements(rawValue: 1)
  /// The bytes that key and value take (MEMORY USAGE).
  public static let memory = KeyMeasurements(rawValue: 2)
  /// The type of the value (TYPE).
  public static let type = KeyMeasurements(rawValue: 4)
  /// The time since the last use (OBJECT IDLETIME).
  public static let idle = KeyMeasurements(rawValue: 8)
  /// How often the key is used, on the server's logarithmic scale (OBJECT FREQ).
  public static let frequency = KeyMeasurements(rawValue: 16)

  /// Each measurement of the set by itself, in the order in which they are declared.
  public var members: Members { Members(rest: rawValue) }

  /// Runs over the measurements of a set.
  public struct Members: Sequence, IteratorProtocol {
    fileprivate var rest: UInt8

    /// The next measurement; nil when there is none left.
    public mutating func next() -> KeyMeasurements? {
      guard rest != 0 else { return nil }
      defer { rest &= rest - 1 }
      return KeyMeasurements(rawValue: rest & (~rest + 1))
    }
  }
}

/// What one key answered; nil where it was not asked or the server cannot tell.
public struct KeyMeasure: Sendable, Equatable {
  /// The remaining time to live in milliseconds; -1 where the key never expires.
  public var ttlMilliseconds: Int64?
  /// The bytes that key and value take.
  public var memoryBytes: Int?
  /// The type of the value.
  public var type: String?
  /// Seconds since the last use.
  public var idleSeconds: Int?
  /// How often the key is used, 0 to 255.
  public var frequency: Int?

  /// A measure that knows nothing yet.
  public init(
    ttlMilliseconds: Int64? = nil, memoryBytes: Int? = nil, type: String? = nil, idleSeconds: Int? = nil
  ) {
    self.ttlMilliseconds = ttlMilliseconds
    self.memoryBytes = memoryBytes
    self.type = type
    self.idleSeconds = idleSeconds
  }

  /// True where the key has no time to live.
  public var neverExpires: Bool { ttlMilliseconds == -1 }
}
