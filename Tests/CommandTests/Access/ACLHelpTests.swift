import Foundation
import TestHarness
import TestSupport
import Testing

/// `rediscache help acl`: that it suffices is tested where servers are.
@Suite(.overlapping) struct ACLHelpTests {
  @Test("the topic is listed, fits a page's width, and names every command") func text() throws {
    let result = try Rediscache.run(["help", "acl"])
    #expect(result.status == 0 && result.stderr.isEmpty)
    // A line to copy stays one line.
    let prose = result.text.split(separator: "\n").filter { !$0.hasPrefix("    ACL SETUSER ") }
    #expect(!prose.isEmpty && prose.allSatisfy { $0.count <= 120 })
    for command in ["scan", "ttl", "stats", "hits", "doctor", "inspect", "invalidate", "warm", "export"] {
      #expect(result.text.contains("\n  \(command)\n    ACL SETUSER NAME on >(the password) "))
    }
    #expect(try Rediscache.run([]).text.contains("acl"))
    #expect(try Rediscache.run(["help", "nothing"]).errorText.contains(" acl"))
  }

  @Test("every option that a row names is one of its command") func options() throws {
    let text = try Rediscache.run(["help", "acl"]).text
    var help = ""
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if let command = words.first,
        ["scan", "ttl", "stats", "hits", "doctor", "inspect", "invalidate", "warm", "export"].contains(
          command),
        line.hasPrefix("  "), !line.hasPrefix("    ")
      {
        help = try Rediscache.run([command, "--help"]).text
      }
      // Rows for all commands.
      if ["  IN", "  THROUGH"].contains(where: { line.hasPrefix($0) }) {
        help = try Rediscache.run(["scan", "--help"]).text
      }
      for option in words where option.hasPrefix("--") {
        let name = option.hasSuffix(",") ? String(option.dropLast()) : option
        #expect(help.contains(name), "\(line)")
      }
    }
  }

  @Test("the manuals repeat no rule in other words", arguments: ["README.md", "man/rediscache.1"])
  func manuals(_ path: String) throws {
    let text = try Repository.text(path)
    let help = try Rediscache.run(["help", "acl"]).text
    let lines = text.split(separator: "\n").filter { $0.contains("ACL SETUSER") }
    #expect(!lines.isEmpty && text.contains("rediscache help acl"))
    for line in lines {
      let rule = line.drop { $0 == " " }
      #expect(help.contains("    \(rule)\n"), "\(path): \(rule)")
    }
  }
}
