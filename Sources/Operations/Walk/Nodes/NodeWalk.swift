import Keyspace
import RedisClient

/// Walks one node with one visitor: its databases, one source after the other, through lost connections and restarts.
struct NodeWalk<Channel: CommandChannel, Visitor: SendingVisitor> {
  /// How often a node is walked again from the start.
  private static var mostRestarts: Int { 8 }

  private let node: ServerNode<Channel>
  private let task: NodeTask
  private let context: RunContext
  private let progress: (Int, Double?) -> Void
  private(set) var visitor: Visitor
  private(set) var result = WalkResult()
  private(set) var filters: [NameFilter]
  private var backoff: Backoff

  // The position.
  private var database = 0
  private var source = 0
  private var walk: SourceWalk<Channel>?
  private var seenBefore = 0
  private var mustReconnect = false

  // What an earlier run has saved.
  private let checkpoint: NodeCheckpoint?
  private var hasLoaded = false
  private var isResumed = false
  private var saved: SourceState?

  /// `progress` gets the number of keys seen, and the share of the node that is done.
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
    checkpoint = task.checkpoint?.node(for: task.slots)
    filters = task.makeFilters(isIrrevocable: visitor.isIrrevocable)
  }

  /// Runs to the end, or until a failure that does not pass.
  mutating func run() {
    // Of a large cluster the nodes that are left would each be asked for a page.
    guard !context.mustStop else { return result.fail(context.stopError()) }
    beginWalk()
    while true {
      do throws(ClientError) {
        if mustReconnect || node.fault != nil { try reconnect() }
        loadCheckpoint()
        try walkDatabases()
        noteFlushOrSwap()
        if result.failure == nil { checkpoint?.finish(result, firstFilter, seen: seenBefore, visitor) }
        return
      } catch {
        guard retries(after: error) else { return }
      }
    }
  }

  private mutating func walkDatabases() throws(ClientError) {
    while database < task.databases.count {
      while source < task.sources.count, result.failure == nil, !visitor.wantsStop {
        try walkSource(task.sources[source])
        source += 1
      }
      guard result.failure == nil, !visitor.wantsStop else { return }
      filters[database].endWalk()
      source = 0
      database += 1
    }
  }

  private mutating func walkSource(_ source: KeySource) throws(ClientError) {
    if walk == nil { walk = try begin(source) }
    guard var current = walk.take() else { return }
    let (before, context, progress, checkpoint) = (seenBefore, context, progress, checkpoint)
    var hasProgressed = false
    let ending: SourceWalk<Channel>.Ending
    do throws(ClientError) {
      ending = try current.run(&visitor, savingTo: checkpoint) { position in
        hasProgressed = true
        progress(before + position.seen, position.share)
        return context.mustStop || checkpoint?.mustStop(before: context.deadline) ?? false
      }
    } catch {
      if hasProgressed { backoff.noteProgress() }
      walk = current
      throw error
    }
    backoff.noteProgress()
    if ending == .stopped, let state = current.state { checkpoint?.save(state, visitor) }
    settle(current)
    progress(seenBefore, 1)
    if visitor.isCutShort || ending == .stopped && !visitor.wantsStop { result.fail(context.stopError()) }
  }

  /// The walk over a source: a new one, or where an earlier run has saved its state the rest of it.
  private mutating func begin(_ source: KeySource) throws(ClientError) -> SourceWalk<Channel> {
    let channel = try node.channel(for: task.databases[database])
    let roundTrip = node.roundTrip(channel)
    var plan: SourceWalk<Channel>.Plan = task.plan(for: source)
    plan.hasExpiringFields = node.counted(in: [task.databases[database]])?.partlyExpiring ?? 0 > 0
    if task.request.selection.choosesByMoment { plan.clock = node.clock }
    var walk = SourceWalk(
      channel: channel, plan: plan, filter: filters[database], roundTrip: roundTrip,
      asksTime: node.clock.isServers && roundTrip >= ServerTimer.farRoundTrip)
    if let saved = saved.take() {
      walk.resume(at: saved)
    } else if database > 0 || isResumed {
      beginWalk()
    }
    checkpoint?.begin(process, database: task.databases[database], seenBefore: seenBefore, result)
    return walk
  }

  private mutating func beginWalk() {
    guard task.databases.indices.contains(database) else { return }
    visitor.beginWalk(of: task.databases[database], at: node.endpoint.place, clock: node.clock)
  }

  /// Takes what a walk has found out beside its keys.
  private mutating func settle(_ walk: SourceWalk<Channel>) {
    seenBefore += walk.seen
    filters[database] = walk.filter
    result.note(walk.measurer, task.request, user: walk.channel.endpoint.userName, at: node.server)
    // Only the nodes of a known cluster have keys that another one takes over.
    if task.slots == nil, node.keepsCursors, !task.request.nodeOnly {
      result.noteMoved(walk.measurer.movedKeys, at: node.endpoint.place)
    }
  }

  // MARK: - Checkpoint

  private var process: NodeCheckpoint.Process {
    NodeCheckpoint.Process(runID: node.facts.runID, flushesAndSwaps: node.flushesAndSwaps)
  }

  /// Resumes what an earlier run has saved of the node, if it is valid for the process that answers now.
  private mutating func loadCheckpoint() {
    guard let checkpoint, !hasLoaded else { return }
    hasLoaded = true
    switch checkpoint.resume(process, with: firstFilter, &visitor) {
    case .nothing: checkpoint.begin(process, database: 0, seenBefore: 0, result)
    case .invalid(let reason):
      result.warnings.append(
        "the checkpoint does not hold for \(node.endpoint.place): \(reason); its keys were walked again from the start"
      )
      checkpoint.begin(process, database: 0, seenBefore: 0, result)
    case .resumed(let state, let isDone):
      isResumed = true
      result.merge(state.result)
      seenBefore = state.seenBefore
      checkpoint.begin(process, database: state.database, seenBefore: seenBefore, result)
      let next = isDone ? nil : task.databases.firstIndex { $0 >= state.database }
      database = next ?? task.databases.count
      guard let next else {
        if !filters.isEmpty { filters[0] = state.source.filter }
        return progress(seenBefore, 1)
      }
      if task.databases[next] == state.database { saved = state.source }
    }
  }

  /// The filter of the first database, which is the only one in a cluster; an empty one where there is no database.
  private var firstFilter: NameFilter { filters.first ?? NameFilter(seed: task.seed) }

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
    if let state = walk?.state { checkpoint?.save(state, visitor) }
    if let walk { settle(walk) }
    walk = nil
    result.fail(error)
  }

  /// Connects again, and starts over where another process answers.
  private mutating func reconnect() throws(ClientError) {
    let isSame = try node.connect(task.databases[min(database, task.databases.count - 1)])
    mustReconnect = false
    // The position in a list is known here; that in a set is the server's.
    let isValid = (walk?.plan.source ?? task.sources.first)?.isList ?? false || isSame && node.keepsCursors
    if isValid {
      let channel = try node.channel(for: task.databases[database])
      walk?.reconnect(channel)
      return
    }
    let hadBegun = walk != nil || database > 0 || source > 0 || isResumed
    guard result.restarts < Self.mostRestarts else {
      throw tooManyRestarts
    }
    walk?.forgetUnvisited(&visitor)
    if let walk { filters[database] = walk.filter }
    walk = nil
    (isResumed, saved) = (false, nil)
    (database, source, seenBefore) = (0, 0, 0)
    for index in filters.indices { filters[index].startOver(remembering: visitor.isIrrevocable) }
    if hadBegun {
      visitor.startOver()
      result.restarts += 1
      if !isSame {
        let reason =
          node.tellsItsProcess
          ? "is another process than before (a restart or a failover)"
          : "does not say whether it is the same process after a lost connection"
        let warning = "\(node.endpoint.place) \(reason): its keys were walked again from the start"
        if !result.warnings.contains(warning) { result.warnings.append(warning) }
      }
    }
    beginWalk()
  }

  private var tooManyRestarts: ClientError {
    guard node.tellsItsProcess else {
      return ClientError(
        .server,
        "the connection to \(node.endpoint.description) was lost \(Self.mostRestarts) times, and the server does not say "
          + "whether it is the same process, so that its keys were walked from the start each time",
        hints: ["let the user read INFO: it names the process, or how long it has run"])
    }
    return ClientError(
      .server, "\(node.endpoint.description) was another process \(Self.mostRestarts) times in a row",
      hints: ["look into its log: it may be this very walk that ends it"])
  }

  private mutating func noteFlushOrSwap() {
    guard result.failure == nil, task.sources.contains(where: \.namesLiveKeys), node.wasFlushedOrSwapped()
    else { return }
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
