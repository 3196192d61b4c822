import RedisClient

/// One server whose statistics are read again and again, over a new connection where the old one was lost.
///
/// Invariant behind `@unchecked`: it belongs to one thread at a time. Each worker gets sources of its own, and the caller
/// uses them again only when all workers are done; ``Transferred`` says why there is no lock.
final class StatsSource<Channel: CommandChannel>: @unchecked Sendable {
  /// Opens a connection, looking anew for where the server is.
  private let open: () throws(ClientError) -> Channel
  /// True where a server that has become a replica is no longer the one that is meant.
  private let wantsPrimary: Bool
  private var sampler = StatsSampler<Channel>()
  /// The connection; nil before the first, and once one was lost.
  private var channel: Channel?
  /// Commands of the tool's own that the server has counted by the reading taken last.
  private var ownCommands = 0

  init(wantsPrimary: Bool = false, open: @escaping () throws(ClientError) -> Channel) {
    self.wantsPrimary = wantsPrimary
    self.open = open
  }

  /// The open connection, or a new one.
  @discardableResult
  func connected() throws(ClientError) -> Channel {
    if let channel { return channel }
    let fresh = try open()
    channel = fresh
    return fresh
  }

  func disconnect() { channel = nil }

  /// Takes a reading at a moment, in seconds since 1970.
  ///
  /// A server may close a connection that idles, so a lost one is worth a second try.
  func read(at localSeconds: Double) throws(ClientError) -> StatsReading {
    if let old = channel {
      do throws(ClientError) {
        let reading = try read(old, at: localSeconds)
        guard wantsPrimary, reading.facts.role == "replica" else { return reading }
      } catch {
        guard error.kind == .closed else { throw error }
      }
      channel = nil
    }
    return try read(try connected(), at: localSeconds)
  }

  private func read(_ channel: Channel, at localSeconds: Double) throws(ClientError) -> StatsReading {
    // A connection on which anything failed answers nothing more.
    self.channel = nil
    var reading = try sampler.read(channel, localSeconds: localSeconds)
    self.channel = channel
    ownCommands += sampler.ownCommands
    reading.ownCommands = ownCommands
    return reading
  }

  /// Sends further commands, which are counted among the tool's own, and waits for their replies.
  func ask(_ batch: CommandBuffer) throws(ClientError) -> ReplyBuffer {
    let channel = try connected()
    // A connection on which anything failed answers nothing more.
    self.channel = nil
    let replies = ReplyBuffer()
    try channel.send(batch)
    try channel.receive(batch.count, into: replies)
    self.channel = channel
    ownCommands += batch.count
    return replies
  }

  /// What the server says of its cluster; nil where it cannot be asked now.
  func topology() -> ClusterTopology? {
    guard let old = channel else { return nil }
    channel = nil
    guard let topology = try? ClusterTopology.read(from: old) else { return nil }
    channel = old
    ownCommands += 1
    return topology
  }
}
