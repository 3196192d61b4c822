/// Figures of a group of keys, exact or estimated from a sample, that add up over groups.
public struct SampleEstimate: Sendable {
  /// Keys counted; always exact.
  public var keys = 0
  /// Keys that were measured.
  public var measured = 0
  /// Keys that were gone when they were measured; not part of `keys`.
  public var vanished = 0
  /// Keys that never expire.
  public var withoutTTL = 0.0
  /// The variance of `withoutTTL`.
  public var withoutTTLVariance = 0.0
  /// Bytes, over the keys of groups for which the server told any.
  public var memory = 0.0
  /// The variance of `memory`.
  public var memoryVariance = 0.0
  /// Keys to which `memory` applies.
  public var keysWithMemory = 0
  /// Remaining times to live in milliseconds, weighted so that the weights add up to the keys that expire.
  public var ttl = LogHistogram()
  /// Seconds since the last use, weighted likewise.
  public var idle = LogHistogram()
  /// Keys by type, weighted likewise.
  public var types = Tally()
  /// Keys that never expire although their name says that they should, by kind.
  public var neglected = Tally()

  /// Nothing counted.
  public init() {}

  /// Adds the figures of other keys.
  public mutating func add(_ other: SampleEstimate) {
    keys += other.keys
    measured += other.measured
    vanished += other.vanished
    withoutTTL += other.withoutTTL
    withoutTTLVariance += other.withoutTTLVariance
    memory += other.memory
    memoryVariance += other.memoryVariance
    keysWithMemory += other.keysWithMemory
    ttl.merge(other.ttl)
    idle.merge(other.idle)
    types.merge(other.types)
    neglected.merge(other.neglected)
  }

  /// The half-width of a 95 % interval of the bytes, relative to them; 0 where exact.
  public var memoryError: Double {
    memory > 0 ? SampleShare.halfWidth(ofVariance: memoryVariance) / memory : 0
  }

  /// The half-width of a 95 % interval of the keys that never expire, in keys; 0 where exact.
  public var withoutTTLError: Double { SampleShare.halfWidth(ofVariance: withoutTTLVariance) }
}
