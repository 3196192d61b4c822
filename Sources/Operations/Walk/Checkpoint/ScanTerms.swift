import Bytes

/// The terms on which a scan was begun: a later run that resumes it must keep them, because its figures depend on them.
struct ScanTerms: Sendable {
  /// Keys measured per group; nil where every key is.
  var quota: Int?
  var asksEveryType: Bool
  /// Where all timelines begin, in seconds since 1970.
  var timelineStart: Int
  /// The seed of the hashes of names.
  var seed: UInt64
  /// Which versions count as superseded, where only they are wanted.
  var superseded: SupersededChoice?
}

extension ScanTerms {
  /// Writes the terms to a checkpoint.
  func write(to writer: inout CheckpointWriter) {
    writer.add(quota)
    writer.add(asksEveryType)
    writer.add(timelineStart)
    writer.add(fixed: seed)
    writer.add(superseded != nil)
    superseded?.write(to: &writer)
  }

  /// Reads the terms of a scan that reads names in the given way.
  init(from reader: inout CheckpointReader, _ naming: KeyNaming) throws(CheckpointDamage) {
    quota = try reader.optionalAmount()
    asksEveryType = try reader.flag()
    timelineStart = try reader.amount()
    seed = try reader.fixed()
    superseded = try reader.flag() ? SupersededChoice(from: &reader, naming) : nil
  }
}
