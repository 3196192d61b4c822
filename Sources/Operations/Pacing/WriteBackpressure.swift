/// Decides when to ask a server how far it lags behind, and how long to wait while it does.
struct WriteBackpressure {
  /// How often the server is asked.
  private static let interval = Duration.seconds(1)
  /// The wait before the next batch while the server lags. The run does not stop altogether, so that it ends even where
  /// a replica never catches up.
  static let rest = Duration.seconds(1)

  private let now: () -> ContinuousClock.Instant
  private var lastAsked: ContinuousClock.Instant?
  /// Why the next batch must wait; nil where it need not.
  private(set) var reason: String?
  /// The first few reasons for waits, each once.
  private(set) var reasons: [String] = []
  private(set) var rests = 0

  init(now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }) { self.now = now }

  /// True where the server should be asked with the next batch; counts as having asked.
  mutating func isTimeToAsk() -> Bool {
    let moment = now()
    guard lastAsked.map({ moment - $0 >= WriteBackpressure.interval }) ?? true else { return false }
    lastAsked = moment
    return true
  }

  mutating func note(_ backlog: ServerBacklog) {
    // Backlogs that follow each other differ in their figures only.
    if reason == nil, let new = backlog.reason, reasons.count < 5 { reasons.append(new) }
    reason = backlog.reason
  }

  mutating func noteRest() { rests += 1 }

  /// Adds the waits of another worker.
  mutating func merge(_ other: WriteBackpressure) {
    rests += other.rests
    for reason in other.reasons where reasons.count < 5 { reasons.append(reason) }
  }

  /// What a report says of the waits.
  var warnings: [String] {
    guard rests > 0 else { return [] }
    return reasons.map { "slowed down for \(rests) s in all: \($0)" }
  }
}
