import Foundation
import TestSupport

extension ScriptedServer {
  /// A server that accepts, reads, and never answers.
  package static func silent(on place: Place = .unixSocket) throws -> ScriptedServer {
    try ScriptedServer(on: place, steps: [.hold])
  }

  /// A web server: whatever it gets, it answers `400 Bad Request` and hangs up.
  package static func http(on place: Place = .loopback) throws -> ScriptedServer {
    let body = "<html><body><h1>400 Bad Request</h1></body></html>\r\n"
    let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: \(body.utf8.count)\r\n"
    return try ScriptedServer(on: place) { peer in
      guard peer.read() != nil else { return }
      peer.write(Array("\(head)Connection: close\r\n\r\n\(body)".utf8))
    }
  }

  /// A server that answers the first bytes it gets with `bytes`, one every `pause`, and then stays silent.
  package static func dripping(
    _ bytes: [UInt8], every pause: Duration = .seconds(1), on place: Place = .unixSocket
  ) throws -> ScriptedServer {
    try ScriptedServer(on: place) { peer in
      guard peer.read() != nil, peer.write(bytes, inPiecesOf: 1, pausing: pause) else { return }
      peer.drain()
    }
  }

  /// A server that reads `count` bytes and hangs up.
  package static func closing(after count: Int, on place: Place = .unixSocket) throws -> ScriptedServer {
    try ScriptedServer(on: place, steps: [.expect(bytes: count)])
  }

  /// A server that understands RESP2 commands and answers each with the bytes that `answer` returns.
  ///
  /// Nil hangs up. The bytes are sent as they are: see ``RESPValue/encoded`` for well-formed ones. The number is
  /// that of the connection, from 0.
  package static func answering(
    on place: Place = .unixSocket,
    _ answer: @escaping @Sendable (_ command: [[UInt8]], _ connection: Int) -> [UInt8]?
  ) throws -> ScriptedServer {
    try ScriptedServer(on: place) { peer in
      var reader = RESPReader()
      while let chunk = peer.read() {
        reader.append(chunk)
        while let command = try? reader.next()?.elements {
          guard let bytes = answer(command.compactMap(\.bytes), peer.number) else { return }
          guard peer.write(bytes) else { return }
        }
      }
    }
  }

  /// A server that understands commands as text and answers each with the value that `answer` returns.
  package static func replying(
    on place: Place = .unixSocket, _ answer: @escaping @Sendable ([String]) -> RESPValue
  ) throws -> ScriptedServer {
    try answering(on: place) { command, _ in
      answer(command.map { String(decoding: $0, as: UTF8.self) }).encoded
    }
  }
}

/// A TCP port of 127.0.0.1 or a unix socket that takes no connection, because its queue is full.
///
/// A client that connects to the port hangs until its own deadline. On a Linux unix socket a blocking connect hangs
/// too, and a non-blocking one fails at once with EAGAIN.
package final class FullBacklog: Sendable {
  /// Where it listens.
  package let address: Address

  private let descriptors: [Int32]
  private let folder: TemporaryFolder?

  /// Listens, and fills the queue with connections of its own.
  package init(on place: ScriptedServer.Place = .loopback) throws {
    let listening: Int32
    switch place {
    case .unixSocket:
      let made = try TemporaryFolder()
      folder = made
      address = .unix(made.file("full.sock"))
      listening = try Socket.listen(address, backlog: 0)
    case .loopback:
      folder = nil
      listening = try Socket.listen(.loopback(0), backlog: 0)
      address = .loopback(Socket.port(of: listening))
    }
    var open = [listening]
    // The system rounds the queue up a little; the first connection that does not complete ends the filling.
    while open.count < 600 {
      let (descriptor, isConnected) = try Socket.beginConnecting(address)
      open.append(descriptor)
      if !isConnected { break }
    }
    descriptors = open
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
  }
}
