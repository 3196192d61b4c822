import Foundation
import TestHarness
import Testing

/// `rediscache help acl` prints what suffices, and nothing that is not needed.
@Suite(.overlapping) struct LeastPrivilegeTests {
  @Test("each run succeeds under its rule alone", arguments: LeastPrivilegeCase.all)
  func suffices(_ run: LeastPrivilegeCase) throws {
    let rules = try LeastPrivilegeRules.printed.get()
    let words = try rules.words(run.usage, run.additions)
    let serving = try rules.words(run.usage, run.additions + ["better with"])
    try LeastPrivilegeFixture.with(run) { fixture in
      let free = try fixture.run(run, limited: false)
      #expect(free.status == 0, "\(free)")

      try fixture.server.makeLimitedUser(words)
      let bare = try fixture.run(run, limited: true)
      #expect(bare.status == 0, "\(bare)")
      let wanted = try LeastPrivilegeFigures.of(free, run, described: false)
      let found = try LeastPrivilegeFigures.of(bare, run, described: false)
      #expect(found == wanted)
      for complaint in LeastPrivilegeFigures.complaints(bare) {
        let isKnown = LeastPrivilegeFigures.complaints(free).contains(complaint)
        #expect(isKnown || isOfServing(complaint, serving), "\(complaint)")
      }

      // Redis 7.0 does not know the one word that no rule holds.
      let knowsNoTouch = try fixture.server.connection().command("CLIENT", "NO-TOUCH", "ON").errorText == nil
      try fixture.server.makeLimitedUser(serving + (knowsNoTouch ? ["+client|no-touch"] : []))
      let served = try fixture.run(run, limited: true)
      #expect(served.status == 0, "\(served)")
      let all = try LeastPrivilegeFigures.of(free, run, described: true)
      let described = try LeastPrivilegeFigures.of(served, run, described: true)
      #expect(described == all)
      #expect(LeastPrivilegeFigures.complaints(served) == LeastPrivilegeFigures.complaints(free))
    }
  }

  /// True for a warning about what a rule is only better with.
  private func isOfServing(_ complaint: Substring, _ serving: [String]) -> Bool {
    (serving + ["+client|no-touch"]).contains { word in
      let command = word.dropFirst().uppercased().replacing("|", with: " ")
      return complaint.contains("\(command) is not")
    }
  }

  @Test("each word taken away makes the run say so", arguments: LeastPrivilegeCase.all)
  func isMinimal(_ run: LeastPrivilegeCase) throws {
    let rules = try LeastPrivilegeRules.printed.get()
    let words = try rules.words(run.usage, run.additions)
    let commands = try rules.words(of: run).filter {
      $0.hasPrefix("+") && !words.contains("-" + $0.dropFirst())
    }
    guard !commands.isEmpty else { return }
    try LeastPrivilegeFixture.with(run) { fixture in
      for word in commands {
        try fixture.server.makeLimitedUser(words.filter { $0 != word })
        let result = try fixture.run(run, limited: true)
        #expect(says(result, word), "without \(word): \(result)")
      }
    }
  }

  /// True where a run fails for want of a command, or warns of it, by name.
  private func says(_ result: Command.Result, _ word: String) -> Bool {
    let name = String(word.dropFirst())
    let command = name.uppercased().replacing("|", with: " ")
    let isNamed = ["'\(name)' command", word, "\(command) is not", "must ask \(command)"].contains {
      result.errorText.contains($0)
    }
    return isNamed && (result.status != 0 || result.errorText.contains("warning: "))
  }

  @Test("no wider key pattern is asked for than needed", arguments: LeastPrivilegeCase.all)
  func patterns(_ run: LeastPrivilegeCase) throws {
    let rules = try LeastPrivilegeRules.printed.get()
    let words = try rules.words(run.usage, run.additions)
    let patterns = try rules.words(of: run).filter { $0.contains("~") }
    guard !patterns.isEmpty else { return }
    try LeastPrivilegeFixture.with(run) { fixture in
      for pattern in patterns {
        guard let tilde = pattern.firstIndex(of: "~") else { continue }
        let glob = pattern[tilde...]
        let others = words.filter { $0.hasSuffix(glob) && $0 != pattern }
        // The one that a wider one contains is there for the core alone.
        if others.contains(String(glob)) { continue }
        let weaker = pattern.first == "%" || !others.isEmpty ? [] : ["%R\(glob)", "%W\(glob)"]
        for other in [nil] + weaker {
          let kept = words.filter { $0 != pattern } + [other].compactMap { $0 }
          try fixture.server.makeLimitedUser(kept)
          let result = try fixture.run(run, limited: true)
          let isTold = result.status != 0 || result.errorText.contains("NOPERM")
          #expect(isTold, "\(other ?? "nothing") in place of \(pattern): \(result)")
        }
      }
    }
  }

  @Test("every word of the help is taken away from some run") func coverage() throws {
    let rules = try LeastPrivilegeRules.printed.get()
    var taken: [String: Set<String>] = [:]
    for run in LeastPrivilegeCase.all {
      #expect(rules.rules[run.usage] != nil, "\(run.usage)")
      taken[run.usage, default: []].formUnion(try rules.words(of: run))
    }
    for (usage, rule) in rules.rules where usage != "at the sentinels" {
      let rows = rule.additions.keys.filter { $0 != "better with" }
      let words = Set(try rules.words(usage, rows)).filter { !$0.hasPrefix("-") }
      #expect(words.subtracting(taken[usage] ?? []).isEmpty, "\(usage)")
      for row in rows {
        #expect(
          LeastPrivilegeCase.all.contains { $0.usage == usage && $0.additions.contains(row) },
          "\(usage): \(row)")
      }
    }
  }

  @Test("a line pasted with its placeholder is refused and makes no user") func placeholder() throws {
    let rules = try LeastPrivilegeRules.printed.get().rules
    try RedisServer.with { server in
      for rule in rules.values {
        let reply = try server.connection().command(rule.line.split(separator: " ").map { Array($0.utf8) })
        #expect(reply.errorText?.contains("Syntax error") == true, "\(rule.line): \(reply)")
      }
      #expect(try server.cli("ACL", "USERS") == "default")
    }
  }

  @Test("no rule allows a whole category, all keys, or a command that it names no subcommand of")
  func narrowness() throws {
    let rules = try LeastPrivilegeRules.printed.get()
    for (usage, rule) in rules.rules {
      let words = try rules.words(usage, Array(rule.additions.keys))
      for word in words {
        #expect(!word.contains("@") && !word.hasSuffix("~*") && word != "allkeys", "\(usage): \(word)")
        #expect(!["+memory", "+object", "+client", "+latency", "+cluster", "+config", "+acl"].contains(word))
      }
    }
  }
}
