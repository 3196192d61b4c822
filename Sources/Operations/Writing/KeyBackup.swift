import RedisClient
import SeedFormat

/// Writes the values of keys into a seed file before they are removed.
struct KeyBackup {
  /// The number of values that are asked for together.
  private static let keysPerRequest = 20
  /// What is written before all of a request has come, so that few large values are in memory at a time. A request that is
  /// lost is made again, and what was written of it stands twice.
  private static let writtenBytes = 16 << 20

  private let file: any RecordFile

  init(_ file: any RecordFile) { self.file = file }

  /// What became of saving a batch.
  struct Saved {
    /// The number of keys whose values are in the file.
    var count = 0
    /// Keys, by their places in the batch, that the user may not read.
    var forbidden: [Int] = []
    /// Keys, by their places in the batch, that another node has.
    var moved: [Int] = []
    /// The server's words about the first that is forbidden.
    var refusal: String?
    /// Why the file cannot be written or a value cannot be read: nothing may be removed then.
    var fault: RecordError?
  }

  /// Saves the keys of a batch and returns once they are on disk; keys that are gone are passed over.
  ///
  /// Nothing else may be under way on the channel. `database` is that of the channel where it is not the one that its endpoint names.
  /// `memberships` gives the sets that a key is taken out of.
  func save(
    _ batch: RemovalBatch, in database: Int? = nil, on channel: some CommandChannel,
    memberships: ([UInt8]) -> [SeedMembership] = { _ in [] }
  ) throws(ClientError) -> Saved {
    let database = database ?? channel.endpoint.database
    var saved = Saved()
    // Not a part of the value: the workers of several nodes have copies of it, and save at the same time.
    let replies = ReplyBuffer()
    for start in stride(from: 0, to: batch.count, by: KeyBackup.keysPerRequest) {
      let part = start..<min(batch.count, start + KeyBackup.keysPerRequest)
      var commands = CommandBuffer()
      for index in part {
        let key = batch.key(index)
        commands.append([Array("DUMP".utf8), key])
        commands.append([Array("PTTL".utf8), key])
        // With the server's time the expiry can be written as a moment, which stays true in a file.
        commands.append("TIME")
      }
      try channel.send(commands)
      var lines: [UInt8] = []
      for (offset, index) in part.enumerated() {
        replies.removeAll()
        try channel.receive(3, into: replies)
        let answer = record(batch.key(index), in: replies)
        if answer.isLast { try drop(3 * (part.count - offset - 1), on: channel) }
        switch answer {
        case .record(var record):
          record.database = database
          record.memberships = memberships(record.key)
          SeedWriter.append(record, to: &lines)
          saved.count += 1
        case .gone: break
        case .moved: saved.moved.append(index)
        case .refused(let command, let error): throw ClientError(error, to: command, at: channel.endpoint)
        case .forbidden(let reason):
          saved.forbidden.append(index)
          saved.refusal = saved.refusal ?? reason
        case .unreadable(let reason):
          saved.fault = RecordError(
            "the backup cannot read a key, so nothing is changed from there on: \(reason)")
          return saved
        }
        guard lines.count >= KeyBackup.writtenBytes || index == part.last else { continue }
        do { try file.append(lines) } catch {
          try drop(3 * (part.count - offset - 1), on: channel)
          saved.fault = error
          return saved
        }
        lines = []
      }
    }
    do { try file.synchronize() } catch { saved.fault = error }
    return saved
  }

  /// Receives replies that nothing depends on any longer.
  private func drop(_ count: Int, on channel: some CommandChannel) throws(ClientError) {
    let replies = ReplyBuffer()
    for _ in 0..<count {
      replies.removeAll()
      try channel.receive(1, into: replies)
    }
  }

  /// What the answers about a key say.
  private enum Answer {
    case record(SeedRecord)
    case gone
    case moved
    /// The server does not answer now, or never answers this command here.
    case refused(command: String, ServerError)
    case forbidden(String)
    case unreadable(String)

    /// True where no further key is saved.
    var isLast: Bool {
      switch self {
      case .record, .gone, .moved, .forbidden: false
      case .refused, .unreadable: true
      }
    }
  }

  /// Reads the replies to DUMP, PTTL and TIME.
  private func record(_ key: [UInt8], in replies: ReplyBuffer) -> Answer {
    let (dump, left) = (replies[0], replies[1])
    for (command, reply) in [("DUMP", dump), ("PTTL", left)] {
      guard let error = reply.error else { continue }
      if error.isRedirection { return .moved }
      if error.isTransient || error.isUnknownCommand || error.isCommandForbidden {
        return .refused(command: command, error)
      }
      return error.isKeyForbidden ? .forbidden(error.shownMessage) : .unreadable(error.shownMessage)
    }
    // Only these two answers say that there is nothing to be saved.
    if dump.isNull || left.integer == -2 { return .gone }
    guard let value = ValueForm.dump.value(dump), let time = try? left.decode(RemainingTime.self) else {
      return .unreadable("unexpected reply, \(dump.summary) and \(left.summary)")
    }
    guard case .milliseconds(let ttl) = time else {
      return .record(SeedRecord(key: key, value: value, expiry: .never))
    }
    return .record(SeedRecord(key: key, value: value, expiry: expiry(ttl, time: replies[2])))
  }

  /// The moment of expiry; the remaining TTL where the server's time makes no sense.
  private func expiry(_ ttl: Int64, time: Reply) -> SeedExpiry {
    guard let now = ServerTime(time), ttl <= SeedExpiry.longest - now.milliseconds else {
      return SeedExpiry(left: ttl)
    }
    return .at(milliseconds: now.milliseconds + ttl)
  }
}
