import Foundation
import Synchronization
import TestSupport

/// A proxy in front of a server that reads the traffic and edits, refuses or drops replies, by a table of edits.
///
/// The first row that is about a command decides; a command without a row passes. Replies keep their order. The proxy
/// keeps both sides in RESP2 and passes no replies that nobody asked for: monitors, subscriptions and replication need another one.
package final class EditingProxy: Sendable {
  private let table: EditTable
  private let listener: Listener

  /// Starts a proxy in front of an address.
  package init(
    to target: Address, on place: ScriptedServer.Place = .unixSocket, _ edits: [ReplyEdit]
  ) throws {
    let table = EditTable(edits)
    self.table = table
    listener = try Listener(on: place) { client in
      EditedConnection(client, table).serve(target)
    }
  }

  /// Starts a proxy in front of a server's socket.
  package convenience init(
    to server: RedisServer, on place: ScriptedServer.Place = .unixSocket, _ edits: [ReplyEdit]
  ) throws {
    try self.init(to: .unix(server.socketPath), on: place, edits)
  }

  deinit {
    listener.stop()
  }

  /// Where it listens.
  package var address: Address { listener.address }

  /// Where it listens, as a Redis URI.
  package var uri: String { address.description }

  /// Replaces the table, on open connections too.
  package func set(_ edits: [ReplyEdit]) {
    table.edits.withLock { $0 = edits }
  }

  /// How many commands have come, by their first word in capitals.
  package var commands: [String: Int] { table.commands.withLock { $0 } }

  /// Hangs up on everybody and stops listening; harmless when repeated.
  package func stop() {
    listener.stop()
  }
}

/// The rows in force, and what has come so far.
final class EditTable: Sendable {
  let edits: Mutex<[ReplyEdit]>
  let commands = Mutex<[String: Int]>([:])

  init(_ edits: [ReplyEdit]) { self.edits = Mutex(edits) }

  /// What happens to a command; nil lets it pass.
  func action(for command: [[UInt8]]) -> ReplyEdit.Action? {
    let word = String(decoding: command.first ?? [], as: UTF8.self).uppercased()
    commands.withLock { $0[word, default: 0] += 1 }
    return edits.withLock { $0.first { $0.applies(to: command) }?.action }
  }
}
