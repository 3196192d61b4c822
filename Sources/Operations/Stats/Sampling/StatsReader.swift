import RedisClient
import Reporting

/// Takes reading after reading of a server, or of one server of each shard of a cluster.
final class StatsReader<Channel: CommandChannel> {
  private let target: WalkTarget<Channel>
  private let nodeOnly: Bool
  private let context: RunContext
  /// The server that was named.
  private let seed: StatsSource<Channel>
  /// The nodes of the cluster; nil where there is none to follow.
  private var directory: ClusterDirectory<Channel>?
  /// Every node that was ever read, by its address.
  private var sources: [String: StatsSource<Channel>] = [:]
  /// The addresses that were read last.
  private var readLast: [String] = []

  init(of target: WalkTarget<Channel>, nodeOnly: Bool, context: RunContext) {
    self.target = target
    self.nodeOnly = nodeOnly
    self.context = context
    seed = StatsSource(wantsPrimary: target.identity.isBehindSentinels && !target.reading.usesReplicas) {
      () throws(ClientError) in try target.connect(target.firstDatabase)
    }
  }

  /// Takes a reading of every server.
  ///
  /// `retrying` waits for the end of a state that passes. Throws where no server can be read, or the user asks to
  /// stop; a server that cannot be read beside others is part of what is returned.
  func read(retrying: Bool) throws(ClientError) -> StatsRound {
    if let directory { return try readNodes(directory, of: try topology(directory)) }
    let reading = try context.retry(for: retrying ? target.reading.retryFor : .zero) {
      () throws(ClientError) in try seed.read(at: now)
    }
    guard reading.facts.isClusterNode, !nodeOnly, let reach = target.reach else {
      return StatsRound(readings: [reading])
    }
    let directory = try ClusterDirectory(target, reach: reach, from: try seed.connected())
    self.directory = directory
    seed.disconnect()
    return try readNodes(directory, of: directory.topology)
  }

  /// Waits until a moment; false where the user asks to stop or the run's time is over before it.
  func wait(until moment: ContinuousClock.Instant) -> Bool {
    let end = min(moment, context.deadline.instant ?? moment)
    context.pause(ContinuousClock.now.duration(to: end))
    return !context.mustStop
  }

  /// Asks each server of a round, one after the other; `step` is called with the replies, or what came in their place.
  func ask(
    _ batch: CommandBuffer, of round: StatsRound,
    _ step: (StatsReading, Result<ReplyBuffer, ClientError>) -> Void
  ) throws(ClientError) {
    for reading in round.readings {
      if context.mustStop { throw context.stopError() }
      guard let source = directory == nil ? seed : sources[reading.address] else { continue }
      step(reading, Result { () throws(ClientError) in try source.ask(batch) })
    }
  }

  /// What a report says of the target, and of what the readings lack.
  func header(
    _ round: StatsRound, warnings: [String], schema: String = "rediscache.stats/1"
  ) -> ReportHeader {
    let facts = round.readings.first?.facts ?? ServerInfo()
    let missesShards = facts.isClusterNode && !nodeOnly && !round.isWholeCluster
    var all = round.warnings + warnings
    if missesShards {
      all.insert(
        "this server is one node of a cluster: only its own figures are shown; \(context.advise(.meanThisNode))",
        at: 0)
    }
    all += StatsReader.lacks(round.readings)
    let kind =
      facts.isClusterNode ? "cluster" : target.identity.isBehindSentinels ? "sentinel" : "standalone"
    var header = ReportHeader(
      schema: schema, toolVersion: context.toolVersion, targetName: target.identity.name,
      uri: target.identity.uri, kind: kind, server: facts.server, serverVersion: facts.version,
      nodes: round.headerNodes, startedAt: context.startedAt, durationSeconds: context.elapsedSeconds,
      isComplete: !missesShards && round.faults.isEmpty && round.uncovered.isEmpty, warnings: all)
    header.place = target.identity.place
    header.database = target.firstDatabase
    return header
  }

