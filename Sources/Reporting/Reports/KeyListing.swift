import Bytes

/// The forms in which keys are streamed, one at a time.
package struct KeyListing: Sendable {
  /// One form.
  package enum Form: Sendable, Equatable {
    /// A key a line: escaped for a terminal, as it is for a pipe.
    case text(escaped: Bool)
    /// Keys as they are, each followed by a NUL.
    case nulTerminated
    /// CSV with a heading.
    case csv(forTerminal: Bool)
    /// A JSON object a line.
    case jsonLines
  }

  /// What is told about a key beside its name; nil where unknown.
  package struct Details: Sendable {
    /// The number of the database that has it.
    package var database: Int
    /// The type of the value.
    package var type: String?
    /// The remaining time to live in milliseconds, -1 where it never expires.
    package var ttlMilliseconds: Int64?
    /// The bytes that key and value take.
    package var bytes: Int?
    /// Seconds since the last use, where asked for.
    package var idleSeconds: Int?

    /// Makes details.
    package init(database: Int, type: String?, ttlMilliseconds: Int64?, bytes: Int?, idleSeconds: Int?) {
      self.database = database
      self.type = type
      self.ttlMilliseconds = ttlMilliseconds
      self.bytes = bytes
      self.idleSeconds = idleSeconds
    }
  }

  private let form: Form
  private let hasIdle: Bool

  /// Makes a listing; `hasIdle` adds the time since the last use.
  package init(_ form: Form, hasIdle: Bool = false) {
    self.form = form
    self.hasIdle = hasIdle
  }

  /// What stands before the first key.
  package var heading: [UInt8] {
    guard case .csv(let forTerminal) = form else { return [] }
    let names =
      ["key", "type", "ttl_seconds", "memory_bytes"] + (hasIdle ? ["idle_seconds"] : []) + [
        "db", JSON.encoding,
      ]
    return CSV(forTerminal: forTerminal).header(names)
  }

  /// What follows the last key of a complete list: JSON lines say how many there are, so that a list that was cut off can
  /// be told from a whole one.
  package func ending(keys: Int) -> [UInt8] {
    guard form == .jsonLines else { return [] }
    return JSON.object([("end", .int(keys))]).serialized() + [UInt8(ascii: "\n")]
  }

  /// The form as its reader sees it; nil for forms that are not read as lists of keys.
  private var list: KeyListForm? {
    switch form {
    case .text(escaped: false): .lines
    case .nulTerminated: .nulTerminated
    case .jsonLines: .jsonLines
    case .text, .csv: nil
    }
  }

  /// False for a key that a reader of this form would take for another, for several or for none.
  package func carries(_ key: [UInt8]) -> Bool { list?.carries(key) ?? true }

  /// One key. The TTL is in seconds, -1 where the key never expires.
  package func line(_ key: [UInt8], _ details: Details) -> [UInt8] {
    let seconds = details.ttlMilliseconds.map { $0 < 0 ? -1 : rounded(Double($0) / 1000, to: 3) }
    switch form {
    case .text(let escaped): return (escaped ? Array(KeyText.quoted(key).utf8) : key) + [UInt8(ascii: "\n")]
    case .nulTerminated: return key + [0]
    case .csv(let forTerminal):
      let (names, encoding) = CSV.names([key])
      var cells: [CSV.Cell] =
        names + [
          details.type.map { .text($0) } ?? .empty, number(seconds), details.bytes.map { .int($0) } ?? .empty,
        ]
      if hasIdle { cells.append(details.idleSeconds.map { .int($0) } ?? .empty) }
      cells += [.int(details.database), encoding]
      return CSV(forTerminal: forTerminal).row(cells)
    case .jsonLines:
      var members: [(String, JSON)] =
        JSON.names([("key", key)]) + [
          ("type", .optional(details.type)), ("ttl_seconds", json(seconds)),
          ("memory_bytes", .optional(details.bytes)),
        ]
      if hasIdle { members.append(("idle_seconds", .optional(details.idleSeconds))) }
      members.append(("db", .int(details.database)))
      return JSON.object(members).serialized() + [UInt8(ascii: "\n")]
    }
  }

  private func number(_ seconds: Double?) -> CSV.Cell {
    guard let seconds else { return .empty }
    return seconds == seconds.rounded() ? .int(Int(seconds)) : .double(seconds)
  }

  private func json(_ seconds: Double?) -> JSON {
    guard let seconds else { return .null }
    return seconds == seconds.rounded() ? .int(Int(seconds)) : .double(seconds)
  }
}
