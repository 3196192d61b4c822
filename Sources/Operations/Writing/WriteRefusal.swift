import Quantities

/// Why nothing was written although keys were chosen.
package enum WriteRefusal: Sendable, Equatable {
  /// Another number of keys was expected than was counted.
  case unexpected(counted: Int, expected: String)
  /// There are more keys than are allowed.
  case tooMany(counted: Int, limit: Int)
  /// The user was asked and did not say yes.
  case declined

  /// What was counted, and what did not happen, in the words of a verb.
  struct Words: Sendable {
    /// What a count of keys says: "3 keys match".
    let counted: @Sendable (Int) -> String
    /// What did not happen: "nothing was removed".
    let nothing: String
  }

  /// Why, for people.
  func sentence(_ words: Words, _ spell: (MentionedOption) -> String) -> String {
    switch self {
    case .unexpected(let counted, let expected):
      "\(words.counted(counted)) and \(spell(.expectedCount)) says \(expected): \(words.nothing)"
    case .tooMany(let counted, let limit):
      "\(words.counted(counted)) and \(spell(.keyLimit)) allows \(NumberText.count(limit)): \(words.nothing)"
    case .declined: "not confirmed: \(words.nothing)"
    }
  }
}

extension RemovalAction {
  /// What a refusal to remove says.
  var refusalWords: WriteRefusal.Words {
    let nothing = if case .expire = self { "nothing was changed" } else { "nothing was removed" }
    return WriteRefusal.Words(
      counted: { "\(NumberText.keys($0)) \($0 == 1 ? "matches" : "match")" }, nothing: nothing)
  }
}

extension WriteRefusal.Words {
  /// What a refusal to load a seed says.
  static let ofWarm = WriteRefusal.Words(
    counted: { "\(NumberText.keys($0)) would be written" }, nothing: "nothing was written")
}
