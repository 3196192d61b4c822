/// Where replies come from: commands in, replies out, in order.
///
/// Operations are generic over it, so that they run against a scripted server in tests.
package protocol CommandChannel: AnyObject, SendableMetatype {
  /// Where the channel leads, for messages.
  var endpoint: Endpoint { get }
  /// Queues a pipeline of commands and sends what the socket takes at once; never waits.
  func send(_ commands: CommandBuffer) throws(ClientError)
  /// Waits for the next `count` replies, of those that are outstanding, and appends them to a buffer.
  func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError)
  /// Waits without using the server, and returns early when the user asks to stop.
  func pause(_ duration: Duration)
}

extension CommandChannel {
  /// Sends one command, given as text, and waits for its reply, which may be an error; no other reply may be
  /// outstanding.
  package func call(_ words: String...) throws(ClientError) -> Reply {
    try call(words.map { Array($0.utf8) })
  }

  /// Sends one command, given as bytes, and waits for its reply, which may be an error; no other reply may be
  /// outstanding.
  package func call(_ words: [[UInt8]]) throws(ClientError) -> Reply {
    var command = CommandBuffer()
    command.append(words)
    let replies = ReplyBuffer()
    try send(command)
    try receive(1, into: replies)
    return replies[0]
  }
}
