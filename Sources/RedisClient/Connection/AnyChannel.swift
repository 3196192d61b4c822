/// A channel of any kind, for code that is to run over one server as over a cluster.
package final class AnyChannel: CommandChannel {
  private let base: any CommandChannel

  /// Wraps a channel.
  package init(_ base: any CommandChannel) { self.base = base }

  /// Where the channel leads.
  package var endpoint: Endpoint { base.endpoint }

  /// Queues a batch of commands.
  package func send(_ commands: CommandBuffer) throws(ClientError) { try base.send(commands) }

  /// Waits for the next replies.
  package func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    try base.receive(count, into: replies)
  }

  /// Waits for the next replies, as far as they take no more bytes.
  package func receive(
    upTo count: Int, ofAbout bytes: Int, into replies: ReplyBuffer
  ) throws(ClientError) {
    try base.receive(upTo: count, ofAbout: bytes, into: replies)
  }

  /// Waits without using the server.
  package func pause(_ duration: Duration) { base.pause(duration) }
}