  /// What the servers do not tell; what several lack is said once.
  private static func lacks(_ readings: [StatsReading]) -> [String] {
    func places(_ some: [StatsReading], _ verb: String) -> String {
      some.count == readings.count && some.count > 1
        ? "the nodes do not \(verb)"
        : some.map(\.address).joined(separator: ", ") + (some.count > 1 ? " do" : " does") + " not \(verb)"
    }
    var warnings: [String] = []
    var told: Set<[String]> = []
    for reading in readings where !reading.missing.isEmpty && told.insert(reading.missing).inserted {
      let alike = readings.filter { $0.missing == reading.missing }
      warnings.append("\(places(alike, "report")) \(reading.missing.joined(separator: ", "))")
    }
    for reading in readings where !reading.impossible.isEmpty {
      warnings.append(
        "\(reading.address) reports impossible figures, which count as unknown: \(reading.impossible.joined(separator: ", "))"
      )
    }
    let mute = readings.filter { !$0.tellsInspections }
    if !mute.isEmpty {
      warnings.append(
        "\(places(mute, "count")) its commands (INFO commandstats): hits and misses hold every lookup of PTTL, TYPE, OBJECT "
          + "and the like, and how many they are is not known")
    }
    let substitute =
      readings.allSatisfy { $0.percentiles == StatsPercentiles() }
      ? "no latencies are shown" : "latencies are approximated from INFO latencystats"
    for fault in Set(readings.compactMap(\.histogramFault)).sorted() {
      warnings.append("\(fault): \(substitute)")
    }
    return warnings
  }

  private var now: Double { target.wallClock + context.elapsedSeconds }

  // MARK: - Clusters

  /// Who has which slots now: nodes fail over and slots move between two readings.
  private func topology(_ directory: ClusterDirectory<Channel>) throws(ClientError) -> ClusterTopology {
    for address in readLast {
      if let topology = sources[address]?.topology() { return topology }
    }
    return try directory.refresh()
  }

  private func readNodes(
    _ directory: ClusterDirectory<Channel>, of topology: ClusterTopology
  ) throws(ClientError) -> StatsRound {
    let shards = topology.shards.map { StatsShard($0.slots, places($0, directory)) }
    // All are connected before any is read, so that the readings are of about the same moment.
    Workers.run(shards.count, atMost: target.reading.mostNodes) { shards[$0].connect() }
    let now = now
    Workers.run(shards.count, atMost: target.reading.mostNodes) { shards[$0].read(at: now) }
    var round = StatsRound(readings: shards.compactMap(\.reading), isWholeCluster: true)
    round.uncovered = topology.uncovered
    round.faults = shards.compactMap { $0.reading == nil ? fault(of: $0) : nil }
    readLast = round.readings.map(\.address)
    if let stopped = round.faults.first(where: { $0.error.kind == .interrupted }) { throw stopped.error }
    guard !round.readings.isEmpty else {
      throw round.faults.first?.error
        ?? ClientError(
          .transient, "no node of the cluster has any slots",
          hints: ["CLUSTER SHARDS shows who should have them"])
    }
    return round
  }

  /// The nodes of a shard that may be read, those first that were read last: their counters can be compared.
  private func places(
    _ shard: ClusterTopology.Shard, _ directory: ClusterDirectory<Channel>
  ) -> [StatsShard<Channel>.Place] {
    let nodes = target.reading.usesReplicas ? shard.replicas : [shard.primary].compactMap(\.self)
    let known = nodes.filter { readLast.contains($0.address.description) }
    return (known + nodes.filter { !known.contains($0) }).map { node in
      let address = node.address.description
      let source =
        sources[address] ?? StatsSource { () throws(ClientError) in try directory.connect(to: node) }
      sources[address] = source
      return (address, source)
    }
  }

  private func fault(of shard: StatsShard<Channel>) -> StatsRound.Fault {
    let role = target.reading.usesReplicas ? "replica" : "primary"
    let fault =
      shard.fault
      ?? (
        nil,
        ClientError(
          target.reading.usesReplicas ? .unreachable : .transient,
          "no \(role) of the cluster has the slots \(shard.slots)",
          hints: ["CLUSTER SHARDS shows which nodes have failed"])
      )
    return StatsRound.Fault(address: fault.address, slots: shard.slots, error: fault.error)
  }
}
