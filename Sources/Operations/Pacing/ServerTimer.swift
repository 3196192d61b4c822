import RedisClient

/// Measures how long a server that is far away works, by its own clock: TIME before and behind what is measured.
///
/// Over a long way a reply takes many times as long as the work behind it, and never the same time twice.
struct ServerTimer {
  /// From this round trip on the way takes as long as the work that is measured.
  static let farRoundTrip = Duration.microseconds(200)

  private let buffer = ReplyBuffer()
  /// When what is measured was begun, in microseconds since 1970; nil where the server does not say.
  private var begun: Int64?

  /// Adds the question for the time to a batch.
  static func mark(_ batch: inout CommandBuffer) { batch.append("TIME") }

  /// Receives the time before what is measured.
  mutating func begin(on channel: some CommandChannel) throws(ClientError) {
    begun = try receive(on: channel)
  }

  /// Receives the time behind what is measured, and returns the difference; nil where the server's clock shows none.
  mutating func end(on channel: some CommandChannel) throws(ClientError) -> Duration? {
    let ended = try receive(on: channel)
    guard let begun, let ended, ended > begun else { return nil }
    return .microseconds(ended - begun)
  }

  private func receive(on channel: some CommandChannel) throws(ClientError) -> Int64? {
    buffer.removeAll()
    try channel.receive(1, into: buffer)
    return ServerTime(buffer[0]).map { $0.seconds * 1_000_000 + $0.microseconds }
  }
}
