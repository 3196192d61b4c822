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

  private static let commands = [
    "scan", "ttl", "stats", "hits", "doctor", "inspect", "invalidate", "warm", "export",
  ]

  @Test("topics fit a terminal, and what is to be pasted stays whole", arguments: [60, 80, 120])
  func topicWidth(_ columns: Int) throws {
    for topic in ["exit-codes", "patterns", "json", "environment", "rules", "acl", "seed-format"] {
      let wide = try Rediscache.run(["help", topic])
      let result = try Rediscache.run(["help", topic], environment: ["COLUMNS": String(columns)])
      // Records and rules are pasted.
      let long = result.text.split(separator: "\n").filter { $0.count > columns }
      #expect(
        long.allSatisfy { $0.contains("ACL SETUSER") || $0.contains("{") || $0.contains(" = ") }, "\(long)")
      let words = { (text: String) in text.split { $0 == " " || $0 == "\n" } }
      #expect(words(result.text) == words(wide.text), "\(topic)")
    }
  }

  @Test("the whole help of a command begins with examples and ends with exit codes", arguments: commands)
  func whole(_ command: String) throws {
    let long = try Rediscache.run([command, "--help"])
    #expect(long.status == 0 && long.stderr.isEmpty)
    #expect(try Rediscache.run(["help", command]).text == long.text)
    let examples = try #require(long.text.firstRange(of: "EXAMPLES:"))
    let usage = try #require(long.text.firstRange(of: "USAGE: rediscache \(command)"))
    let codes = try #require(long.text.firstRange(of: "EXIT CODES:"))
    #expect(examples.lowerBound < usage.lowerBound && usage.lowerBound < codes.lowerBound)
    #expect(long.text.prefix(upTo: examples.lowerBound).split(separator: "\n").count <= 2, "\(long)")
    for code in ["64", "69", "75", "77", "78", "130"] {
      #expect(long.text[codes.lowerBound...].contains(code))
    }
  }

  @Test("the short help of a command fits a screen and names options that exist", arguments: commands)
  func short(_ command: String) throws {
    let result = try Rediscache.run([command, "-h"], environment: ["COLUMNS": "80"])
    #expect(result.status == 0 && result.stderr.isEmpty)
    let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count <= 24, "\(lines.count) lines")
    #expect(
      lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("  rediscache") || $0.hasPrefix("  #") }, "\(result)")
    let options = try #require(result.text.firstRange(of: "OPTIONS:\n"))
    let rows = result.text[options.upperBound...].split(separator: "\n").dropLast()
    #expect(rows.count >= 6 && rows.allSatisfy { $0.hasPrefix("  -") && $0.count > 30 }, "\(result)")
    #expect(result.text.contains("rediscache \(command) --help"))
  }

  @Test("every example of the help does what it says") func examples() throws {
    try RedisServer.with { server in
      let folder = try TemporaryFolder()
      let environment = try folder.configure("prod", ["socket = \"\(server.socketPath)\""])
      let seed = #"{"key":"app:v2:user:1:profile","value":"x","ttl":600}"# + "\n"
      for name in ["seed.jsonl", "old.jsonl"] { try folder.write(name, Array(seed.utf8)) }
      try server.load(text: [
        ["SET", "app:v1:a", "x"], ["SET", "app:v2:user:1:profile", "x"], ["SADD", "tag:user:1", "app:v1:a"],
        ["SET", "product:v1:1", "x", "EX", "500"],
      ])
      for command in Self.commands {
        let text = try Rediscache.run([command, "--help"]).text
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("  rediscache ") }.map {
          $0.drop { $0 == " " }
        }
        #expect(lines.count >= 3)
        for line in lines {
          // Intervals and watches take their time; that they parse is enough.
          let shortened = line.replacing("--interval 10s", with: "--interval 100ms")
            .replacing("--for 5m", with: "--duty 5%")
            .replacing("rediscache doctor", with: "rediscache doctor --interval 100ms")
            .replacing("rediscache hits", with: "rediscache hits --for 300ms")
            .replacing("--watch", with: "--watch --max-runtime 300ms --interval 100ms")
          let result = try Rediscache.shell(
            "cd \(folder.path) && rm -f app.jsonl.gz hot.jsonl.gz all.jsonl.gz && " + shortened,
            environment: environment)
          #expect(
            [0, 1, 2].contains(result.status) && !result.errorText.contains("error:"), "\(line): \(result)")
        }
      }
    }
  }

  @Test("completions offer the topics behind help", arguments: ["bash", "zsh", "fish"])
  func completions(_ shell: String) throws {
    let script = try Rediscache.run(["--generate-completion-script", shell]).text
    #expect(script.contains("export profile exit-codes patterns"), "\(shell)")
  }

  @Test("bash completes topics, formats and profiles") func bashCompletion() throws {
    let folder = try TemporaryFolder()
    let environment = try folder.configure("staging", ["port = 1"])
    let script = try folder.write(
      "rediscache.bash", Array(try Rediscache.run(["--generate-completion-script", "bash"]).stdout))
    for (words, offered) in [
      ("help ac", "acl"), ("stats --format pro", "prometheus"), ("scan -P sta", "staging"),
      ("scan --ignore memory-f", "memory-full"), ("scan --by segm", "segment"),
    ] {
      let list = words.split(separator: " ").map(String.init)
      let line = """
        source \(script); COMP_WORDS=(rediscache \(words)); COMP_CWORD=\(list.count); COMP_LINE="rediscache \(words)"
        COMP_POINT=${#COMP_LINE}; _rediscache rediscache "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let result = try Rediscache.shell(line, environment: environment)
      #expect(
        result.text.split(separator: "\n").map { $0.drop { $0 == " " } }.contains { $0.hasPrefix(offered) },
        "\(words): \(result)")
    }
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
