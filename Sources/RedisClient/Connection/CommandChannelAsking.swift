extension CommandChannel {
  /// Sends one command, given as text, and waits for its reply, which may be an error; no other reply may be
  /// outstanding.
  package func ask(_ words: String...) throws(ClientError) -> Reply {
    try ask(words.map { Array($0.utf8) })
  }

  /// Sends one command, given as bytes, and waits for its reply, which may be an error; no other reply may be
  /// outstanding.
  package func ask(_ words: [[UInt8]]) throws(ClientError) -> Reply {
    var flight = CommandBuffer()
    flight.append(words)
    let replies = ReplyBuffer()
    try send(flight)
    try receive(1, into: replies)
    return replies[0]
  }
}
