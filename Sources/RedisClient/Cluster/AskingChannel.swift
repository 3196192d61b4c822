/// A channel to a node that is taking slots in: `ASKING` goes before each command, so that the node answers for keys
/// which are not its own yet.
package final class AskingChannel<Base: CommandChannel>: CommandChannel {
  private let base: Base
  private let leads = ReplyBuffer()

  /// Wraps a connection that has no replies outstanding.
  package init(_ base: Base) { self.base = base }

  /// Where the connection leads.
  package var endpoint: Endpoint { base.endpoint }

  /// Queues the commands, each behind an `ASKING`.
  package func send(_ commands: CommandBuffer) throws(ClientError) {
    var batch = CommandBuffer()
    for range in commands.ranges {
      batch.append("ASKING")
      batch.append(encoded: commands, range)
    }
    try base.send(batch)
  }

  /// Waits for the replies to the commands themselves.
  package func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    for _ in 0..<count {
      leads.removeAll()
      try base.receive(1, into: leads)
      try base.receive(1, into: replies)
    }
  }

  /// Waits without using the server.
  package func pause(_ duration: Duration) { base.pause(duration) }
}
