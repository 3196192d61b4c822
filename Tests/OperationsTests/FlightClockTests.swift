import Testing

@testable import Operations

struct FlightClockTests {
  /// A clock that a test sets, in milliseconds.
  private final class Hand {
    var milliseconds = 0.0
    private let start = ContinuousClock.now
    var now: ContinuousClock.Instant { start + .milliseconds(milliseconds) }
  }

  private func milliseconds(_ duration: Duration?) -> Double { (duration ?? .zero) / .milliseconds(1) }

  @Test func theRoundTripIsNoWork() throws {
    let hand = Hand()
    var clock = FlightClock(roundTrip: .milliseconds(10)) { hand.now }
    clock.noteSent(keys: 50, requested: 60)
    hand.milliseconds = 12
    let flight = try #require(clock.noteDone())
    #expect(flight.keys == 50 && flight.requested == 60)
    #expect(abs(milliseconds(flight.time) - 2) < 1e-6)
    #expect(clock.noteDone() == nil)
  }

  @Test func aFlightBeginsWhenTheOneBeforeIsDone() {
    let hand = Hand()
    var clock = FlightClock(roundTrip: .milliseconds(10)) { hand.now }
    clock.noteSent(keys: 1, requested: 1)
    hand.milliseconds = 5
    clock.noteSent(keys: 1, requested: 1)
    hand.milliseconds = 20
    #expect(abs(milliseconds(clock.noteDone()?.time) - 10) < 1e-6)
    // It had arrived at 15, while the first was still worked on.
    hand.milliseconds = 23
    #expect(abs(milliseconds(clock.noteDone()?.time) - 3) < 1e-6)
    // Rest in between is nobody's work.
    hand.milliseconds = 1000
    clock.noteSent(keys: 1, requested: 1)
    hand.milliseconds = 1014
    #expect(abs(milliseconds(clock.noteDone()?.time) - 4) < 1e-6)
    #expect(clock.elapsed == .milliseconds(1014))
  }

  /// The first estimate holds the handshake's work; a quicker flight shows the way to be shorter.
  @Test func aQuickFlightCorrectsTheRoundTrip() {
    let hand = Hand()
    var clock = FlightClock(roundTrip: .milliseconds(30)) { hand.now }
    clock.noteSent(keys: 1, requested: 1)
    hand.milliseconds = 4
    #expect(clock.noteDone()?.time == .microseconds(1), "no flight takes no time")
    clock.noteSent(keys: 1, requested: 1)
    hand.milliseconds = 13
    #expect(abs(milliseconds(clock.noteDone()?.time) - 5) < 1e-6)
  }
}
