import TestSupport

@testable import RDBFormat

/// The reader of dumps on any bytes: the same keys and the same end however the bytes are cut, and nothing claimed that
/// is not there.
enum DumpCheck {
  /// What was read of an input.
  struct Outcome: Equatable {
    var entries: [RDBEntry] = []
    var isWhole = false
    var error: RDBError?
  }

  /// Checks an input; good where the dump comes to its end. Checksums are not looked at, or nothing would be read.
  static func check(_ input: [UInt8]) throws(Broken) -> Verdict {
    let whole = outcome(of: input, piece: max(1, input.count))
    let cut = outcome(of: input, piece: 1 + Int(input.last ?? 0) % 61)
    try Broken.unless(whole == cut, "what is read does not depend on the pieces: \(whole), \(cut)")
    var end = 0
    for entry in whole.entries {
      let payload = entry.payloadOffset..<entry.payloadOffset + entry.payloadLength
      try Broken.unless(payload.lowerBound > end, "a value lies behind the one before and a name")
      end = payload.upperBound
      try Broken.unless(end <= input.count, "a value lies in the file")
      try Broken.unless(
        entry.payload.map { Array($0.dropFirst()) } == Array(input[payload]),
        "a payload is the bytes of the file")
      try Broken.unless(entry.key.name.count <= 88 * input.count, "a name comes out of the file")
      try Broken.unless(entry.memoryBytes > 0 && entry.elements >= 0, "an entry takes memory")
    }
    if let error = whole.error {
      try Broken.unless((0...input.count).contains(error.offset), "an error lies in the file")
      try Broken.unless(error.keys == whole.entries.count, "an error says how many keys came before")
      return .bad
    }
    return whole.isWhole ? .good : .more
  }

  private static func outcome(of input: [UInt8], piece: Int) -> Outcome {
    var reader = RDBReader(checksChecksum: false)
    reader.announcesKeys = true
    var outcome = Outcome()
    do throws(RDBError) {
      for start in stride(from: 0, to: input.count, by: piece) {
        reader.feed(Array(input[start..<min(input.count, start + piece)]))
        try drain(&reader, into: &outcome)
      }
      reader.finish()
      try drain(&reader, into: &outcome)
    } catch { outcome.error = error }
    return outcome
  }

  private static func drain(_ reader: inout RDBReader, into outcome: inout Outcome) throws(RDBError) {
    while let item = try reader.next() {
      switch item {
      case .key: reader.keepPayload()
      case .entry: outcome.entries.append(reader.entry)
      case .end: outcome.isWhole = true
      case .version, .auxiliary, .database, .library: continue
      }
    }
  }
}
