import TestSupport

/// A row of the table by which an ``EditingProxy`` answers differently than the server behind it.
package struct ReplyEdit: Sendable {
  /// What happens to a command that the row is about.
  enum Action: Sendable {
    /// The command does not reach the server; this is its reply.
    case answer(RESPValue)
    /// The server's reply passes in another form.
    case change(@Sendable (RESPValue) -> RESPValue)
    /// The connection ends where the reply would have come.
    case hangUp
    /// Neither the reply nor anything behind it comes.
    case silence
  }

  let action: Action
  private let words: [String]
  private let condition: @Sendable ([[UInt8]]) -> Bool

  private init(_ command: String, _ action: Action, _ condition: @escaping @Sendable ([[UInt8]]) -> Bool) {
    words = command.split(separator: " ").map { $0.uppercased() }
    self.action = action
    self.condition = condition
  }

  /// True for a command that the row is about: its first words are those of the row, in either case.
  func applies(to command: [[UInt8]]) -> Bool {
    guard command.count >= words.count else { return false }
    let isNamed = zip(words, command).allSatisfy { $0 == String(decoding: $1, as: UTF8.self).uppercased() }
    return isNamed && condition(command)
  }

  /// Refuses a command with an error line; where `keys` are given only if one of them is an argument.
  package static func refuse(_ command: String, with error: String, keys: Set<String>? = nil) -> ReplyEdit {
    ReplyEdit(command, .answer(.error(error)), isAbout(keys))
  }

  /// Answers a command in place of the server.
  package static func answer(
    _ command: String, with reply: RESPValue, keys: Set<String>? = nil
  ) -> ReplyEdit {
    ReplyEdit(command, .answer(reply), isAbout(keys))
  }

  /// Answers a command for which `condition` holds in place of the server; the command is its words.
  package static func answer(
    _ command: String, with reply: RESPValue, where condition: @escaping @Sendable ([String]) -> Bool
  ) -> ReplyEdit {
    ReplyEdit(command, .answer(reply)) { words in
      condition(words.map { String(decoding: $0, as: UTF8.self) })
    }
  }

  /// Changes the server's reply to a command.
  package static func change(
    _ command: String, _ change: @escaping @Sendable (RESPValue) -> RESPValue
  ) -> ReplyEdit {
    ReplyEdit(command, .change(change), isAbout(nil))
  }

  /// Changes the text of the server's reply to a command, such as INFO.
  package static func rewrite(
    _ command: String, _ change: @escaping @Sendable (String) -> String
  ) -> ReplyEdit {
    .change(command) { reply in
      guard let bytes = reply.bytes else { return reply }
      return .bulk(Array(change(String(decoding: bytes, as: UTF8.self)).utf8))
    }
  }

  /// Sets fields of INFO; nil leaves a field out.
  package static func info(_ fields: [String: String?]) -> ReplyEdit {
    .rewrite("INFO") { text in
      text.split(separator: "\r\n", omittingEmptySubsequences: false).compactMap { line in
        let name = String(line.prefix { $0 != ":" })
        guard let value = fields[name] else { return String(line) }
        return value.map { "\(name):\($0)" }
      }.joined(separator: "\r\n")
    }
  }

  /// Ends the connection in place of a reply.
  package static func hangUp(_ command: String, keys: Set<String>? = nil) -> ReplyEdit {
    ReplyEdit(command, .hangUp, isAbout(keys))
  }

  /// Drops a reply and all that follow it.
  package static func silence(_ command: String, keys: Set<String>? = nil) -> ReplyEdit {
    ReplyEdit(command, .silence, isAbout(keys))
  }

  private static func isAbout(_ keys: Set<String>?) -> @Sendable ([[UInt8]]) -> Bool {
    guard let keys else { return { _ in true } }
    return { command in command.dropFirst().contains { keys.contains(String(decoding: $0, as: UTF8.self)) } }
  }
}
