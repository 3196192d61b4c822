/// The moment that a server answers to TIME.
package struct ServerTime: Sendable, Equatable {
  /// Whole seconds since 1970, before the year 5138: beyond it, milliseconds would overflow.
  package let seconds: Int64
  /// Microseconds beyond the seconds.
  package let microseconds: Int64

  /// Reads the reply to TIME, two numbers; nil where it is anything else.
  package init?(_ reply: Reply) {
    guard let parts = try? reply.decode([Int64].self), parts.count == 2,
      (0..<100_000_000_000).contains(parts[0]), (0..<1_000_000).contains(parts[1])
    else { return nil }
    seconds = parts[0]
    microseconds = parts[1]
  }

  /// Milliseconds since 1970.
  package var milliseconds: Int64 { seconds * 1000 + microseconds / 1000 }
}
