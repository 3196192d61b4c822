import Quantities

/// Why nothing was removed although keys were chosen.
package enum RemovalRefusal: Sendable, Equatable {
  /// Another number of keys was expected than was counted.
  case unexpected(counted: Int, expected: String)
  /// There are more keys than are allowed.
  case tooMany(counted: Int, limit: Int)
  /// The user was asked and did not say yes.
  case declined

  /// Why, for people.
  func sentence(of action: RemovalAction, _ spell: (MentionedOption) -> String) -> String {
    let nothing = if case .expire = action { "nothing was changed" } else { "nothing was removed" }
    return switch self {
    case .unexpected(let counted, let expected):
      "\(matching(counted)) and \(spell(.expectedCount)) says \(expected): \(nothing)"
    case .tooMany(let counted, let limit):
      "\(matching(counted)) and \(spell(.keyLimit)) allows \(NumberText.count(limit)): \(nothing)"
    case .declined: "not confirmed: \(nothing)"
    }
  }

  private func matching(_ count: Int) -> String {
    "\(NumberText.keys(count)) \(count == 1 ? "matches" : "match")"
  }
}
