/// Tells how long the server worked on each flight, with the network's part taken out.
///
/// A flight can be begun neither before the one ahead of it is done nor before it has arrived; what lies
/// between that moment and its last reply is the server's work (and the little that the client does in between).
struct FlightClock {
  private var roundTrip: Duration
  private var inFlight: [(sent: ContinuousClock.Instant, keys: Int)] = []
  private var lastDone: ContinuousClock.Instant?
  private let start = ContinuousClock.now

  init(roundTrip: Duration) { self.roundTrip = roundTrip }

  /// The time since the first flight.
  var elapsed: Duration { ContinuousClock.now - start }

  /// Notes that a flight which measures a number of keys has been sent.
  mutating func noteSent(keys: Int) { inFlight.append((ContinuousClock.now, keys)) }

  /// Notes that the last reply of the oldest flight is in; nil where none was under way.
  mutating func noteDone() -> (keys: Int, time: Duration)? {
    guard !inFlight.isEmpty else { return nil }
    let flight = inFlight.removeFirst()
    let now = ContinuousClock.now
    // The smallest flight seen bounds the round trip: the first estimate also held the handshake's work.
    roundTrip = min(roundTrip, now - flight.sent)
    let arrived = flight.sent + roundTrip
    let begun = lastDone.map { max($0, arrived) } ?? arrived
    lastDone = now
    return (flight.keys, max(.microseconds(1), now - begun))
  }
}
