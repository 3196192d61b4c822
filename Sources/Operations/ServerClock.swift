import RedisClient

/// The server's clock, asked once and carried on with the monotonic clock here, so that a long scan does not
/// smear what falls on one moment.
struct ServerClock: Sendable {
  private let seconds: Double
  private let asked: ContinuousClock.Instant

  /// Asks the server with TIME; where it does not answer that, the given wall clock is used.
  init<Channel: CommandChannel>(_ channel: Channel, wallClock: Double) throws(ClientError) {
    var flight = CommandBuffer()
    flight.append("TIME")
    let replies = ReplyBuffer()
    try channel.send(flight)
    try channel.receive(1, into: replies)
    asked = ContinuousClock.now
    if let parts = try? replies[0].decode([Int64].self), parts.count == 2 {
      seconds = Double(parts[0]) + Double(parts[1]) / 1e6
    } else {
      seconds = wallClock
    }
  }

  /// The server's time in seconds since 1970.
  var now: Int { Int(seconds + (ContinuousClock.now - asked) / .seconds(1)) }
}
