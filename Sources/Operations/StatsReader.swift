import Keyspace
import RedisClient
import Reporting

/// Takes reading after reading of one server, connecting anew where the connection was lost in between.
final class StatsReader<Channel: CommandChannel> {
  private let target: WalkTarget<Channel>
  private let context: RunContext
  private var sampler = StatsSampler<Channel>()
  /// Usable, unless `isLost`.
  private var channel: Channel?
  private var isLost = false

  init(_ target: WalkTarget<Channel>, _ context: RunContext) {
    self.target = target
    self.context = context
  }

  /// How many commands of the tool's own the server counts between two readings.
  var ownCommands: Int { sampler.ownCommands }

  /// Takes a reading.
  ///
  /// A server may close a connection that idles, so a lost one is worth a second try.
  func read() throws(ClientError) -> StatsReading {
    if let channel, !isLost {
      do { return try read(channel) } catch {
        guard error.kind == .closed else { throw error }
      }
    }
    let fresh = try target.connect(target.firstDatabase)
    channel = fresh
    return try read(fresh)
  }

  private func read(_ channel: Channel) throws(ClientError) -> StatsReading {
    isLost = true
    let reading = try sampler.read(channel, localSeconds: target.wallClock + context.elapsedSeconds)
    isLost = false
    return reading
  }

  /// Waits until a moment; false where the user asks to stop or the run's time is over before it.
  func wait(until moment: ContinuousClock.Instant) -> Bool {
    let end = min(moment, context.deadline.instant ?? moment)
    channel?.pause(ContinuousClock.now.duration(to: end))
    return !context.shouldStop() && !context.deadline.hasPassed
  }

  /// What a report says of the target, and of what the readings lack.
  func header(_ readings: [StatsReading], nodeOnly: Bool, warnings: [String]) -> ReportHeader {
    let facts = readings.first?.facts ?? ServerFacts(info: "")
    let missesShards = facts.isClusterNode && !nodeOnly
    var warnings = warnings
    if missesShards {
      warnings.insert(
        "this server is one node of a cluster: only its own figures are shown; --node-only says that this is meant",
        at: 0)
    }
    for reading in readings where !reading.missing.isEmpty {
      warnings.append("\(reading.address) does not tell \(reading.missing.joined(separator: ", "))")
    }
    if let fault = sampler.histogramFault {
      let substitute =
        readings.allSatisfy { $0.percentiles == StatsPercentiles() }
        ? "no latencies are shown" : "latencies are approximated from INFO latencystats"
      warnings.append("\(fault): \(substitute)")
    }
    return ReportHeader(
      schema: "rediscache.stats/1", toolVersion: context.toolVersion, targetName: target.identity.name,
      uri: target.identity.endpoint.description, kind: facts.isClusterNode ? "cluster" : "standalone",
      server: facts.server, serverVersion: facts.version,
      nodes: readings.map { .init(address: $0.address, role: $0.facts.role) },
      startedAt: context.startedAt, durationSeconds: context.elapsedSeconds, isComplete: !missesShards,
      warnings: warnings)
  }
}
