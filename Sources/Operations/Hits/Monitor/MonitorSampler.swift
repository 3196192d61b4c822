import RedisClient

/// Listens with MONITOR for short windows of time, to one node at a time, and takes the names of the keys that are read to the
/// ledger.
///
/// Each window has a connection of its own, on which the misses come as well: reads and misses of a window are told in the order
/// in which they happened, so that the reads that found their key are known.
final class MonitorSampler {
  private let nodes: [HitsNode]
  private let channels: [HitsChannels]
  private let plan: MonitorPlan
  private let safety: MonitorSafety
  private let ledger: HitsSink
  private let context: RunContext
  private let end: ContinuousClock.Instant
  private var controls: [Connection?]
  private var tables: [CommandKeyTable?]
  /// Nodes whose place may be another's by now.
  private var hasFailed: [Bool]
  private var batch = PushBatch()

  init(
    _ nodes: [HitsNode], _ channels: [HitsChannels], _ plan: MonitorPlan, _ safety: MonitorSafety,
    _ ledger: HitsSink,
    until end: ContinuousClock.Instant, context: RunContext
  ) {
    self.nodes = nodes
    self.channels = channels
    self.plan = plan
    self.safety = safety
    self.ledger = ledger
    self.end = end
    self.context = context
    controls = nodes.map { _ in nil }
    tables = nodes.map { _ in nil }
    hasFailed = nodes.map { _ in false }
  }

  /// Takes windows until the end, or until the user asks to stop.
  func run() {
    for node in nodes { node.monitoring.windowsOfCell = plan.windowsOfCell }
    let begin = ContinuousClock.now
    var round = 0
    while !isOver, nodes.contains(where: { $0.monitoring.objection == nil }) {
      for (place, node) in nodes.indices.shuffled().enumerated() {
        let start = begin + plan.period * round + plan.start(of: place, draw: .random(in: 0...1))
        guard start + plan.length <= end else { return }
        context.pause(ContinuousClock.now.duration(to: start))
        guard !isOver else { return }
        if nodes[node].monitoring.objection == nil { takeWindow(node) }
      }
      round += 1
      // Rounds that were missed, because a server was slow, are not made up for.
      while begin + plan.period * (round + 1) <= .now { round += 1 }
    }
  }

  private var isOver: Bool { context.mustStop || ContinuousClock.now >= end }

  private func takeWindow(_ index: Int) {
    do throws(ClientError) {
      try window(index)
    } catch {
      controls[index] = nil
      hasFailed[index] = true
      switch error.kind {
      case .closed, .timeout, .transient, .unreachable, .interrupted, .runOver: break
      case .permission, .protocolViolation, .usage, .server: nodes[index].monitoring.objection = error.message
      }
    }
  }

  private func window(_ index: Int) throws(ClientError) {
    let node = nodes[index]
    let control = try control(index)
    let facts = try ServerInfo.read(from: control)
    if MonitorSafety.mustWait(facts) {
      node.monitoring.postponed += 1
      return
    }
    if let objection = safety.objection(to: facts, for: plan.length) {
      node.monitoring.objection = objection
      return
    }
    let table = try table(index, control)
    node.monitoring.cost.note(facts, isBeginning: true)
    try listen(to: node, table)
    node.monitoring.cost.note(try ServerInfo.read(from: control), isBeginning: false)
    if let verdict = node.monitoring.cost.verdict { node.monitoring.objection = verdict }
  }

  /// The connection over which a node is asked how it is.
  private func control(_ index: Int) throws(ClientError) -> Connection {
    if let control = controls[index] { return control }
    let control = try nodes[index].access.open(hasFailed[index])
    controls[index] = control
    return control
  }

  /// Where commands have their keys, those of the server's modules too, where it tells.
  private func table(_ index: Int, _ control: Connection) throws(ClientError) -> CommandKeyTable {
    if let table = tables[index] { return table }
    var table = CommandKeyTable()
    let reply = try control.call("COMMAND")
    if reply.error == nil { table.learn(from: reply) }
    tables[index] = table
    return table
  }

  // MARK: - A window

  private func listen(to node: HitsNode, _ table: CommandKeyTable) throws(ClientError) {
    let connection = try node.access.open(hasFailed[node.index])
    let hears = node.maySendMisses && connection.greeting.protocolVersion == 3
    let names = hears ? channels[node.index].names : []
    let stream = PushStream(over: connection, channels: names, keys: table)
    var commands = CommandBuffer()
    if hears { commands.append((["SUBSCRIBE"] + names).map { Array($0.utf8) }) }
    commands.append("MONITOR")
    try stream.send(commands)
    ledger.beginWindow(following: plan.following)
    var isOpen = false
    var close = ContinuousClock.now + HitsListener.patience
    while ContinuousClock.now < close {
      batch.removeAll()
      try stream.receive(until: Deadline(after: ContinuousClock.now.duration(to: close)), into: &batch)
      if context.mustStop { break }
      var start = 0
      if !isOpen {
        guard let reply = batch.items.firstIndex(where: { $0.kind == .reply || $0.kind == .refusal }) else {
          continue
        }
        if batch.items[reply].kind == .refusal {
          let error = ServerError(
            line: batch.text(of: batch.items[reply]), hiding: connection.endpoint.credentials?.password ?? [])
          throw ClientError(.permission, error.reason("MONITOR", at: connection.endpoint))
        }
        isOpen = true
        close = .now + plan.length
        start = reply + 1
      }
      node.monitoring.commands += batch.commands
      ledger.take(
        window: node.monitoring.windows / plan.windowsOfCell, batch, start..<batch.items.count,
        channels[node.index].meanings, of: node.index, follows: .now + plan.following <= close)
    }
    guard isOpen else { return }
    node.monitoring.windows += 1
    node.monitoring.seconds += plan.length / .seconds(1)
    node.monitoring.following = plan.following / .seconds(1)
  }
}

/// What became of monitoring a node.
struct NodeMonitoring: Sendable {
  /// Windows that were taken, those without any command included.
  var windows = 0
  /// How many that follow each other are counted together.
  var windowsOfCell = 1
  /// Their length together.
  var seconds = 0.0
  /// Commands that they showed.
  var commands = 0
  /// How long reads were followed in them, in seconds; nil where none was taken.
  var following: Double?
  /// Windows that were left out because of a fork.
  var postponed = 0
  /// How fast the server worked.
  var cost = MonitorCost()
  /// Why there are no more windows; nil where there are.
  var objection: String?

  /// What is counted apart: windows, or so many together.
  var cells: Int { (windows + windowsOfCell - 1) / windowsOfCell }
}
