import Reporting

/// The lines of a journal after its header. Each batch has two: before it is sent, and once it is answered.
enum JournalLine {
  /// A batch that is about to be sent, with its keys; base64 where one of them is no UTF-8.
  ///
  /// Where several workers write one journal each says with every line which one it is, before all else.
  static func sent(_ batch: RemovalBatch, worker: Int? = nil) -> [UInt8] {
    line(worker, names("sent", count: batch.count) { batch.bytes[batch.ranges[$0]] })
  }

  private static func names(
    _ member: String, count: Int, _ key: (Int) -> ArraySlice<UInt8>
  ) -> [(String, JSON)] {
    var names: [JSON] = []
    names.reserveCapacity(count)
    for index in 0..<count {
      guard let text = String(validating: key(index), as: UTF8.self) else {
        let encoded = (0..<count).map { RecordLine.base64(Array(key($0))) }
        return [(member, .array(encoded)), ("encoding", .string("base64"))]
      }
      names.append(.string(text))
    }
    return [(member, .array(names))]
  }

  /// Keys of which the next run must look what became of them, whatever names them then; base64 where one is no UTF-8.
  static func open(_ keys: [[UInt8]]) -> [UInt8] {
    keys.isEmpty ? [] : line(nil, names("open", count: keys.count) { keys[$0][...] })
  }

  /// What became of the batch that was sent last.
  static func done(_ counts: RemovalCounts, worker: Int? = nil) -> [UInt8] {
    line(worker, [("done", members(counts))])
  }

  /// What became of the batch that was sent last, and whose replies were lost: the keys of it that are gone.
  static func settled(_ counts: RemovalCounts, gone: [[UInt8]], worker: Int?) -> [UInt8] {
    line(
      worker,
      [("settled", members(counts))]
        + (gone.isEmpty ? [] : names("gone", count: gone.count) { gone[$0][...] }))
  }

  /// A run that resumes: what became of the batch that the run before it left unanswered, and which of its keys
  /// are gone.
  static func resumed(at moment: String, _ counts: RemovalCounts, gone: [[UInt8]] = []) -> [UInt8] {
    line(
      nil,
      [("resumed", .string(moment)), ("counts", members(counts))]
        + (gone.isEmpty ? [] : names("gone", count: gone.count) { gone[$0][...] }))
  }

  /// The run has come to its end, and what all runs of the journal together have come to.
  static func finished(at moment: String, _ counts: RemovalCounts) -> [UInt8] {
    line(nil, [("finished", .string(moment)), ("counts", members(counts))])
  }

  private static func members(_ counts: RemovalCounts) -> JSON {
    .object([
      ("removed", .int(counts.removed)), ("absent", .int(counts.absent)), ("kept", .int(counts.kept)),
      ("failed", .int(counts.failed)), ("unknown", .int(counts.unknown)),
    ])
  }

  private static func line(_ worker: Int?, _ members: [(String, JSON)]) -> [UInt8] {
    let lead: [(String, JSON)] = worker.map { [("worker", .int($0))] } ?? []
    return RecordLine.encode(lead + members)
  }

  /// More keys than any run comes to: sums of counts up to here do not overflow.
  static let mostKeys = 1 << 50

  /// A line as it is read.
  struct Decoded: RecordMembers {
    enum CodingKeys: String, CodingKey, CaseIterable {
      case sent, gone, open, encoding, worker, done, settled, resumed, counts, finished
    }

    struct Counts: Decodable {
      var removed: Int
      var absent: Int
      var kept: Int
      var failed: Int
      var unknown: Int

      /// False for what no run has written.
      var isSane: Bool {
        [removed, absent, kept, failed, unknown].allSatisfy { (0...mostKeys).contains($0) }
      }

      var value: RemovalCounts {
        var counts = RemovalCounts()
        (counts.removed, counts.absent, counts.kept) = (removed, absent, kept)
        (counts.failed, counts.unknown) = (failed, unknown)
        return counts
      }
    }

    var sent: [String]?
    var gone: [String]?
    var open: [String]?
    var encoding: String?
    var worker: Int?
    var done: Counts?
    var settled: Counts?
    var resumed: String?
    var counts: Counts?
    var finished: String?

    /// The keys of a batch, those of one that are gone, or those that are open; nil where they cannot be read.
    var keys: [[UInt8]]? {
      guard let names = sent ?? gone ?? open else { return nil }
      guard encoding == "base64" else { return names.map { Array($0.utf8) } }
      let keys = names.compactMap { RecordLine.bytes(ofBase64: $0) }
      return keys.count == names.count ? keys : nil
    }
  }

  static func decode(_ line: [UInt8]) -> Decoded? {
    guard let line = RecordLine.decode(Decoded.self, from: line) else { return nil }
    return [line.done, line.settled, line.counts].compactMap { $0 }.allSatisfy(\.isSane) ? line : nil
  }

  /// The worker that begins a batch with a line, 0 where there is one only; nil for lines that begin none.
  ///
  /// Such lines are long, and only the last of each worker matters: they are not decoded.
  static func sender(_ line: [UInt8]) -> Int? {
    let (sent, worker) = (Array("{\"sent\":".utf8), Array("{\"worker\":".utf8))
    if line.starts(with: sent) { return 0 }
    guard line.starts(with: worker) else { return nil }
    let rest = line[worker.count...]
    let digits = rest.prefix { $0 != UInt8(ascii: ",") }
    guard rest.dropFirst(digits.count + 1).starts(with: sent.dropFirst()) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
