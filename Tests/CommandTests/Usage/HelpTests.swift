import TestHarness
import Testing

/// What there is to read without a server.
@Suite(.overlapping) struct HelpTests {
  @Test("without arguments there is a short help") func noArguments() throws {
    let result = try Rediscache.run([])
    #expect(result.status == 0 && result.stderr.isEmpty)
    #expect(result.text.contains("scan") && result.text.contains("USAGE"))
    #expect(result.text.split(separator: "\n").count < 24, "it is not short")
  }

  @Test("every topic is explained", arguments: ["exit-codes", "patterns", "json", "environment"])
  func topic(_ name: String) throws {
    let result = try Rediscache.run(["help", name])
    #expect(result.status == 0 && result.stderr.isEmpty)
    #expect(result.text.split(separator: "\n").count > 5)
    #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 120 })
    #expect(try Rediscache.run([]).text.contains(name), "the short help does not name it")
  }

  @Test("help on a command is the command's help") func helpOnCommand() throws {
    let long = try Rediscache.run(["scan", "--help"])
    #expect(long.status == 0 && long.stderr.isEmpty)
    for arguments in [["help", "scan"], ["scan", "-h"]] {
      let other = try Rediscache.run(arguments)
      #expect(other.status == 0)
      #expect(trimmed(other.text) == trimmed(long.text), "\(arguments)")
    }
  }

  private func trimmed(_ text: String) -> Substring {
    text.prefix(upTo: text.lastIndex { $0 != "\n" } ?? text.startIndex)
  }

  @Test("--version is one line") func version() throws {
    let result = try Rediscache.run(["--version"])
    #expect(result.status == 0)
    #expect(result.text.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(result.text)")
  }

  @Test(
    "a misspelt word is met with the nearest one",
    arguments: [
      (["scna"], "scan"), (["Scan"], "scan"), (["hlep"], "help"), (["help", "scna"], "scan"),
      (["help", "pattern"], "patterns"), (["scan", "--exat"], "--exact"), (["scan", "--memroy"], nil),
      (["scan", "--namspace", "app"], "--namespace"), (["scan", "--print"], "--print0"),
    ] as [([String], String?)])
  func suggestion(_ arguments: [String], _ nearest: String?) throws {
    let result = try Rediscache.run(arguments)
    #expect(result.status == 64 && result.stdout.isEmpty, "\(result)")
    if let nearest { #expect(result.errorText.contains("Did you mean '\(nearest)'?"), "\(result)") }
  }

  @Test(
    "options and commands are not abbreviated", arguments: [["sc"], ["scan", "--exac"], ["scan", "--js"]])
  func abbreviation(_ arguments: [String]) throws {
    #expect(try Rediscache.run(arguments).status == 64)
  }
}
