import Foundation
import Synchronization
import TestSupport

/// One connection through an ``EditingProxy``: its commands go to the server, and the replies come back in their order, some of
/// them edited.
final class EditedConnection: Sendable {
  /// A reply that the client waits for.
  private enum Expected: Sendable {
    /// The server's, as it is.
    case passed
    /// What an edit makes of the server's, or puts in its place.
    case edited(ReplyEdit.Action)

    /// True where the server was not asked.
    var isMade: Bool {
      switch self {
      case .passed, .edited(.change): false
      case .edited: true
      }
    }
  }

  private let client: Peer
  private let table: EditTable
  private let expected = Mutex<[Expected]>([])

  init(_ client: Peer, _ table: EditTable) {
    self.client = client
    self.table = table
  }

  /// Serves the client until either side leaves.
  func serve(_ target: Address) {
    guard let descriptor = try? Socket.connect(target) else { return }
    let server = client.companion(descriptor)
    let repliesDone = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [self] in
      carryReplies(from: server)
      server.abandon()
      client.abandon()
      repliesDone.signal()
    }
    carryCommands(to: server)
    server.abandon()
    client.abandon()
    repliesDone.wait()
    server.close()
  }

  private func carryCommands(to server: Peer) {
    var reader = RESPReader()
    while let chunk = client.read() {
      reader.append(chunk)
      var passing: [UInt8] = []
      while let command = try? reader.next()?.elements?.compactMap(\.bytes) {
        let reply = table.action(for: command).map { Expected.edited($0) } ?? .passed
        if !reply.isMade { RESPValue.encode(command: Self.inRESP2(command), into: &passing) }
        expected.withLock { $0.append(reply) }
      }
      guard server.write(passing), sendMade() else { return }
    }
  }

  /// A command that keeps the connection in the protocol that is read here: HELLO asks for no newer one.
  private static func inRESP2(_ command: [[UInt8]]) -> [[UInt8]] {
    guard command.count > 1, String(decoding: command[0], as: UTF8.self).uppercased() == "HELLO" else {
      return command
    }
    return [command[0], Array("2".utf8)] + command.dropFirst(2)
  }

  private func carryReplies(from server: Peer) {
    var reader = RESPReader()
    while let chunk = server.read() {
      reader.append(chunk)
      while let reply = try? reader.next() {
        guard pass(reply) else { return }
      }
    }
  }

  /// Passes a reply of the server on, and what is put in the place of those behind it.
  private func pass(_ reply: RESPValue) -> Bool {
    expected.withLock { expected in
      guard Self.sendMade(&expected, to: client) else { return false }
      let passing: RESPValue
      switch expected.first {
      case nil: return client.write(reply.encoded)
      // Nothing passes a reply that was dropped.
      case .edited(.silence): return true
      case .edited(.change(let change)): passing = change(reply)
      case .passed, .edited: passing = reply
      }
      expected.removeFirst()
      return client.write(passing.encoded) && Self.sendMade(&expected, to: client)
    }
  }

  private func sendMade() -> Bool { expected.withLock { Self.sendMade(&$0, to: client) } }

  /// Sends the replies that the server is not asked for, up to the next one that it is; false where the connection ends.
  private static func sendMade(_ expected: inout [Expected], to client: Peer) -> Bool {
    while let first = expected.first, first.isMade {
      guard case .edited(let action) = first else { return true }
      switch action {
      case .answer(let reply):
        guard client.write(reply.encoded) else { return false }
      case .hangUp: return false
      // A dropped reply stays the first: nothing passes it.
      case .silence, .change: return true
      }
      expected.removeFirst()
    }
    return true
  }
}
