import Bytes
import Keyspace
import RedisClient

/// What one node is asked for.
struct NodeTask {
  var request: WalkRequest
  var databases: [Int]
  var sources: [KeySource] = [.database]
  /// The slots whose keys are looked at; nil for all.
  var slots: SlotSet?
  /// Names that have been dealt with already.
  var known: Set<NameFilter.Entry> = []
  /// Common to all walks of a run.
  var seed: UInt64
  /// So many of the names let through are remembered.
  var mostRemembered = 0
  /// So many nodes share the rate that is allowed.
  var nodes = 1
  /// Where the state of the walk is kept, for another run to go on with.
  var checkpoint: ScanCheckpoint?
}

/// Walks one node with one visitor: its databases, one source after the other, through lost connections and restarts.
struct NodeWalk<Channel: CommandChannel, Visitor: KeyVisitor> {
  /// So often a node is walked again from the start.
  private static var mostRestarts: Int { 8 }

  private let node: ServerNode<Channel>
  private let task: NodeTask
  private let context: RunContext
  private let progress: (Int, Double?) -> Void
  private(set) var visitor: Visitor
  private(set) var result = WalkResult()
  private(set) var filters: [NameFilter]
  private var backoff: Backoff

  // Where the work stands.
  private var database = 0
  private var source = 0
  private var walk: SourceWalk<Channel>?
  private var seenBefore = 0
  private var mustReconnect = false

  // What an earlier run has left.
  private let keeper: NodeCheckpoint?
  private var hasTakenUp = false
  private var goesOn = false
  private var mark: SourceState?

  init(
    _ node: ServerNode<Channel>, _ task: NodeTask, _ visitor: Visitor, context: RunContext,
    progress: @escaping (Int, Double?) -> Void
  ) {
    self.node = node
    self.task = task
    self.visitor = visitor
    self.context = context
    self.progress = progress
    backoff = node.backoff
    keeper = task.checkpoint?.keeper(for: task.slots)
    // What cannot be taken back must be remembered, in case the walk begins anew.
    let most =
      visitor.isIrrevocable ? max(task.mostRemembered, NameFilter.most / task.nodes) : task.mostRemembered
    filters = task.databases.map { _ in
      var filter = NameFilter(slots: task.slots, seed: task.seed, most: most)
      filter.known = task.known
      return filter
    }
  }

  /// Runs to the end, or until what stands in the way does not pass.
  mutating func run() {
    visitor.beginWalk(at: WalkPlace(address: node.endpoint.place, clock: node.clock))
    while true {
      do throws(ClientError) {
        if mustReconnect || node.fault != nil { try reconnect() }
        takeUp()
        try goOn()
        noteFlushOrSwap()
        if result.failure == nil { keeper?.finish(result, firstFilter, seen: seenBefore, visitor) }
        return
      } catch {
        guard retries(after: error) else { return }
      }
    }
  }

  /// Works off what is left, database by database.
  private mutating func goOn() throws(ClientError) {
    while database < task.databases.count {
      while source < task.sources.count, result.failure == nil, !visitor.wantsStop {
        try walkSource(task.sources[source])
        source += 1
      }
      guard result.failure == nil, !visitor.wantsStop else { return }
      source = 0
      database += 1
    }
  }

  private mutating func walkSource(_ source: KeySource) throws(ClientError) {
    if walk == nil { walk = try begin(source) }
    guard var current = walk.take() else { return }
    let (before, context, progress, keeper) = (seenBefore, context, progress, keeper)
    var hasProgressed = false
    let ending: SourceWalk<Channel>.Ending
    do throws(ClientError) {
      ending = try current.run(&visitor, keeper: keeper) { position in
        hasProgressed = true
        progress(before + position.seen, position.share)
        return context.mustStop || keeper?.mustStop(before: context.deadline) ?? false
      }
    } catch {
      if hasProgressed { backoff.noteProgress() }
      walk = current
      throw error
    }
    backoff.noteProgress()
    if ending == .stopped, let mark = current.mark { keeper?.keep(mark, visitor) }
    settle(current)
    progress(seenBefore, 1)
    if visitor.isCutShort || ending == .stopped && !visitor.wantsStop { result.fail(context.stopError()) }
  }

  /// The walk over a source, begun or gone on with where an earlier run stood.
  private mutating func begin(_ source: KeySource) throws(ClientError) -> SourceWalk<Channel> {
    let channel = try node.channel(for: task.databases[database])
    var walk = SourceWalk(
      channel: channel, plan: plan(source), filter: filters[database], roundTrip: node.roundTrip(channel))
    if let mark = mark.take() {
      walk.begin(at: mark)
    } else if database > 0 || goesOn {
      visitor.beginWalk(at: WalkPlace(address: node.endpoint.place, clock: node.clock))
    }
    keeper?.begin(place, database: task.databases[database], seenBefore: seenBefore, result)
    return walk
  }

  private var place: NodeCheckpoint.Place {
    NodeCheckpoint.Place(runID: node.facts.runID, flushesAndSwaps: node.flushesAndSwaps)
  }

