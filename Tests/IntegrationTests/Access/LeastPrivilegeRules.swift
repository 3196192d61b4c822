import TestHarness
import Testing

/// The access rules as `rediscache help acl` prints them: what an administrator reads and pastes.
struct LeastPrivilegeRules {
  /// One rule, and what stands below it.
  struct Rule {
    /// The line to paste, as it stands.
    var line: String
    /// The words that options add, by what stands before them.
    var additions: [String: String] = [:]
  }

  static let beginning = "ACL SETUSER NAME on >(the password) "

  /// The rules by the runs that they are for.
  private(set) var rules: [String: Rule] = [:]
  /// The rows below other headings, by heading and what stands before them.
  private(set) var sections: [String: [String: String]] = [:]

  /// What the tool printed, once for all tests.
  static let printed = Result { try LeastPrivilegeRules() }

  /// Asks the tool.
  private init() throws {
    let result = try Rediscache.run(["help", "acl"])
    #expect(result.status == 0 && result.stderr.isEmpty, "\(result)")
    var (usage, last) = ("", "")
    for line in result.text.split(separator: "\n").map(String.init) {
      let indent = line.prefix { $0 == " " }.count
      let text = line.dropFirst(indent)
      if text.hasPrefix(Self.beginning) {
        (usage, rules[last]) = (last, Rule(line: String(text)))
      } else if indent >= 6, let gap = text.range(of: "  ") {
        let what = String(text[..<gap.lowerBound])
        let words = text[gap.upperBound...].drop { $0 == " " }
        if usage.isEmpty { sections[last, default: [:]][what] = String(words) }
        rules[usage]?.additions[what] = String(words)
      } else if indent == 2 {
        (usage, last) = ("", String(text))
      }
    }
  }

  /// The words behind name and password for a run with some of its additions.
  func words(_ usage: String, _ additions: [String] = []) throws -> [String] {
    let rule = try #require(rules[usage], "there is no rule for \(usage)")
    let more = try additions.map { try #require(rule.additions[$0], "\(usage) has no row \($0)") }
    return ([String(rule.line.dropFirst(Self.beginning.count))] + more)
      .flatMap { $0.split(separator: " ").map(String.init) }
  }

  /// The words of a row below a heading, such as `IN A CLUSTER`.
  func words(under heading: String, _ what: String) throws -> [String] {
    let words = try #require(sections[heading]?[what], "\(heading) has no row \(what)")
    return words.split(separator: " ").map(String.init)
  }

  /// The words that this run is the first to need, so that none is taken away from all runs in turn.
  func words(of run: LeastPrivilegeCase) throws -> [String] {
    var first: [String] = []
    for row in [nil] + run.additions.map(Optional.some) {
      let core = try words(run.usage)
      let new = try row.map { try words(run.usage, [$0]).dropFirst(core.count) } ?? core[...]
      for word in new where !first.contains(word) {
        let owner = LeastPrivilegeCase.all.first { other in
          other.usage == run.usage && !other.spare.contains(word)
            && (row.map { other.additions.contains($0) } ?? true)
        }
        if owner?.testDescription == run.testDescription { first.append(word) }
      }
    }
    return first
  }
}

extension RedisServer {
  /// Makes the user of these tests anew, with these words and no others.
  func makeLimitedUser(_ words: [String]) throws {
    try connection().command("ACL", "DELUSER", LeastPrivilegeCase.user)
    let start = ["ACL", "SETUSER", LeastPrivilegeCase.user, "on", ">\(Rediscache.secret)"]
    let reply = try connection().command((start + words).map { Array($0.utf8) })
    try #require(reply.errorText == nil, "\(words): \(reply)")
  }
}
