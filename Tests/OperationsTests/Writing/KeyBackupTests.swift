import Testing

@testable import Operations
@testable import RedisClient

/// The workers of several nodes save keys at the same time, each with a copy of one backup.
@Suite struct KeyBackupTests {
  /// A channel that lets something else happen whenever replies have come.
  private final class CrossedChannel: CommandChannel {
    let inner: FakeChannel
    var meanwhile: () throws(ClientError) -> Void = {}

    init(_ keys: [FakeKey]) { inner = FakeChannel(FakeServer(keys), database: 0) }

    var endpoint: Endpoint { inner.endpoint }

    func send(_ commands: CommandBuffer) throws(ClientError) { try inner.send(commands) }

    func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
      try inner.receive(count, into: replies)
      try meanwhile()
    }

    func pause(_ duration: Duration) {}
  }

  static func keys(_ prefix: String, _ count: Int) -> [FakeKey] {
    (0..<count).map { FakeKey("\(prefix)\($0)") }
  }

  static func batch(_ keys: [FakeKey]) -> RemovalBatch {
    var batch = RemovalBatch()
    for key in keys { batch.append(key.name.span, group: 0) }
    return batch
  }

  @Test func whatOneWorkerReadsIsNoneOfTheOthers() throws {
    // The second worker has fewer keys, so that answers of its would be too few for the first.
    let (one, two) = (Self.keys("one:", 30), Self.keys("two:", 3))
    let (crossed, crossing, alone) = (MemoryFile(), MemoryFile(), MemoryFile())
    let channel = CrossedChannel(one)
    let backup = KeyBackup(crossed)
    let copy = backup
    channel.meanwhile = { () throws(ClientError) in
      _ = try copy.save(Self.batch(two), on: FakeChannel(FakeServer(two), database: 0))
    }
    #expect(try backup.save(Self.batch(one), on: channel).fault == nil)
    _ = try KeyBackup(alone).save(Self.batch(one), on: FakeChannel(FakeServer(one), database: 0))
    _ = try KeyBackup(crossing).save(Self.batch(two), on: FakeChannel(FakeServer(two), database: 0))
    let (mine, others) = (Self.lines(alone), Self.lines(crossing))
    #expect(mine.count == one.count && others.count == two.count)
    #expect(Self.lines(crossed).filter { !others.contains($0) } == mine)
    // The values come one by one, so that only one is held.
    #expect(Self.lines(crossed).count == one.count + one.count * two.count)
  }

  private static func lines(_ file: MemoryFile) -> [String] {
    String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
