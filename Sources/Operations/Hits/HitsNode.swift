import RedisClient
import Reporting
import Synchronization

/// One server that is listened to, and what it has said of itself on the way.
///
/// Invariant behind `@unchecked`: a node belongs to the thread of its listener while that runs, and to the operation before
/// and after; ``Transferred`` says why there is no lock.
final class HitsNode: @unchecked Sendable {
  /// Two readings of one process, and what happened between them.
  private struct Stretch {
    let first: StatsReading
    var last: StatsReading
  }

  /// The place among the nodes of the target.
  let index: Int
  /// How a node is reached, and what is done to it.
  struct Access {
    /// Opens a connection; again, where another server may have taken over.
    let open: (_ isAgain: Bool) throws(ClientError) -> Connection
    /// Called before the notifications of a server are switched on; nil where they are left as they are.
    let willSwitchOn: ((_ address: String, HitsRequest.Restoration) -> Void)?
  }

  /// Whether the server lets its misses be heard: its listener finds out while another thread may monitor it.
  private struct Hearing {
    var silence: String?
    var sendsMisses: Bool
  }

  let access: Access
  private(set) var address: String
  private(set) var facts: ServerInfo
  /// The settings of the server, and of those that were there before it.
  private(set) var switches: [NotificationSwitch]
  /// How many databases the server has; sixteen, as by default, where it does not tell.
  let databases: Int
  private let hearing: Mutex<Hearing>
  private var stretches: [Stretch] = []
  /// What a reader must know of failovers and restarts.
  private(set) var warnings: [String] = []
  /// The time of which not all events have come, in seconds, for each connection that was lost.
  private(set) var gaps: [Double] = []
  /// How many clients the server has cut off meanwhile because their output buffers were full; nil where it does not count
  /// them.
  private(set) var cutOffs: Int?
  private var lostAt: ContinuousClock.Instant?
  /// Why listening ended before its time.
  var failure: ClientError?
  /// What became of monitoring the node; it belongs to the one thread that monitors.
  var monitoring = NodeMonitoring()

  /// Asks the server what it is, over a connection that is kept for its settings.
  init(_ index: Int, _ access: Access) throws(ClientError) {
    self.index = index
    self.access = access
    let channel = try access.open(false)
    address = channel.endpoint.place
    facts = try ServerInfo.read(from: channel)
    databases = try HitsNode.databases(of: channel)
    let notifications = try NotificationSwitch(on: channel)
    switches = [notifications]
    hearing = Mutex(Hearing(silence: nil, sendsMisses: notifications.flags?.sends("m") ?? true))
  }

  // MARK: - Notifications

  /// The setting that decides which events the server sends.
  var notifications: NotificationSwitch { switches[switches.count - 1] }

  /// Switches on the events that are missing, where that is asked for.
  func switchOn() throws(ClientError) {
    guard let willSwitchOn = access.willSwitchOn else { return }
    if let restoration = notifications.restoration {
      willSwitchOn(notifications.endpoint.place, restoration)
    }
    try notifications.switchOn()
    let sends = notifications.flags?.sends("m") ?? true
    hearing.withLock { $0.sendsMisses = sends }
  }

  /// Looks at the settings again where another server has taken over.
  func meet(_ connection: Connection) throws(ClientError) {
    guard connection.endpoint.address != notifications.endpoint.address else { return }
    switches.append(try NotificationSwitch(on: try access.open(false)))
    let sends = notifications.flags?.sends("m") ?? true
    hearing.withLock { $0 = Hearing(silence: nil, sendsMisses: sends) }
    try switchOn()
  }

  private static func databases(of channel: Connection) throws(ClientError) -> Int {
    let reply = try channel.call("CONFIG", "GET", "databases")
    let text = (try? ReplyFields(reply: reply))?.values["databases"]
    return min(max(1, text.flatMap { Int($0) } ?? 16), HitsChannels.mostDatabases)
  }

  /// Why the node sends no events; nil where it does.
  var silence: String? {
    get { hearing.withLock { $0.silence } }
    set { hearing.withLock { $0.silence = newValue } }
  }

  /// True where the node sends misses, or does not tell whether it does.
  var maySendMisses: Bool { hearing.withLock { $0.silence == nil && $0.sendsMisses } }

  // MARK: - Readings

  /// Takes a reading that came over the connection of the events.
  func note(_ reading: StatsReading) {
    let before = facts
    address = reading.address
    facts = reading.facts
    if lostAt != nil { noteCutOffs(since: before) }
    guard let stretch = stretches.last else {
      stretches.append(Stretch(first: reading, last: reading))
      return
    }
    var earlier = StatsEarlier(stretch.last)
    let isSame = earlier.sample.runID != nil && earlier.sample.runID == reading.sample.runID
    // A primary that has become a replica has gone on counting.
    if isSame { earlier.sample.role = reading.sample.role }
    let span = StatsSpan(from: earlier, to: reading)
    if let warning = span.warning { warnings.append(warning) }
    if span.window == nil {
      stretches.append(Stretch(first: reading, last: reading))
    } else {
      stretches[stretches.count - 1].last = reading
    }
  }

  /// What the server has counted while it was listened to; nil where it was never read twice.
  var window: StatsWindow? {
    let windows = stretches.compactMap { stretch in
      var earlier = StatsEarlier(stretch.first)
      earlier.sample.role = stretch.last.sample.role
      return StatsSpan(from: earlier, to: stretch.last).window
    }
    return windows.isEmpty ? nil : StatsWindow(sum: windows)
  }

  /// Forgets what was counted and monitored, for another interval.
  func beginInterval() {
    (stretches, warnings, gaps, cutOffs, failure) = ([], [], [], nil, nil)
    let objection = monitoring.objection
    monitoring = NodeMonitoring()
    monitoring.objection = objection
  }

  /// True where another process has taken over, or the counters began anew: what happened meanwhile is in no figure.
  var wasReplaced: Bool { stretches.count > 1 }

  // MARK: - Losses

  /// Notes that the connection was lost.
  ///
  /// `moment` is until when everything has come.
  func noteLoss(at moment: ContinuousClock.Instant) { if lostAt == nil { lostAt = moment } }

  /// Notes that there is a connection again.
  func noteReturn() {
    guard let lostAt else { return }
    gaps.append((ContinuousClock.now - lostAt) / .seconds(1))
    self.lostAt = nil
  }

  /// Notes that nothing will be heard any more.
  func endListening() { noteReturn() }

  private func noteCutOffs(since before: ServerInfo) {
    let field = "client_output_buffer_limit_disconnections"
    guard let then = before.amount(field), let now = facts.amount(field), now >= then else { return }
    cutOffs = (cutOffs ?? 0) + now - then
  }
}
