import Bytes
import Foundation
import Reporting
import Testing

struct ShellTextTests {
  @Test(arguments: [
    ("--dry-run", "--dry-run"), ("prod", "prod"), ("product:v7", "product:v7"),
    ("redis://h:6379/0", "redis://h:6379/0"),
    ("", "''"), ("product:v7:*", "'product:v7:*'"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("~", "'~'"),
    ("$(id)`id`;|&", "'$(id)`id`;|&'"), ("hit_ratio < 0.8", "'hit_ratio < 0.8'"), ("ключ", "'ключ'"),
    ("a\u{1B}[m", #"$'a\033[m'"#), ("it's\n\\", #"$'it\'s\012\\'"#), ("\u{202E}", #"$'\342\200\256'"#),
    ("'\u{0301}", #"''\''́'"#), (#"a\*"#, #"'a\*'"#),
  ])
  func quotesOneWord(text: String, expected: String) {
    // Compared by bytes: canonical equivalence would hide a lost quote.
    #expect(Array(KeyText.shellQuoted(text).utf8) == Array(expected.utf8))
  }

  @Test(arguments: [
    ([["a"], ["--tag", "b"], ["--yes"]], "t v a --tag b --yes"),
    (
      [["--", "-x:*"], ["--tag", "-b"], ["--exclude", "-*"], ["--keys-from", "-"], ["--yes"]],
      "t v '--tag=-b' '--exclude=-*' --keys-from - --yes -- '-x:*'"
    ),
  ]) func valuesThatBeginWithADashAreNoOptions(options: [[String]], expected: String) {
    #expect(KeyText.commandLine(["t", "v"], options) == expected)
  }

  @Test(arguments: [
    ("a", ["a"]), ("-", ["-"]), ("", [""]), ("-a", ["--", "-a"]), ("--all", ["--", "--all"]),
  ])
  func argumentsThatBeginWithADashComeLast(text: String, expected: [String]) {
    #expect(KeyText.argument(text) == expected)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash"), "needs /bin/bash"))
  func bashReadsTheSameWord() throws {
    let texts = HarmlessnessTests.keys.prefix(300).map { String(decoding: $0, as: UTF8.self) }
      .filter { !$0.utf8.contains(0) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", texts.map { "printf '%s\\0' \(KeyText.shellQuoted($0))" }.joined(separator: "\n"),
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let words = output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
    #expect(words == texts.map { Array($0.utf8) })
  }
}
