/// How long to wait before a failed step is tried again: exponential backoff with jitter, for a limited time.
///
/// The jitter keeps many clients that lost the same server from coming back at the same moment (M. Brooker, "Exponential
/// Backoff and Jitter", AWS Architecture Blog, 2015: "equal jitter").
package struct Backoff: Sendable {
  /// The first wait, before jitter.
  package static let first = Duration.milliseconds(50)
  /// The longest wait, before jitter.
  package static let longest = Duration.seconds(2)

  /// How long a step is tried again without any progress.
  package let retryFor: Duration
  private var attempts = 0
  private var since: ContinuousClock.Instant?

  /// Begins with a bound on the time between the first failure and the last attempt; zero never tries again.
  package init(retryFor: Duration) { self.retryFor = retryFor }

  /// Notes a success: the next failure counts as the first.
  package mutating func noteProgress() {
    attempts = 0
    since = nil
  }

  /// True where a failure now would be followed by another attempt.
  package func allowsRetry(now: ContinuousClock.Instant = .now) -> Bool {
    retryFor > now - (since ?? now)
  }

  /// The wait after a failure; nil where the time for retries is over.
  ///
  /// Half of each wait is fixed and half is drawn, from 0 to 1. The last wait ends with the time for retries.
  package mutating func next(
    now: ContinuousClock.Instant = .now, draw: Double = .random(in: 0...1)
  ) -> Duration? {
    let begin = since ?? now
    since = begin
    let left = retryFor - (now - begin)
    guard left > .zero else { return nil }
    let full = min(Backoff.longest, Backoff.first * (1 << min(attempts, 10)))
    attempts += 1
    return min(left, full / 2 + full / 2 * draw)
  }
}
