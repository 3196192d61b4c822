import RedisClient

/// What MONITOR costs a server: how fast it works inside and outside of the windows.
struct MonitorCost: Sendable {
  /// A server that works at less than this part of its usual speed while it is monitored is left alone.
  static let leastSpeed = 0.7
  /// Below this many commands a second a server has time to spare, and its speed is the clients' own.
  static let idleSpeed = 1000.0
  /// A server whose main thread worked less than this part of a window has time to spare, too.
  static let busyShare = 0.6
  /// So many slow windows in a row are no chance.
  static let patience = 3
  /// An output buffer that grows by more than this is not read fast enough.
  static let mostBuffer = 8 << 20

  /// Commands and seconds of some stretch of time.
  struct Speed: Sendable {
    private(set) var commands = 0.0
    private(set) var seconds = 0.0

    mutating func add(_ commands: Int, in seconds: Double) {
      guard seconds > 0, commands >= 0 else { return }
      self.commands += Double(commands)
      self.seconds += seconds
    }

    /// Commands a second; nil where nothing was measured.
    var rate: Double? { seconds > 0 ? commands / seconds : nil }
  }

  private(set) var inside = Speed()
  private(set) var outside = Speed()
  private var last: (commands: Int, moment: ContinuousClock.Instant, buffer: Int, processor: Double?)?
  private var isInWindow = false
  private var slowWindows = 0
  /// Why monitoring was ended; nil where it was not.
  private(set) var verdict: String?

  /// Takes a reading of INFO at the beginning of a window, or at its end.
  mutating func note(_ facts: ServerInfo, isBeginning: Bool, now: ContinuousClock.Instant = .now) {
    guard let commands = facts.amount("total_commands_processed") else { return }
    let buffer = facts.amount("client_recent_max_output_buffer") ?? 0
    let processor = MonitorCost.processorSeconds(facts)
    if let last {
      let seconds = (now - last.moment) / .seconds(1)
      if isInWindow {
        inside.add(commands - last.commands, in: seconds)
        let worked = processor.flatMap { now in last.processor.map { (now - $0) / max(seconds, 1e-6) } }
        judge(Double(commands - last.commands) / max(seconds, 1e-6), working: worked)
        if buffer - last.buffer > MonitorCost.mostBuffer {
          verdict = "its output buffer grew faster than it could be read"
        }
      } else {
        outside.add(commands - last.commands, in: seconds)
      }
    }
    last = (commands, now, buffer, processor)
    isInWindow = isBeginning
  }

  /// The time that the main thread has worked since the start; nil where the server does not tell.
  private static func processorSeconds(_ facts: ServerInfo) -> Double? {
    func sum(_ names: [String]) -> Double? {
      let parts = names.compactMap { facts.decimal($0) }
      return parts.count == names.count ? parts.reduce(0, +) : nil
    }
    return sum(["used_cpu_user_main_thread", "used_cpu_sys_main_thread"])
      ?? sum(["used_cpu_user", "used_cpu_sys"])
  }

  private mutating func judge(_ rate: Double, working: Double?) {
    guard let usual = outside.rate, usual >= MonitorCost.idleSpeed else { return }
    // A slow window of a server with time to spare shows that its clients asked for less.
    guard working ?? 1 >= MonitorCost.busyShare else {
      slowWindows = 0
      return
    }
    slowWindows = rate < usual * MonitorCost.leastSpeed ? slowWindows + 1 : 0
    if slowWindows >= MonitorCost.patience {
      verdict = "the server worked at less than 70 % of its speed while it was monitored"
    }
  }
}
