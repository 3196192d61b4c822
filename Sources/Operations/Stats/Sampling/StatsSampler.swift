import RedisClient

/// Reads a server's statistics with one batch of four commands.
///
/// INFO comes last, so that none of the four falls between it and the next reading.
struct StatsSampler<Channel: CommandChannel> {
  /// How many commands of the tool's own the server counts from one reading to the next on one connection.
  private(set) var ownCommands = 0
  /// Why there is no LATENCY HISTOGRAM; nil where there is one.
  private var histogramFault: String?

  /// Takes a reading; `localSeconds` is the time here in seconds since 1970.
  ///
  /// Throws where the connection fails and where INFO, without which there is nothing to tell, is refused.
  mutating func read(_ channel: Channel, localSeconds: Double) throws(ClientError) -> StatsReading {
    var batch = CommandBuffer()
    let asksHistogram = histogramFault == nil
    if asksHistogram { batch.append("LATENCY", "HISTOGRAM") }
    batch.append("INFO", "commandstats")
    batch.append("INFO", "latencystats")
    batch.append("INFO")
    let replies = ReplyBuffer()
    try channel.send(batch)
    try channel.receive(batch.count, into: replies)
    ownCommands = batch.count
    let info = replies[batch.count - 1]
    if let error = info.error { throw ClientError(error, to: "INFO", at: channel.endpoint) }
    guard let text = try? info.decode(String.self) else {
      throw ClientError(
        DecodeError(expected: "a text", found: info.summary), to: "INFO", at: channel.endpoint)
    }
    let calls = asksHistogram ? histogram(replies[0], channel.endpoint) : nil
    var reading = StatsReading(
      address: channel.endpoint.place, info: text, commandStats: section(replies[batch.count - 3]),
      latencyStats: section(replies[batch.count - 2]), histogram: calls, localSeconds: localSeconds)
    reading.histogramFault = histogramFault
    return reading
  }

  /// A section that is not there tells nothing.
  private func section(_ reply: Reply) -> ServerInfo {
    ServerInfo(reply) ?? ServerInfo()
  }

  /// Merges the commands of LATENCY HISTOGRAM; each has `calls` and `histogram_usec`, pairs of a bin's upper
  /// bound and the calls up to it.
  private mutating func histogram(_ reply: Reply, _ endpoint: Endpoint) -> StatsHistogram? {
    if let error = reply.error {
      histogramFault = error.reason("LATENCY HISTOGRAM", at: endpoint)
      return nil
    }
    let parts = reply.children
    var merged = StatsHistogram()
    for index in stride(from: 0, to: parts.count - 1, by: 2) {
      guard let command = try? parts[index].decode(String.self), !StatsReading.isMonitoring(command) else {
        continue
      }
      let details = parts[index + 1].children
      for place in stride(from: 0, to: details.count - 1, by: 2)
      where (try? details[place].decode(String.self)) == "histogram_usec" {
        guard let pairs = try? details[place + 1].decode([Double].self) else { continue }
        var before = 0
        for pair in stride(from: 0, to: pairs.count - 1, by: 2) {
          guard let calls = Int(exactly: pairs[pair + 1]), (before...StatsHistogram.mostCalls).contains(calls)
          else { break }
          merged.add(calls - before, upTo: pairs[pair])
          before = calls
        }
      }
    }
    return merged
  }

}
