/// A moment after which waiting is given up.
package struct Deadline: Sendable, Equatable {
  /// The moment on the monotonic clock; nil waits for ever.
  package let instant: ContinuousClock.Instant?

  /// A deadline that never passes.
  package static let never = Deadline(instant: nil)

  private init(instant: ContinuousClock.Instant?) { self.instant = instant }

  /// The deadline that lies a duration from now; nil, and anything beyond a century, never passes.
  package init(after duration: Duration?) {
    // Beyond it the sum of clock and duration could overflow.
    let far = Duration.seconds(100 * 366 * 86_400)
    instant = duration.flatMap { $0 < far ? ContinuousClock.now.advanced(by: $0) : nil }
  }

  /// The earlier of two deadlines.
  package func earlier(of other: Deadline) -> Deadline {
    guard let mine = instant else { return other }
    guard let theirs = other.instant else { return self }
    return mine <= theirs ? self : other
  }

  /// True once the moment has come.
  package var hasPassed: Bool { instant.map { $0 <= ContinuousClock.now } ?? false }

  /// The time left, never negative; nil without end.
  var left: Duration? { instant.map { max(.zero, ContinuousClock.now.duration(to: $0)) } }

  /// The time left in milliseconds, rounded up, as poll(2) takes it; -1 waits for ever, 0 has passed.
  var pollTimeout: Int32 {
    guard let left else { return -1 }
    let (seconds, attoseconds) = left.components
    let milliseconds = attoseconds / 1_000_000_000_000_000
    let isRound = attoseconds % 1_000_000_000_000_000 == 0
    return Int32(clamping: seconds * 1000 + milliseconds + (isRound ? 0 : 1))
  }
}
