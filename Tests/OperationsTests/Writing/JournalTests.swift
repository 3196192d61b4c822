import Reporting
import TestSupport
import Testing

@testable import Operations

/// What a journal says can be read back, whatever the keys, and wherever it was cut off.
struct JournalTests {
  private static let header = JournalHeader(
    target: "redis://cache-1:6379/0", choice: ["app:*", "--type", "it's"], startedAt: "2027-01-15T08:00:00Z")

  private static func batch(_ keys: [[UInt8]]) -> RemovalBatch {
    var batch = RemovalBatch()
    for key in keys { batch.append(key.span, group: 0) }
    return batch
  }

  private static func counts(_ removed: Int, absent: Int = 0, failed: Int = 0, unknown: Int = 0)
    -> RemovalCounts
  {
    var counts = RemovalCounts()
    (counts.removed, counts.absent, counts.failed, counts.unknown) = (removed, absent, failed, unknown)
    return counts
  }

  /// Reads lines as they stand in a file; the last may be cut off.
  private static func summary(_ bytes: [UInt8]) throws -> JournalSummary {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    var summary = try JournalSummary(firstLine: Array(lines.first ?? []))
    for line in lines.dropFirst() { try summary.read(Array(line)) }
    try summary.close()
    return summary
  }

  // MARK: - Keys