  /// Takes over what an earlier run has left of the node, if it holds for the process that answers now.
  private mutating func takeUp() {
    guard let keeper, !hasTakenUp else { return }
    hasTakenUp = true
    switch keeper.takeUp(place, firstFilter, &visitor) {
    case .anew: keeper.begin(place, database: 0, seenBefore: 0, result)
    case .startedOver(let reason):
      result.warnings.append(
        "the checkpoint does not hold for \(node.endpoint.place): \(reason); its keys were walked again from the start"
      )
      keeper.begin(place, database: 0, seenBefore: 0, result)
    case .goesOn(let stand, let isDone):
      goesOn = true
      result.merge(stand.result)
      seenBefore = stand.seenBefore
      keeper.begin(place, database: stand.database, seenBefore: seenBefore, result)
      let next = isDone ? nil : task.databases.firstIndex { $0 >= stand.database }
      database = next ?? task.databases.count
      guard let next else {
        if !filters.isEmpty { filters[0] = stand.mark.filter }
        return progress(seenBefore, 1)
      }
      if task.databases[next] == stand.database { mark = stand.mark }
    }
  }

  /// The filter of the first database, which is the only one in a cluster; where there is no database, an empty one.
  private var firstFilter: NameFilter { filters.first ?? NameFilter(seed: task.seed) }

  /// Takes over what a walk that has ended brought beside its keys.
  private mutating func settle(_ walk: SourceWalk<Channel>) {
    seenBefore += walk.seen
    filters[database] = walk.filter
    result.note(walk.measurer, task.request, user: walk.channel.endpoint.userName, at: node.server)
  }

  private func plan(_ source: KeySource) -> SourceWalk<Channel>.Plan {
    var plan = SourceWalk<Channel>.Plan(source: source, pace: task.request.makePace(sharedBy: task.nodes))
    // Only where the server's names are the keys themselves can it choose among them.
    if source.namesLiveKeys {
      let pattern = task.request.selection.pattern
      plan.pattern = pattern.matchesEverything ? nil : pattern.bytes
      plan.type = task.request.selection.type
    }
    return plan
  }

  // MARK: - Failures

  /// Waits before another attempt; false where there is to be none.
  private mutating func retries(after error: ClientError) -> Bool {
    // Replies that never came may have been lookups all the same.
    result.noteUncounted(at: node.server)
    visitor.connectionLost()
    mustReconnect = true
    guard error.isWorthAnotherTry, !context.mustStop, let wait = backoff.next() else {
      abandon(error)
      return false
    }
    result.retries += 1
    context.pause(wait)
    guard !context.mustStop else {
      abandon(context.stopError(" while \(node.endpoint.description) did not answer"))
      return false
    }
    return true
  }

  private mutating func abandon(_ error: ClientError) {
    if let mark = walk?.mark { keeper?.keep(mark, visitor) }
    if let walk { settle(walk) }
    walk = nil
    result.fail(error)
  }

  /// Connects again, and begins anew where the process that answers is another one.
  private mutating func reconnect() throws(ClientError) {
    let isSame = try node.connect(task.databases[min(database, task.databases.count - 1)])
    mustReconnect = false
    // The place in a list is this side's own; that in a set is the server's.
    let holds = (walk?.plan.source ?? task.sources.first)?.isList ?? false || isSame && node.holdsCursors
    if holds {
      let channel = try node.channel(for: task.databases[database])
      walk?.reconnect(channel)
      return
    }
    let hadBegun = walk != nil || database > 0 || source > 0 || goesOn
    guard result.restarts < Self.mostRestarts else {
      throw ClientError(
        .server, "\(node.endpoint.description) was another process \(Self.mostRestarts) times in a row",
        hints: ["look into its log: it may be this very walk that ends it"])
    }
    walk?.forgetUnvisited(&visitor)
    if let walk { filters[database] = walk.filter }
    walk = nil
    (goesOn, mark) = (false, nil)
    (database, source, seenBefore) = (0, 0, 0)
    for index in filters.indices { filters[index].startOver(remembering: visitor.isIrrevocable) }
    if hadBegun {
      visitor.startOver()
      result.restarts += 1
      if !isSame {
        result.warnings.append(
          "\(node.endpoint.place) is another process than before (a restart or a failover): its keys were walked again from the start"
        )
      }
    }
    visitor.beginWalk(at: WalkPlace(address: node.endpoint.place, clock: node.clock))
  }

  private mutating func noteFlushOrSwap() {
    guard result.failure == nil, task.sources.contains(where: \.namesLiveKeys), node.wasFlushedOrSwapped()
    else {
      return
    }
    result.isComplete = false
    result.warnings.append(
      "the keyspace of \(node.endpoint.place) was flushed or swapped while it was walked: the figures mix what was there before and after"
    )
  }
}

extension ClientError {
  /// True for what may pass by itself: a lost connection, a server that starts or fails over.
  var isWorthAnotherTry: Bool {
    switch kind {
    case .closed, .timeout, .runOver, .unreachable, .transient: true
    case .protocolViolation, .permission, .usage, .server, .interrupted: false
    }
  }
}
