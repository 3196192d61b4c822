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
  /// Waits for replies, `count` at most, until they take more than `bytes`, and appends them to an empty buffer; the rest
  /// stay outstanding. At least one comes.
  func receive(upTo count: Int, ofAbout bytes: Int, into replies: ReplyBuffer) throws(ClientError)
  /// Waits without using the server, and returns early when the user asks to stop.
  func pause(_ duration: Duration)
}

extension CommandChannel {
  /// Waits for replies one by one.
  package func receive(
    upTo count: Int, ofAbout bytes: Int, into replies: ReplyBuffer
  ) throws(ClientError) {
    repeat { try receive(1, into: replies) } while replies.count < count && replies.bytes.count <= bytes
  }

  /// Sends one command, given as text, and waits for its reply, which may be an error; no other reply may be
  /// outstanding.
  package func call(_ words: String...) throws(ClientError) -> Reply {
    try call(words.map { Array($0.utf8) })
  }

  /// Sends one command, given as text, that answers OK where it succeeds; throws for every other reply. No other reply may be
  /// outstanding.
  package func expectOK(_ words: String...) throws(ClientError) {
    let reply = try call(words.map { Array($0.utf8) })
    let command = words.joined(separator: " ")
    if let error = reply.error { throw ClientError(error, to: command, at: endpoint) }
    do throws(DecodeError) { _ = try reply.decode(Acknowledgement.self) } catch {
      throw ClientError(error, to: command, at: endpoint)
    }
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
