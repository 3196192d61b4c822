import Reporting
import TestSupport
import Testing

@testable import Operations

/// A journal or a state with any byte changed, left out or doubled is refused, or says what it said.
struct JournalDamageTests {
  /// What a file says; throws where it is refused.
  private typealias Reader = ([UInt8]) throws -> String

  private static func sealed(_ lines: [[UInt8]]) throws -> [UInt8] {
    let file = MemoryFile()
    let journal = SealedJournal(file, JournalSeal())
    for line in lines { try journal.append(line) }
    return file.bytes
  }

  private static func read<Reading: JournalReading>(
    _ bytes: [UInt8], _ begin: ([UInt8]) throws(JournalRefusal) -> Reading
  ) throws -> Reading {
    var reader = JournalReader<Reading>()
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
      try reader.read(Array(line), begin: begin)
    }
    return try reader.close()
  }

  private static func counts(_ removed: Int, _ unknown: Int) -> RemovalCounts {
    var counts = RemovalCounts()
    (counts.removed, counts.unknown) = (removed, unknown)
    return counts
  }

  private static func batch(_ numbers: Range<Int>) -> RemovalBatch {
    var batch = RemovalBatch()
    for number in numbers { batch.append(utf8("app:\(number)").span, group: 0) }
    return batch
  }

  private static func removal() throws -> [UInt8] {
    try sealed([
      JournalHeader(target: "redis://cache-1:6379/0", choice: ["app:*"], startedAt: "now").line,
      JournalLine.sent(batch(0..<3)), JournalLine.done(counts(3, 0)),
      JournalLine.sent(batch(3..<6), worker: 2),
      JournalLine.settled(counts(0, 1), gone: [utf8("app:4")], worker: 2), JournalLine.sent(batch(6..<9)),
      JournalLine.resumed(at: "then", counts(0, 3)) + JournalLine.open([utf8("app:7")]),
      JournalLine.sent(batch(9..<11)), JournalLine.done(counts(2, 0)),
      JournalLine.finished(at: "last", counts(5, 4)),
    ])
  }

  private static func warming() throws -> [UInt8] {
    var counts = WarmCounts()
    (counts.written, counts.rejected) = (9, 1)
    return try sealed(
      [JournalHeader(.warm, target: "redis://cache-1:6379/0", choice: ["x"], startedAt: "now").line]
        + (1...4).map { WarmProgress.step(through: $0 * 11, counts) }
        + [WarmProgress.finished(at: "then")])
  }

  private static func state() -> [UInt8] {
    var state = StatsState(target: "redis://cache-1:6379/0")
    var lookups = StatsLookups()
    lookups.hits = 12_345
    state.add(lookups, at: StatsServer(address: "h:1", runID: "0123456789abcdef"), begun: 1_700_000_000)
    return state.encoded
  }

  @Test func everyByteOfEveryFileCounts() throws {
    let readers: [(name: String, bytes: [UInt8], read: Reader)] = [
      (
        "removal", try Self.removal(),
        {
          let all = try Self.read($0) { (line) throws(JournalRefusal) in
            try JournalSummary(firstLine: line, remembersKeys: true)
          }
          return "\(all.header) \(all.counts) \(all.unanswered) \(all.finishedAt ?? "open")"
        }
      ),
      (
        "warming", try Self.warming(),
        {
          let all = try Self.read($0) { (line) throws(JournalRefusal) in try WarmProgress(firstLine: line) }
          return "\(all.header) \(all.counts) \(all.line) \(all.finishedAt ?? "open")"
        }
      ),
      (
        "state", Self.state(),
        {
          let state = try StatsState.decode($0)
          return "\(String(describing: state))"
        }
      ),
    ]
    for (name, bytes, read) in readers {
      // What a file that ends behind any of its lines says: a kill may have cut it off there.
      let ends = bytes.indices.filter { bytes[$0] == 10 }.map { Array(bytes[...$0]) }
      let allowed = Set(ends.compactMap { try? read($0) })
      #expect(!allowed.isEmpty && (try? read(bytes)) != nil, "\(name)")
      var refused = 0
      for index in bytes.indices {
        var damages = [UInt8(1), 32, 128].map { bit in
          var copy = bytes
          copy[index] ^= bit
          return copy
        }
        damages.append(Array(bytes[..<index] + bytes[(index + 1)...]))
        damages.append(Array(bytes[...index] + bytes[index...]))
        for damaged in damages {
          guard let said = try? read(damaged) else {
            refused += 1
            continue
          }
          #expect(allowed.contains(said), "\(name), byte \(index)")
        }
      }
      #expect(refused > 4 * bytes.count, "\(name): \(refused) of \(5 * bytes.count)")
    }
  }
}
