/// A connection over which a server sends by itself, once it was asked to: with SUBSCRIBE, with MONITOR, or with both.
///
/// It takes over a connection on which nothing is outstanding. Replies come in the order of the commands, and between them
/// messages and lines of MONITOR where the server sent them: what came before a reply happened before it.
package final class PushStream {
  /// Where the stream leads.
  package let endpoint: Endpoint
  private let connection: Connection
  private var parser: PushParser
  private var input: [UInt8]
  /// The bytes that have come over the stream.
  package private(set) var receivedBytes = 0

  /// Takes over a connection; `channels` are those that will be subscribed to, in the order by which batches name them.
  package init(
    over connection: Connection, channels: [String] = [], keys: CommandKeyTable = CommandKeyTable()
  ) {
    self.connection = connection
    endpoint = connection.endpoint
    parser = PushParser(channels: channels.map { Array($0.utf8) }, keys: keys)
    input = [UInt8](repeating: 0, count: 64 << 10)
  }

  /// Queues commands and sends what the socket takes at once; never waits.
  package func send(_ commands: CommandBuffer) throws(ClientError) {
    try connection.socket.write(commands.bytes)
  }

  /// Waits until something comes or a moment passes, and adds what has come to a batch.
  ///
  /// `wakesOnStop` ends the wait as soon as the user asks to stop. Throws where the server has left or breaks the protocol; nothing may be received afterwards.
  package func receive(
    until deadline: Deadline, wakesOnStop: Bool = true, into batch: inout PushBatch
  ) throws(ClientError) {
    let socket = connection.socket
    try socket.waitForInput(until: deadline, wakesOnStop: wakesOnStop)
    let count = try socket.read(into: &input)
    receivedBytes += count
    // A local owner of the bytes, whose span lives as long as this call.
    let bytes = input
    do throws(ProtocolFault) {
      try parser.take(bytes.span.extracting(0..<count), into: &batch)
    } catch {
      throw ClientError(.protocolViolation, "\(endpoint.description) broke the protocol: \(error.text)")
    }
  }
}
