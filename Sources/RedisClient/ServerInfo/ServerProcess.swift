/// What tells one process of a server from another.
///
/// Most servers name themselves by chance at each start. Where one does not, the moment of its start shows whether it was
/// started again. What is absent is no difference.
package struct ServerProcess: Sendable, Equatable {
  /// The random name, `run_id`.
  package var runID: String?
  /// The number of the process, `process_id`; in a container often the same after each start.
  package var number: Int?
  /// The port, `tcp_port`.
  package var port: Int?
  /// When the process was started, in seconds on a clock that other readings share.
  package var started: Double?

  /// How far two readings of one start may differ: uptime comes in whole seconds, and clocks are set.
  private static let tolerance = 2.5

  /// A process of which nothing is known.
  package init() {}

  /// Reads INFO; `now` is the time in seconds on a clock that the readings to compare share.
  package init(_ facts: ServerInfo, now: Double) {
    runID = facts.runID
    number = facts.amount("process_id")
    port = facts.amount("tcp_port")
    started = facts.amount("uptime_in_seconds").map { now - Double($0) }
  }

  /// Whether both are one process; nil where what is known of both does not decide.
  package func isSame(as other: ServerProcess) -> Bool? {
    if let runID, let theirs = other.runID { return runID == theirs }
    for (mine, theirs) in [(number, other.number), (port, other.port)] {
      if let mine, let theirs, mine != theirs { return false }
    }
    guard let started, let theirs = other.started else { return nil }
    return abs(started - theirs) <= ServerProcess.tolerance
  }
}
