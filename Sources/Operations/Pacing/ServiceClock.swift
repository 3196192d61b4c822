/// Measures how long the server worked on each batch, without the time on the network, by the clock here.
///
/// The server begins a batch when the batch has arrived and the one before it is done. The time from that moment to the
/// last reply is the server's work, and the little that the client does in between.
struct ServiceClock {
  private let now: () -> ContinuousClock.Instant
  /// The time there and back, as far as it is known.
  private(set) var roundTrip: Duration
  /// How much later than at best the replies to a batch arrive, on average.
  private var lateness = Duration.zero
  private var sent: [ContinuousClock.Instant] = []
  private var lastDone: ContinuousClock.Instant?
  private let start: ContinuousClock.Instant

  init(roundTrip: Duration, now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }) {
    self.roundTrip = roundTrip
    self.now = now
    start = now()
  }

  /// The time since the clock was made.
  var elapsed: Duration { now() - start }

  /// Forgets the batches under way, whose replies were lost with a connection; the time goes on.
  mutating func forgetPending() {
    sent = []
    lastDone = nil
  }

  /// Notes that a batch has been sent.
  mutating func noteSent() { sent.append(now()) }

  /// The time since the last batch was sent; nil where none is under way.
  var sinceSent: Duration? { sent.last.map { now() - $0 } }

  /// Notes that the last reply to the oldest batch is in, and returns how long the server worked on it; nil where none was
  /// under way.
  ///
  /// A batch whose work is known beforehand (`expected`), and that found the server idle, shows how late replies are.
  mutating func noteDone(expected: Duration? = nil) -> Duration? {
    guard !sent.isEmpty else { return nil }
    let sent = sent.removeFirst()
    let now = now()
    // The quickest batch bounds the round trip: the first estimate also held the handshake's work.
    roundTrip = min(roundTrip, now - sent)
    var arrived = sent + roundTrip
    if let expected {
      let excess = min(roundTrip, max(.zero, now - arrived - expected))
      if lastDone.map({ $0 <= arrived }) ?? true { lateness += (excess - lateness) / 8 }
    } else {
      arrived += lateness
    }
    let begun = lastDone.map { max($0, arrived) } ?? arrived
    lastDone = now
    return max(.microseconds(1), now - begun)
  }
}
