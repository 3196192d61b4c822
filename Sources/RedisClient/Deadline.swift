/// A moment after which waiting is given up.
public struct Deadline: Sendable, Equatable {
  /// The moment on the monotonic clock; nil waits for ever.
  public let instant: ContinuousClock.Instant?

  /// A deadline that never passes.
  public static let never = Deadline(instant: nil)

  private init(instant: ContinuousClock.Instant?) { self.instant = instant }

  /// The deadline that lies a duration from now; nil never passes.
  public init(after duration: Duration?) {
    instant = duration.map { ContinuousClock.now.advanced(by: $0) }
  }

  /// The earlier of two deadlines.
  public func earlier(of other: Deadline) -> Deadline {
    guard let mine = instant else { return other }
    guard let theirs = other.instant else { return self }
    return mine <= theirs ? self : other
  }

  /// True once the moment has come.
  public var hasPassed: Bool { instant.map { $0 <= ContinuousClock.now } ?? false }

  /// The time left in milliseconds, rounded up, as poll(2) takes it; -1 waits for ever, 0 has passed.
  var pollTimeout: Int32 {
    guard let instant else { return -1 }
    let left = ContinuousClock.now.duration(to: instant)
    guard left > .zero else { return 0 }
    let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
    return Int32(clamping: milliseconds)
  }
}
