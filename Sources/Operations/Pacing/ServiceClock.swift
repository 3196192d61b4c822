/// Tells how long the server worked on each batch, with the network's part taken out.
///
/// A batch can be begun neither before the one ahead of it is done nor before it has arrived; what lies
/// between that moment and its last reply is the server's work (and the little that the client does in
/// between).
struct ServiceClock {
  /// Where the time comes from.
  typealias Now = () -> ContinuousClock.Instant

  private let now: Now
  /// The way there and back, as far as it is known.
  private(set) var roundTrip: Duration
  /// How much later than at best a batch comes home, on average.
  private var lateness = Duration.zero
  private var sent: [ContinuousClock.Instant] = []
  private var lastDone: ContinuousClock.Instant?
  private let start: ContinuousClock.Instant

  init(roundTrip: Duration, now: @escaping Now = { ContinuousClock.now }) {
    self.roundTrip = roundTrip
    self.now = now
    start = now()
  }

  /// The time since the clock was made.
  var elapsed: Duration { now() - start }

  /// Gives up what is under way, whose replies were lost with a connection; the time goes on.
  mutating func forgetPending() {
    sent = []
    lastDone = nil
  }

  /// Notes that a batch has been sent.
  mutating func noteSent() { sent.append(now()) }

  /// The time since the last batch was sent; nil where none is under way.
  var sinceSent: Duration? { sent.last.map { now() - $0 } }

  /// Notes that the last reply of the oldest batch is in, and tells for how long the server worked on it; nil where
  /// none was under way.
  ///
  /// A batch whose work is `expected` to take so long, and that found the server idle, shows how late batches come.
  mutating func noteDone(expected: Duration? = nil) -> Duration? {
    guard !sent.isEmpty else { return nil }
    let sent = sent.removeFirst()
    let now = now()
    // The smallest batch seen bounds the round trip: the first estimate also held the handshake's work.
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
