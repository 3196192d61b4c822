package import RedisClient
package import Reporting

/// What an operation needs from outside: the time, whether to stop, and where to report progress.
package struct RunContext: Sendable {
  /// How far a walk is.
  package struct Progress: Sendable {
    /// Keys seen so far.
    package let keys: Int
    /// The share of the work that is done, 0 to 1; nil where it is unknown.
    package let share: Double?
    /// The time since the run began.
    package let elapsed: Duration
  }

  /// The version of the tool, for reports.
  package var toolVersion: String
  /// When the run began, as reports show it.
  package var startedAt: String
  /// The moment when the run began.
  package var start = ContinuousClock.now
  /// True once the user has asked to stop.
  package var shouldStop: @Sendable () -> Bool
  /// The moment at which the run must end.
  package var deadline: Deadline
  /// Waits, and returns early once the user has asked to stop.
  package var pause: @Sendable (Duration) -> Void
  /// Called after each page, by one thread at a time; must return quickly.
  package var progress: @Sendable (Progress) -> Void
  /// Words an advice, as a clause that follows a colon or a semicolon.
  package var advise: @Sendable (ReportAdvice) -> String
  /// Spells an option for a sentence that mentions it.
  package var spell: @Sendable (MentionedOption) -> String = { "\($0)" }

  /// Makes a context.
  package init(
    toolVersion: String, startedAt: String, deadline: Deadline = .never,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    pause: @escaping @Sendable (Duration) -> Void = { Interruption.none.sleep($0) },
    progress: @escaping @Sendable (Progress) -> Void = { _ in },
    advise: @escaping @Sendable (ReportAdvice) -> String
  ) {
    self.toolVersion = toolVersion
    self.startedAt = startedAt
    self.deadline = deadline
    self.shouldStop = shouldStop
    self.pause = pause
    self.progress = progress
    self.advise = advise
  }

  /// How many lost connections in a row a step may meet; one that is always lost is no accident.
  private static let mostLosses = 2

  /// Takes a step until it succeeds, as long as the failure is one that passes and for no longer than the limit.
  ///
  /// A refused connection is no such failure: the address may be wrong, and that a server is down is news. One that was
  /// accepted and lost between two replies is, a few times. Throws what the step threw last.
  func retry<Value>(
    for limit: Duration, _ step: () throws(ClientError) -> Value
  ) throws(ClientError) -> Value {
    var backoff = Backoff(retryFor: limit)
    var losses = 0
    while true {
      do throws(ClientError) { return try step() } catch {
        let isLoss = error.kind == .closed
        if isLoss { losses += 1 }
        let mayPass = error.kind == .transient || isLoss && losses <= RunContext.mostLosses
        guard mayPass, !mustStop, let wait = backoff.next() else { throw error }
        pause(wait)
      }
    }
  }

  /// True where the run must end between two steps.
  var mustStop: Bool { shouldStop() || deadline.hasPassed }

  /// Why a run was stopped between two steps.
  func stopError(_ circumstance: String = "") -> ClientError {
    shouldStop()
      ? ClientError(.interrupted, "stopped by the user" + circumstance)
      : .runOver(circumstance)
  }

  /// The time since the run began, in seconds.
  var elapsedSeconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}
