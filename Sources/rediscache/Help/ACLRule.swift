/// What one kind of run asks of a server's access rules, as words of `ACL SETUSER`.
///
/// The words are the least that suffices; a test runs each kind under exactly them.
struct ACLRule {
  /// What is typed to run it.
  let usage: String
  /// Without these the run fails, or its report has gaps.
  let words: String
  /// What options and kinds of data add.
  let additions: [Addition]
  /// What is not needed, but serves: the run goes without it and says so where it matters.
  let betterWith: String

  /// Words that are put behind a rule.
  struct Addition {
    /// The options, or the data, that ask for them.
    let what: String
    let words: String

    init(_ what: String, _ words: String) {
      self.what = what
      self.words = words
    }
  }

  init(_ usage: String, _ words: String, betterWith: String, _ additions: [Addition] = []) {
    self.usage = usage
    self.words = words
    self.betterWith = betterWith
    self.additions = additions
  }

  /// The line to paste. As it stands every server refuses it, because the placeholder of the password is two words and
  /// the second is none of `ACL SETUSER`'s: nobody gets a user whose password stands in a manual.
  var line: String { "ACL SETUSER NAME on >(the password) " + words }

  /// The rule and what is put behind it, for `help acl`.
  var text: String {
    let rows = additions.map { ($0.what, $0.words) } + [("better with", betterWith)]
    return "  \(usage)\n    \(line)\n" + rows.map { ACLRule.row($0, $1) }.joined()
  }

  /// What asks for words, and the words, in two columns.
  static func row(_ what: String, _ words: String) -> String {
    "      \(what)\(String(repeating: " ", count: max(2, 37 - what.count)))\(words)\n"
  }
}
