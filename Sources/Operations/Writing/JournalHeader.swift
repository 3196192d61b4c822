import Bytes
import Reporting

/// The first line of a journal: which run it belongs to, so that no other run resumes it.
package struct JournalHeader: Sendable, Equatable, RecordMembers {
  /// Whose journal a header begins.
  package enum Kind: String, Sendable {
    /// That of a removal.
    case invalidate = "rediscache.invalidate-journal/1"
    /// That of a warming.
    case warm = "rediscache.warm-journal/1"
    /// The checkpoint of a scan, which is no journal but is resumed on the same terms.
    case scan = "rediscache.scan-checkpoint/1"

    /// What the file is called.
    var noun: String { self == .scan ? "checkpoint" : "journal" }
  }

  /// The form of the journal.
  let schema: String
  /// The server and its database.
  package let target: String
  /// What was chosen, or loaded, and what is done with it, in the words of the command line.
  package let choice: [String]
  /// When the first run began.
  package let startedAt: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case schema
    case target
    case choice
    case startedAt = "started_at"
  }

  /// Makes the header of a new journal.
  package init(_ kind: Kind = .invalidate, target: String, choice: [String], startedAt: String) {
    schema = kind.rawValue
    self.target = target
    self.choice = choice
    self.startedAt = startedAt
  }

  /// The line.
  package var line: [UInt8] {
    RecordLine.encode([
      ("schema", .string(schema)), ("target", .string(target)), ("choice", .strings(choice)),
      ("started_at", .string(startedAt)),
    ])
  }

  /// Reads a line; nil where it is no header of this kind.
  static func decode(_ line: [UInt8], _ kind: Kind) -> JournalHeader? {
    guard let header = RecordLine.decode(JournalHeader.self, from: line),
      header.schema == kind.rawValue
    else { return nil }
    return header
  }

  /// What keeps a run from going on with a journal: each line names what the journal has and what the run asks.
  package func differences(from other: JournalHeader) -> [String] {
    let noun = Kind(rawValue: schema)?.noun ?? "journal"
    var lines: [String] = []
    if target != other.target {
      lines.append("the \(noun) is of \(KeyText.sanitized(target)), this run goes to \(other.target)")
    }
    if choice != other.choice {
      let indent = String(repeating: " ", count: noun.count - "journal".count)
      lines.append("the \(noun) chose  \(JournalHeader.shown(choice))")
      lines.append("this run chooses   \(indent)\(JournalHeader.shown(other.choice))")
    }
    return lines
  }

  private static func shown(_ words: [String]) -> String {
    KeyText.commandLine(words, [])
  }
}
