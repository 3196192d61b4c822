import Bytes

/// Keys of one group of which a random sample, or every one, is measured.
struct SampleStratum: Sendable {
  var keys = 0
  /// Keys picked for measuring, answered or not.
  var chosen = 0
  var measured = 0
  /// Keys that were picked and could not be measured.
  var refused = 0
  var vanished = 0
  var expiryKnown = 0
  var withoutTTL = 0
  /// Keys without a time to live of which parts have one.
  var partlyExpiring = 0
  var memory = SampleMoments()
  var ttl = LogHistogram()
  var buckets: TTLBuckets
  var idle = LogHistogram()
  var types = Tally()
  var neglected = Tally()

  init(edges: [Int64]) { buckets = TTLBuckets(edges: edges) }

  /// True where every key was picked.
  var isComplete: Bool { chosen == keys }

  mutating func record(_ measure: KeyMeasure) {
    measured += 1
    if let ttl = measure.ttlMilliseconds {
      expiryKnown += 1
      if measure.fieldsMayExpire {
        partlyExpiring += 1
      } else if ttl < 0 {
        withoutTTL += 1
      } else {
        self.ttl.add(ttl)
        buckets.add(ttl)
      }
    }
    if let bytes = measure.memoryBytes { memory.add(Double(bytes)) }
    if let idle = measure.idleSeconds { self.idle.add(Int64(idle)) }
    if let type = measure.type { types.add(type) }
  }

  /// The keys of which nothing is known, in a sample as many as the share of those that could not be measured.
  private func unmeasured(isOver: Bool) -> Int {
    let asked = isOver ? chosen : measured + refused
    guard asked > 0 else { return keys }
    return Int((Double(keys) * Double(asked - measured) / Double(asked)).rounded())
  }

  mutating func merge(_ other: SampleStratum) {
    keys += other.keys
    chosen += other.chosen
    measured += other.measured
    refused += other.refused
    vanished += other.vanished
    expiryKnown += other.expiryKnown
    withoutTTL += other.withoutTTL
    partlyExpiring += other.partlyExpiring
    memory.merge(other.memory)
    ttl.merge(other.ttl)
    buckets.merge(other.buckets)
    idle.merge(other.idle)
    types.merge(other.types)
    neglected.merge(other.neglected)
  }

  /// The figures for all keys of the stratum; while replies are still to come it is not over, and those keys are left out.
  ///
  /// Keys that could not be measured are no random choice: the others say nothing about them.
  func estimate(isOver: Bool) -> SampleEstimate {
    var result = SampleEstimate()
    result.keys = keys
    result.measured = measured
    result.vanished = vanished
    result.expiryKnown = expiryKnown
    result.memoryKnown = memory.count
    result.unmeasured = unmeasured(isOver: isOver)
    let known = keys - result.unmeasured
    (result.withoutTTL, result.withoutTTLVariance) = SampleShare.total(
      hits: withoutTTL, sampled: expiryKnown, population: known)
    result.memoryTotal = memory.total(ofPopulation: known)
    let perSampled = expiryKnown > 0 ? Double(known) / Double(expiryKnown) : 0
    result.ttl = perSampled == 1 ? ttl : ttl.scaled(by: perSampled)
    result.partlyExpiring = Double(partlyExpiring) * perSampled
    result.buckets = perSampled == 1 ? buckets : buckets.scaled(by: perSampled)
    result.neglected.merge(neglected, scaledBy: perSampled)
    if idle.total > 0 { result.idle = idle.scaled(by: Double(known) / idle.total) }
    if types.total > 0 { result.types.merge(types, scaledBy: Double(known) / types.total) }
    return result
  }
}

extension SampleStratum: Checkpointed {
  func write(to writer: inout CheckpointWriter) {
    for count in [keys, chosen, measured, refused, vanished, expiryKnown, withoutTTL, partlyExpiring] {
      writer.add(count)
    }
    writer.add(memory)
    writer.add(ttl)
    writer.add(buckets)
    writer.add(idle)
    writer.add(types)
    writer.add(neglected)
  }

  init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    keys = try reader.amount()
    chosen = try reader.amount()
    measured = try reader.amount()
    refused = try reader.amount()
    vanished = try reader.amount()
    expiryKnown = try reader.amount()
    withoutTTL = try reader.amount()
    partlyExpiring = try reader.amount()
    memory = try reader.value()
    ttl = try reader.value()
    buckets = try reader.value()
    idle = try reader.value()
    types = try reader.value()
    neglected = try reader.value()
  }
}
