import Foundation
import TestHarness
import TestSupport
import Testing

@testable import rediscache

/// The completions and man pages that ship say what the commands say.
@Suite(.overlapping) struct DriftTests {
  @Test(
    "completions are what the tool writes; `make completions` renews them",
    arguments: [("bash", "rediscache.bash"), ("zsh", "_rediscache"), ("fish", "rediscache.fish")])
  func completions(shell: String, file: String) throws {
    let result = try Rediscache.run(["--generate-completion-script", shell])
    #expect(result.status == 0)
    // Compared as a whole, but not shown: the scripts are hundreds of lines.
    let isSame = try Repository.text("completions/\(file)") == result.text
    #expect(isSame, "completions/\(file) differs: run make completions")
  }

  @Test(
    "man pages of topics say what the help says; `make completions` renews them",
    arguments: [
      ("seed-format", "rediscache-seed.5"), ("json", "rediscache-json.5"), ("patterns", "rediscache-keys.7"),
    ])
  func topics(_ topic: String, _ page: String) throws {
    let help = try Rediscache.run(["help", topic]).text
    let lines = try Repository.text("man/\(page)").replacing("\\e", with: "\\").replacing("\\&", with: "")
      .split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: ".Bd -literal"))
    let end = try #require(lines.lastIndex(of: ".Ed"))
    #expect(
      lines[(start + 1)..<end].joined(separator: "\n") + "\n" == help, "\(page) differs: run make completions"
    )
  }

  /// The part of `--experimental-dump-help` that tells of options.
  private struct Dump: Decodable {
    struct Command: Decodable {
      let commandName: String
      let subcommands: [Command]?
      let arguments: [Argument]?
    }

    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }

      let kind: String
      let names: [Name]?
      let isRepeating: Bool
      let shouldDisplay: Bool
    }

    let command: Command
  }

  /// The commands of the tool.
  private static func commands() throws -> [Dump.Command] {
    let result = try Rediscache.run(["--experimental-dump-help"])
    let dump = try JSONDecoder().decode(Dump.self, from: Data(result.stdout))
    return (dump.command.subcommands ?? []).filter { $0.commandName != "help" }
  }

  /// The commands of the tool, each with its options as a man page writes them: `n`, `-db`.
  private static func options() throws -> [String: Set<String>] {
    return Dictionary(
      uniqueKeysWithValues: try commands().map { command in
        let names = (command.arguments ?? []).filter(\.shouldDisplay).flatMap { $0.names ?? [] }
        return (command.commandName, Set(names.map { $0.kind == "short" ? $0.name : "-\($0.name)" }))
      })
  }

  /// The options that a man page names, after its macro `Fl`.
  private static func named(in page: String) -> Set<String> {
    let lines = page.split(separator: "\n").filter { $0.hasPrefix(".") && !$0.hasPrefix(".\\\"") }
    let text = lines.joined(separator: "\n").replacing("\\-", with: "-")
    return Set(text.matches(of: /\bFl (-?[A-Za-z0-9][A-Za-z0-9-]*)/).map { String($0.output.1) })
  }

  @Test("every option of a command stands in its man page, and no other") func manualPages() throws {
    let commands = try Self.options()
    #expect(commands["scan"]?.contains("-exact") == true)
    for (command, options) in commands {
      let page = try? Repository.text("man/rediscache-\(command).1")
      let named = Self.named(in: page ?? "")
      #expect(options.subtracting(named).isEmpty, "rediscache-\(command).1 lacks these")
      #expect(named.subtracting(options).isEmpty, "rediscache-\(command).1 has these that do not exist")
    }
  }

  @Test("the tool's own man page and the short help name every command") func commands() throws {
    let page = try Repository.text("man/rediscache.1")
    let help = try Rediscache.run([]).text
    for command in try Self.options().keys {
      #expect(page.contains("rediscache-\(command)") && help.contains(command))
    }
  }

  @Test("every option of a command is in the table of options, and no other") func table() throws {
    let commands = try Self.options()
    #expect(Set(commands.keys) == Set(Verb.allCases.map(\.rawValue)))
    for verb in Verb.allCases {
      let long = (commands[verb.rawValue] ?? []).filter { $0.hasPrefix("-") }.map { "-" + $0 }
      let known = OptionName.allCases.filter { $0.verbs.contains(verb) }.map(\.word)
      #expect(Set(long).subtracting(["--help", "--version"]) == Set(known), "\(verb)")
    }
  }

  @Test("the table knows which options are flags, which may be repeated, and their letters") func traits()
    throws
  {
    for command in try Self.commands() {
      for argument in command.arguments ?? [] where argument.kind != "positional" {
        let names = argument.names ?? []
        guard let long = names.first(where: { $0.kind == "long" }),
          let option = OptionName(word: "--" + long.name)
        else { continue }
        #expect(option.isFlag == (argument.kind == "flag"), "\(option.word)")
        #expect(option.isRepeatable == argument.isRepeating, "\(option.word)")
        #expect(
          option.letter.map { String($0) } == names.first { $0.kind == "short" }?.name, "\(option.word)")
      }
    }
  }

  @Test("no text of the program names an option that does not exist") func mentioned() throws {
    let folder = Repository.root.appendingPathComponent("Sources/rediscache")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    // Options of the parser, of redis-cli and of the words that a password follows.
    let others: Set = [
      "--help", "--version", "--pass", "--password", "--auth", "--pipe", "--experimental-dump-help",
      "--generate-completion-script",
    ]
    let known = Set(OptionName.allCases.map(\.word)).union(others)
    for file in files where file.hasSuffix(".swift") {
      let text = try Repository.text("Sources/rediscache/\(file)")
      let words = text.matches(of: /(?:^|[^-\w])(--[a-z][a-z0-9-]*[a-z0-9])/).map { String($0.output.1) }
      #expect(Set(words).subtracting(known).isEmpty, "\(file)")
    }
  }

  @Test("a profile takes what the table calls a setting, and nothing else", arguments: OptionName.allCases)
  func settings(_ option: OptionName) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("rediscache"), withIntermediateDirectories: false)
    try folder.write("rediscache/config.toml", "[profile.p]\n\(option.rawValue) = []\n".utf8)
    let result = try Rediscache.run(
      ["stats", "-P", "p", "-s", "/nonexistent.sock"], environment: ["XDG_CONFIG_HOME": folder.path])
    #expect(result.status == 78, "\(result)")
    #expect(result.errorText.contains("there is no such setting") != option.isSetting, "\(result)")
  }
}
