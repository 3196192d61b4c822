/// When a server is listened to with MONITOR: short windows at random moments, which together take a part of the time.
package struct MonitorPlan: Sendable {
  /// Fewer windows say little of how much they differ.
  static let fewestWindows = 20
  /// How long a window is at most: MONITOR takes a good part of a busy server's speed.
  static let longestWindow = Duration.milliseconds(200)
  /// So many windows, or neighbours counted together, show how much they differ; more would only take memory.
  static let mostCells = 128
  /// How long a window is where there is time for many.
  static let usualWindow = Duration.milliseconds(150)
  /// How long a window is at least: below it connecting is most of the work.
  static let shortestWindow = Duration.milliseconds(10)

  /// How long a window is.
  let length: Duration
  /// The time in which each node has one window.
  let period: Duration
  /// How long reads are followed where misses are inferred; those that come later in a window are not.
  let following: Duration
  /// How many windows that follow each other are counted together.
  let windowsOfCell: Int
  private let nodes: Int

  /// The windows that are worth the while where their length is given.
  private static let fewestLongWindows = 4
  /// How long reads are followed at most where nothing else is asked for.
  private static let usualFollowing = Duration.seconds(2)

  /// How long to listen so that reads can be followed for a time.
  package static func leastDuration(following: Duration, duty: Double) -> Duration {
    following * 2 * fewestLongWindows / duty
  }

  /// Plans windows for a number of nodes, of which one at a time is listened to; `duty` is the part of the time, 0 to 1,
  /// that the windows of a node take at most.
  ///
  /// `following` asks for windows that are long enough to follow half of their reads for so long.
  init(duration: Duration, duty: Double, nodes: Int, following: Duration? = nil) {
    self.nodes = max(1, nodes)
    let budget = duration * duty
    let wanted = max(Double(MonitorPlan.fewestWindows), (budget / MonitorPlan.usualWindow).rounded(.up))
    let usual = min(MonitorPlan.longestWindow, max(MonitorPlan.shortestWindow, budget / wanted))
    length = max(usual, (following ?? .zero) * 2)
    self.following = following ?? min(MonitorPlan.usualFollowing, usual / 2)
    // The windows of the nodes come one after the other.
    period = max(length / max(duty, 0.001), length * Double(self.nodes))
    let windows = Int((duration / period).rounded(.up))
    windowsOfCell = max(1, (windows + MonitorPlan.mostCells - 1) / MonitorPlan.mostCells)
  }

  /// When the window of a node begins, from the beginning of its period on; `place` is the node's turn in the period, and
  /// `draw` a random number from 0 to 1.
  func start(of place: Int, draw: Double) -> Duration {
    let share = period / nodes
    return share * place + (share - length) * draw
  }
}
