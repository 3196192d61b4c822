import Testing

@testable import Operations

struct ServiceClockTests {
  /// A clock that a test sets, in milliseconds.
  private final class Hand {
    var milliseconds = 0.0
    private let start = ContinuousClock.now
    var now: ContinuousClock.Instant { start + .milliseconds(milliseconds) }
  }

  private func expectTime(
    _ service: Duration?, _ milliseconds: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let time = (service ?? .zero) / .milliseconds(1)
    #expect(abs(time - milliseconds) < 1e-6, sourceLocation: sourceLocation)
  }

  @Test func theRoundTripIsNoWork() {
    let hand = Hand()
    var clock = ServiceClock(roundTrip: .milliseconds(10)) { hand.now }
    clock.noteSent()
    hand.milliseconds = 12
    expectTime(clock.noteDone(), 2)
    let none = clock.noteDone()
    #expect(none == nil)
  }

  @Test func aBatchBeginsWhenTheOneBeforeIsDone() {
    let hand = Hand()
    var clock = ServiceClock(roundTrip: .milliseconds(10)) { hand.now }
    clock.noteSent()
    hand.milliseconds = 5
    clock.noteSent()
    hand.milliseconds = 20
    expectTime(clock.noteDone(), 10)
    // It had arrived at 15, while the first was still worked on.
    hand.milliseconds = 23
    expectTime(clock.noteDone(), 3)
    // Rest in between is nobody's work.
    hand.milliseconds = 1000
    clock.noteSent()
    hand.milliseconds = 1014
    expectTime(clock.noteDone(), 4)
    #expect(clock.elapsed == .milliseconds(1014))
  }

  /// The first estimate holds the handshake's work; a quicker batch shows the way to be shorter.
  @Test func aQuickBatchCorrectsTheRoundTrip() {
    let hand = Hand()
    var clock = ServiceClock(roundTrip: .milliseconds(30)) { hand.now }
    clock.noteSent()
    hand.milliseconds = 4
    expectTime(clock.noteDone(), 0.001)
    clock.noteSent()
    hand.milliseconds = 13
    expectTime(clock.noteDone(), 5)
  }
}
