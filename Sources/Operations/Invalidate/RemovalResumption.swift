import Bytes
import Keyspace
import RedisClient
import Reporting

/// Settles what earlier runs of a journal have left open, before another run resumes them.
struct RemovalResumption {
  /// The keys of one question.
  private static let keysPerQuestion = 500

  private let request: InvalidateRequest
  private let journal: (any RecordFile)?
  private let startedAt: String

  init(_ request: InvalidateRequest, journal: (any RecordFile)?, startedAt: String) {
    self.request = request
    self.journal = journal
    self.startedAt = startedAt
  }

  /// What earlier runs have left.
  struct Settled {
    /// What they came to.
    var counts: RemovalCounts
    /// How many keys they may have removed without hearing a reply.
    var uncertain = 0
    /// The keys of their unanswered batches that are gone.
    var lost = SeenKeys()
    /// The keys of their unanswered batches that live, or may not be looked at.
    var living: [[UInt8]] = []
  }

  /// Settles the unanswered batches of earlier runs; nil where there were no earlier runs.
  ///
  /// Keys of an unanswered batch that are gone count as absent: nothing is left to do about them, though no reply says who
  /// removed them. Those that live will be met again, unless they have lost
  /// their tags. Nothing else may be under way on the channel.
  func settle(on channel: some CommandChannel) throws(ClientError) -> Settled? {
    guard var counts = request.earlier?.counts, let unanswered = request.earlier?.unanswered else {
      return nil
    }
    // What was refused is still there and is met again, and so is what was kept.
    (counts.failed, counts.kept) = (0, 0)
    guard !request.isDryRun else { return Settled(counts: counts) }
    let gone = try gone(of: unanswered, on: channel)
    var lost = RemovalCounts()
    lost.absent = gone.count
    counts.add(lost)
    var settled = Settled(counts: counts)
    settled.uncertain = lost.absent + (request.earlier?.uncertain ?? 0)
    for key in gone { _ = settled.lost.insert(key.span) }
    let names = Set(gone)
    settled.living = unanswered.filter { !names.contains($0) }
    do {
      try journal?.append(
        JournalLine.resumed(at: startedAt, lost, gone: gone)
          // What has lost its tags is named by nothing else, and this run may end before it comes to it.
          + (request.untags ? JournalLine.open(settled.living) : []))
    } catch {
      throw ClientError(.usage, error.message)
    }
    return settled
  }

  private func gone(of keys: [[UInt8]], on channel: some CommandChannel) throws(ClientError) -> [[UInt8]] {
    var gone: [[UInt8]] = []
    for start in stride(from: 0, to: keys.count, by: RemovalResumption.keysPerQuestion) {
      let part = keys[start..<min(keys.count, start + RemovalResumption.keysPerQuestion)]
      var commands = CommandBuffer()
      for key in part { commands.append([CommandWord.exists, key]) }
      let replies = ReplyBuffer()
      try channel.send(commands)
      try channel.receive(part.count, into: replies)
      for (offset, key) in part.enumerated() {
        // A key that may not be looked at counts as living: if it is gone, it is not met again.
        if let error = replies[offset].error, !error.isKeyForbidden {
          throw ClientError(error, to: "EXISTS", at: channel.endpoint)
        }
        if replies[offset].integer == 0 { gone.append(key) }
      }
    }
    return gone
  }
}
