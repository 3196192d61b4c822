/// Tells how long the server worked on each flight, with the network's part taken out.
///
/// A flight can be begun neither before the one ahead of it is done nor before it has arrived; what lies
/// between that moment and its last reply is the server's work (and the little that the client does in
/// between).
struct FlightClock {
  /// A flight whose last reply is in.
  struct Flight: Equatable {
    /// Keys that it measured.
    let keys: Int
    /// Keys that it asked SCAN for; 0 where it measured no page beside.
    let requested: Int
    /// The time for which the server worked on it.
    let time: Duration
  }

  /// Where the time comes from.
  typealias Now = () -> ContinuousClock.Instant

  private let now: Now
  private var roundTrip: Duration
  private var inFlight: [(sent: ContinuousClock.Instant, keys: Int, requested: Int)] = []
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
  mutating func forgetFlights() {
    inFlight = []
    lastDone = nil
  }

  /// Notes that a flight has been sent.
  mutating func noteSent(keys: Int, requested: Int) { inFlight.append((now(), keys, requested)) }

  /// Notes that the last reply of the oldest flight is in; nil where none was under way.
  mutating func noteDone() -> Flight? {
    guard !inFlight.isEmpty else { return nil }
    let flight = inFlight.removeFirst()
    let now = now()
    // The smallest flight seen bounds the round trip: the first estimate also held the handshake's work.
    roundTrip = min(roundTrip, now - flight.sent)
    let arrived = flight.sent + roundTrip
    let begun = lastDone.map { max($0, arrived) } ?? arrived
    lastDone = now
    return Flight(keys: flight.keys, requested: flight.requested, time: max(.microseconds(1), now - begun))
  }
}