  private static let hostile: [[UInt8]] =
    [
      "", "a", "\u{0}", "\n", "\r\n", "\"", "\\", "\\u0000", "{\"sent\":[]}", "\u{2028}\u{2029}",
      "\u{FEFF}bom",
      "e\u{301}", "\u{E9}", "\u{FFFF}", "\u{FFFE}x", "\u{10FFFF}", "\u{1F469}\u{200D}\u{1F680}", "\u{202E}",
      "\u{7F}\u{80}", "/", "\t\u{8}\u{c}", "base64", "AAAA",
    ].map(utf8) + [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0, 0xfe, 0x0a], [0xe2, 0x82]]

  @Test func eachKeyIsReadBackByteForByte() throws {
    for key in Self.hostile {
      let line = JournalLine.sent(Self.batch([key]))
      #expect(line.last == 0x0a && !line.dropLast().contains(0x0a), "one line")
      #expect(JournalLine.sender(line) == 0)
      let other = JournalLine.sent(Self.batch([key]), worker: 12)
      #expect(JournalLine.sender(other) == 12)
      #expect(JournalLine.decode(Array(other.dropLast()))?.keys == [key], "\(key)")
      #expect(JournalLine.decode(Array(line.dropLast()))?.keys == [key], "\(key)")
    }
  }

  @Test func batchesOfAnyKeysAreReadBack() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<300 {
      let isBinary = random.chance(0.5)
      let keys = (0..<random.below(12)).map { _ -> [UInt8] in
        if isBinary, random.chance(0.3) {
          return (0..<random.below(20)).map { _ in UInt8(random.below(256)) }
        }
        if random.chance(0.2) { return random.pick(Self.hostile) }
        let scalars = (0..<random.below(20)).compactMap { _ in Unicode.Scalar(UInt32(random.below(0x11_0000)))
        }
        return utf8(scalars.map { String($0) }.joined())
      }
      let line = JournalLine.sent(Self.batch(keys))
      #expect(JournalLine.decode(Array(line.dropLast()))?.keys == keys)
    }
  }

  // MARK: - Summaries

  @Test func whatIsWrittenIsReadBack() throws {
    let keys = [utf8("app:1"), [0xff, 0x0a]]
    var bytes = Self.header.line
    bytes += JournalLine.sent(Self.batch([utf8("app:0")])) + JournalLine.done(Self.counts(1))
    bytes += JournalLine.sent(Self.batch(keys))
    let cut = try Self.summary(bytes)
    #expect(cut.header == Self.header && cut.counts == Self.counts(1))
    #expect(cut.unanswered == keys && cut.finishedAt == nil)
    bytes += JournalLine.resumed(at: "later", Self.counts(0, unknown: 1))
    let resumed = try Self.summary(bytes)
    #expect(resumed.unanswered.isEmpty && resumed.counts == Self.counts(1, unknown: 1))
    bytes += JournalLine.sent(Self.batch(keys)) + JournalLine.done(Self.counts(1, absent: 3, failed: 4))
    #expect(try Self.summary(bytes).counts == Self.counts(2, absent: 3, failed: 4, unknown: 1))
    // The end says how all runs together came out: what failed once may be gone by then.
    bytes += JournalLine.finished(at: "last", Self.counts(2, absent: 3, unknown: 1))
    let finished = try Self.summary(bytes)
    #expect(finished.finishedAt == "last" && finished.counts == Self.counts(2, absent: 3, unknown: 1))
  }

  /// A run may be killed at any byte of its journal.
  @Test func aJournalThatIsCutOffAnywhereCanBeGoneOnWith() throws {
    var bytes = Self.header.line
    let first = bytes.count
    var ends: [(length: Int, unanswered: Int, removed: Int)] = [(bytes.count, 0, 0)]
    for number in 0..<4 {
      let keys = (0...number).map { utf8("app:é\($0)") } + (number == 2 ? [[0xff]] : [])
      bytes += JournalLine.sent(Self.batch(keys))
      ends.append((bytes.count, keys.count, number))
      bytes += JournalLine.done(Self.counts(1))
      ends.append((bytes.count, 0, number + 1))
    }
    bytes += JournalLine.finished(at: "then", Self.counts(4))
    for length in first...bytes.count {
      let summary = try Self.summary(Array(bytes[..<length]))
      guard length < bytes.count else {
        #expect(summary.finishedAt == "then")
        continue
      }
      let state = try #require(ends.last { $0.length <= length })
      #expect(summary.unanswered.count == state.unanswered && summary.counts.removed == state.removed)
      #expect(summary.finishedAt == nil)
    }
  }

  @Test(arguments: [
    "", "{}", "x", "{\"schema\":\"rediscache.scan/1\"}", "[1]", "\u{0}",
    #"{"schema":"rediscache.invalidate-journal/2","target":"t","choice":[],"started_at":"s"}"#,
    #"{"schema":"rediscache.invalidate-journal/1","target":"t","choice":"app:*","started_at":"s"}"#,
  ]) func whatIsNoJournalIsRefused(line: String) {
    #expect(throws: JournalRefusal.noJournal) { try JournalSummary(firstLine: utf8(line)) }
  }

  @Test(arguments: [
    "", "{", "null", "[]", "{\"done\":{}}", "{\"done\":1}", "{\"done\":{\"removed\":1}}",
    #"{"done":{"removed":1,"absent":0,"kept":0,"failed":0,"unknown":0},"more":1}"#,
  ])
  func aLineThatCannotBeReadIsNamed(line: String) throws {
    var summary = try JournalSummary(firstLine: Array(Self.header.line.dropLast()))
    try summary.read(Array(JournalLine.done(Self.counts(1)).dropLast()))
    #expect(throws: JournalRefusal.unreadable(line: 3)) { try summary.read(utf8(line)) }
  }

  @Test(arguments: [
    #"{"sent":["a""#, #"{"sent":[1]}"#, #"{"sent":["@@@"],"encoding":"base64"}"#,
  ]) func aLastBatchThatCannotBeReadIsNamed(line: String) throws {
    var summary = try JournalSummary(firstLine: Array(Self.header.line.dropLast()))
    try summary.read(utf8(line))
    #expect(throws: JournalRefusal.unreadable(line: 2)) { try summary.close() }
  }

  @Test func sumsThatNoRunReachesAreRefused() throws {
    var summary = try JournalSummary(firstLine: Array(Self.header.line.dropLast()))
    let line = Array(JournalLine.done(Self.counts(1 << 50)).dropLast())
    try summary.read(line)
    #expect(throws: JournalRefusal.unreadable(line: 3)) { try summary.read(line) }
  }

  // MARK: - Headers

  @Test func aHeaderIsReadBack() throws {
    for choice in [[], ["app:*"], ["a b", "c\"d\n", "\u{202E}", "é"]] as [[String]] {
      let header = JournalHeader(target: "unix:///t?db=1", choice: choice, startedAt: "now")
      #expect(header.line.last == 0x0a && !header.line.dropLast().contains(0x0a))
      #expect(try JournalSummary(firstLine: Array(header.line.dropLast())).header == header)
    }
  }

  @Test func anotherTargetOrChoiceIsShown() {
    func other(_ target: String, _ choice: [String]) -> JournalHeader {
      JournalHeader(target: target, choice: choice, startedAt: "another time")
    }
    let same = other(Self.header.target, Self.header.choice)
    #expect(Self.header.differences(from: same).isEmpty, "the time makes no difference")
    let elsewhere = Self.header.differences(from: other("redis://cache-2:6379/0", Self.header.choice))
    #expect(
      elsewhere == ["the journal is of redis://cache-1:6379/0, this run goes to redis://cache-2:6379/0"])
    let different = Self.header.differences(from: other(Self.header.target, ["app:v2:*"]))
    #expect(different.count == 2 && different[0].contains("app:*") && different[1].contains("app:v2:*"))
    #expect(Self.header.differences(from: other("x", [])).count == 3)
    let hostile = JournalHeader(target: "\u{1B}[2Jx", choice: ["\u{1B}]0;y\u{7}"], startedAt: "")
    #expect(!hostile.differences(from: same).joined().contains("\u{1B}"))
  }
}
