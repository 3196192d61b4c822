package import RedisClient
package import Reporting

/// Listens to the servers of a target, and tells which keys are looked for in vain, and why.
package struct HitsOperation {
  private let request: HitsRequest
  private let target: WalkTarget<Connection>
  private let context: RunContext
  private let announce: (String) -> Void

  /// What a run ended with.
  package struct Outcome {
    /// The report; of a part of the time or of the servers, where not all could be listened to.
    package let report: HitsReport
    /// Why listening ended before its time.
    package let failure: ClientError?
  }

  /// Prepares a run; `announce` shows a line before anything is changed at a server.
  package init(
    _ request: HitsRequest, of target: WalkTarget<Connection>, context: RunContext,
    announce: @escaping (String) -> Void
  ) {
    self.request = request
    self.target = target
    self.context = context
    self.announce = announce
  }

  /// Listens once.
  ///
  /// Throws where no server can be reached, and where a server does not let its events be switched on.
  package func run() throws(ClientError) -> Outcome {
    let (nodes, memory) = try prepare()
    let ledger = HitsSink(
      HitsLedger(
        request, database: target.firstDatabase, nodes: nodes.count, census: memory?.census))
    listen(to: nodes, ledger)
    return outcome(nodes, memory, ledger, warnings: putBack(nodes))
  }

  /// Listens again and again, and hands on the report of each interval, until the user asks to stop or the run's time is over.
  ///
  /// Throws as `run` does, and what `take` throws.
  package func watch(_ take: (Outcome) throws -> Void) throws {
    let (nodes, memory) = try prepare()
    defer { putBack(nodes).forEach(announce) }
    let ledger = HitsSink(
      HitsLedger(
        request, database: target.firstDatabase, nodes: nodes.count, census: memory?.census))
    while !context.mustStop {
      listen(to: nodes, ledger)
      try take(outcome(nodes, memory, ledger, warnings: []))
      ledger.withLedger { $0.beginInterval() }
      nodes.forEach { $0.beginInterval() }
    }
  }

  private func prepare() throws(ClientError) -> (nodes: [HitsNode], memory: HitsMemory?) {
    let nodes = try findNodes()
    let memory =
      request.measuresMemory
      ? try HitsMemory(request, of: target, samplesUse: !mayMonitor(nodes[0]), context: context) : nil
    do throws(ClientError) {
      for node in nodes { try node.switchOn() }
    } catch {
      _ = putBack(nodes)
      throw error
    }
    return (nodes, memory)
  }

  /// True where reads will be listened to. Whether the user has the right shows only when it is used.
  private func mayMonitor(_ node: HitsNode) -> Bool {
    let safety = MonitorSafety(mostOperations: request.mostOperations, isForced: request.isForced)
    let plan = MonitorPlan(
      duration: request.duration, duty: request.duty, nodes: 1, following: request.refill)
    guard request.monitors, safety.objection(to: node.facts, for: plan.length) == nil else { return false }
    let reply = try? node.access.open(false).call("MONITOR")
    return reply.map { $0.error == nil } ?? true
  }

  private func outcome(
    _ nodes: [HitsNode], _ memory: HitsMemory?, _ ledger: HitsSink, warnings: [String]
  ) -> Outcome {
    let reporter = HitsReporter(
      request: request, target: target, context: context, nodes: nodes, memory: memory,
      isCluster: nodes.count > 1 || nodes.contains { $0.facts.isClusterNode })
    return Outcome(
      report: ledger.withLedger { reporter.report($0, warnings: warnings) }, failure: failure(of: nodes))
  }

  private func failure(of nodes: [HitsNode]) -> ClientError? {
    if context.shouldStop() { return ClientError(.interrupted, "stopped before the time was over") }
    return nodes.lazy.compactMap(\.failure).first
  }

  // MARK: - Nodes

  private func findNodes() throws(ClientError) -> [HitsNode] {
    try context.retry(for: target.reading.retryFor) { () throws(ClientError) in
      let seed = try target.connect(target.firstDatabase)
      let facts = try ServerInfo.read(from: seed)
      guard facts.isClusterNode, !request.nodeOnly, let reach = target.reach else {
        return [
          try HitsNode(0, access { _ throws(ClientError) in try target.connect(target.firstDatabase) })
        ]
      }
      let directory = try ClusterDirectory(target, reach: reach, from: seed)
      var nodes: [HitsNode] = []
      for shard in directory.topology.shards {
        nodes.append(try node(nodes.count, of: shard, directory))
      }
      return nodes
    }
  }

  /// The server that has a shard's slots; after a loss the one that has them then.
  private func node(
    _ index: Int, of shard: ClusterTopology.Shard, _ directory: ClusterDirectory<Connection>
  ) throws(ClientError) -> HitsNode {
    try HitsNode(
      index,
      access { isAgain throws(ClientError) in
        try directory.connect(toOwnerOf: shard.slots, isAgain: isAgain)
      })
  }

  private func access(
    _ open: @escaping (Bool) throws(ClientError) -> Connection
  ) -> HitsNode.Access {
    let (announce, spell) = (announce, request.spellRestoration)
    let willSwitchOn = { (address: String, restoration: HitsRequest.Restoration) in
      announce(
        "the notifications of \(address) are switched on for this run; if it is killed, set them back with: "
          + spell(restoration))
    }
    return HitsNode.Access(open: open, willSwitchOn: request.enablesNotifications ? willSwitchOn : nil)
  }

  private func putBack(_ nodes: [HitsNode]) -> [String] {
    nodes.flatMap(\.switches).compactMap { $0.putBack(request.spellRestoration) }
  }

  // MARK: - Listening

  private func listen(to nodes: [HitsNode], _ ledger: HitsSink) {
    let end = ContinuousClock.now.advanced(by: request.duration)
    let until = context.deadline.instant.map { min($0, end) } ?? end
    let listeners = nodes.map { node in
      Transferred(
        value: HitsListener(
          to: node, channels(of: node), ledger, wallClock: target.wallClock,
          wantsPrimary: wantsPrimary(node), asksSentinels: target.identity.isBehindSentinels, until: until,
          context: context))
    }
    let sampler = request.monitors ? Transferred(value: sampler(nodes, ledger, until: until)) : nil
    let retryFor = target.reading.retryFor
    let count = listeners.count + (sampler == nil ? 0 : 1)
    Workers.run(count, atMost: max(2, count)) { index in
      if index < listeners.count {
        listeners[index].value.run(retryFor: retryFor)
      } else {
        sampler?.value.run()
      }
    }
  }

  /// True where another server may take over from a node, and clients go there.
  private func wantsPrimary(_ node: HitsNode) -> Bool {
    let mayMove = target.identity.isBehindSentinels || node.facts.isClusterNode && !request.nodeOnly
    return mayMove && !target.reading.usesReplicas
  }

  private func channels(of node: HitsNode) -> HitsChannels {
    HitsChannels(database: target.firstDatabase, databases: node.databases)
  }

  private func sampler(
    _ nodes: [HitsNode], _ ledger: HitsSink, until end: ContinuousClock.Instant
  ) -> MonitorSampler {
    MonitorSampler(
      nodes, nodes.map(channels),
      MonitorPlan(
        duration: ContinuousClock.now.duration(to: end), duty: request.duty, nodes: nodes.count,
        following: request.refill),
      MonitorSafety(mostOperations: request.mostOperations, isForced: request.isForced), ledger, until: end,
      context: context)
  }
}
