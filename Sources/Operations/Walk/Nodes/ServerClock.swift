import RedisClient

/// The server's clock, asked once and carried on with the monotonic clock here, so that a long scan does not
/// smear what falls on one moment.
struct ServerClock: Sendable {
  private let secondsThen: Double
  private var isStopped = false
  private let asked: ContinuousClock.Instant
  /// True where the server has told the time.
  let isServers: Bool
  /// How long the question took: hardly any command is less work, so this is the round trip, a little more at
  /// most.
  let roundTrip: Duration

  /// The wall clock here, in seconds since 1970, until the server has been asked.
  init(wallClock: Double) {
    secondsThen = wallClock
    asked = .now
    isServers = false
    roundTrip = .zero
  }

  /// A clock that shows one moment, in seconds since 1970.
  init(stoppedAt seconds: Double) {
    self.init(wallClock: seconds)
    isStopped = true
  }

  /// Asks the server with TIME; where it does not answer that, the given wall clock is used.
  init<Channel: CommandChannel>(_ channel: Channel, wallClock: Double) throws(ClientError) {
    let sent = ContinuousClock.now
    let reply = try channel.call("TIME")
    asked = ContinuousClock.now
    roundTrip = asked - sent
    let time = ServerTime(reply)
    isServers = time != nil
    secondsThen = time.map { Double($0.seconds) + Double($0.microseconds) / 1e6 } ?? wallClock
  }

  /// The server's time in seconds since 1970.
  var seconds: Double { secondsThen + (isStopped ? 0 : (ContinuousClock.now - asked) / .seconds(1)) }

  /// The server's time in milliseconds since 1970.
  var now: Int64 { Int64(1000 * seconds) }
}
