package import Bytes

/// Figures of a group of keys, exact or estimated from a sample, that add up over groups.
package struct SampleEstimate: Sendable {
  /// Keys counted; always exact.
  package var keys = 0
  /// Keys that were measured.
  package var measured = 0
  /// Keys that were gone when they were measured; not part of `keys`.
  package var vanished = 0
  /// Keys of `keys` of which nothing is known, because they could not be measured.
  package var unmeasured = 0
  /// Keys whose size is known.
  package var memoryKnown = 0
  /// Keys of which it is known whether they expire.
  package var expiryKnown = 0
  /// Keys that never expire.
  package var withoutTTL = 0.0
  /// Keys without a time to live of which parts have one, or may have: hashes with fields that expire.
  package var partlyExpiring = 0.0
  /// The variance of `withoutTTL`.
  package var withoutTTLVariance = 0.0
  /// Bytes, over the keys of groups for which the server reports any.
  package var memoryTotal = SampleTotal()
  /// How far the bytes may be off because collections were measured by some of their elements; half the width of an interval.
  package var sizeHalfWidth = 0.0
  /// Remaining times to live in milliseconds, weighted so that the weights add up to the keys that expire.
  package var ttl = LogHistogram()
  /// Keys between fixed edges of the remaining time to live, weighted likewise; empty where not asked for.
  package var buckets = TTLBuckets()
  /// Seconds since the last use, weighted likewise.
  package var idle = LogHistogram()
  /// Keys by type, weighted likewise.
  package var types = Tally()
  /// Keys that never expire although their name says that they should, by kind.
  package var neglected = Tally()

  /// Nothing counted.
  package init() {}

  /// Adds the figures of other keys.
  package mutating func add(_ other: SampleEstimate) {
    keys += other.keys
    measured += other.measured
    vanished += other.vanished
    unmeasured += other.unmeasured
    expiryKnown += other.expiryKnown
    memoryKnown += other.memoryKnown
    withoutTTL += other.withoutTTL
    withoutTTLVariance += other.withoutTTLVariance
    partlyExpiring += other.partlyExpiring
    memoryTotal.add(other.memoryTotal)
    sizeHalfWidth += other.sizeHalfWidth
    ttl.merge(other.ttl)
    buckets.merge(other.buckets)
    idle.merge(other.idle)
    types.merge(other.types)
    neglected.merge(other.neglected)
  }

  /// The bytes of `memoryTotal`.
  package var memory: Double { memoryTotal.value }

  /// The half-width of a 95 % interval of the bytes, relative to them; 0 where exact.
  package var memoryError: Double { memory > 0 ? (memoryTotal.halfWidth + sizeHalfWidth) / memory : 0 }

  /// The half-width of a 95 % interval of the keys that never expire, in keys; 0 where exact.
  package var withoutTTLError: Double { SampleShare.halfWidth(ofVariance: withoutTTLVariance) }
}

extension SampleEstimate: Checkpointed {
  /// Adds all figures.
  package func write(to writer: inout CheckpointWriter) {
    for count in [keys, measured, vanished, unmeasured, memoryKnown, expiryKnown] { writer.add(count) }
    writer.add(withoutTTL)
    writer.add(withoutTTLVariance)
    writer.add(partlyExpiring)
    writer.add(memoryTotal)
    writer.add(sizeHalfWidth)
    writer.add(ttl)
    writer.add(buckets)
    writer.add(idle)
    writer.add(types)
    writer.add(neglected)
  }

  /// Reads all figures.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    keys = try reader.amount()
    measured = try reader.amount()
    vanished = try reader.amount()
    unmeasured = try reader.amount()
    memoryKnown = try reader.amount()
    expiryKnown = try reader.amount()
    withoutTTL = try reader.weight()
    withoutTTLVariance = try reader.double()
    partlyExpiring = try reader.weight()
    memoryTotal = try reader.value()
    sizeHalfWidth = try reader.double()
    ttl = try reader.value()
    buckets = try reader.value()
    idle = try reader.value()
    types = try reader.value()
    neglected = try reader.value()
  }
}
