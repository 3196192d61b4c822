import Testing

/// What the code of the libraries does not do.
struct WordingTests {
  /// Words that no library has, and why not.
  nonisolated(unsafe) static let forbidden: [(word: Regex<Substring>, reason: String)] = [
    (/\bpublic\b/, "`package` is the access between targets"),
    (/\btry!/, "an error is handled"),
    (/\bfatalError\(/, "a library does not end the process"),
    (/(?:^|[^.\w])print\(/, "only the executable writes to standard output"),
    (/(?:^|[^.\w])exit\(/, "only the executable ends the process"),
  ]

  /// The rooms whose texts spell no option yet.
  ///
  /// All libraries belong here: an error carries a remedy as a value, and the executable spells it. Add a room once it is
  /// clean; the list ends as that of all libraries.
  static let roomsWithoutOptions: Set<String> = [
    "Bytes", "Quantities", "Keyspace", "SeedFormat", "RDBFormat", "Gzip", "RedisClient", "Configuration",
    "Reporting",
    "Operations",
  ]

  static func objections(to file: SourceFile) -> [Objection] {
    guard file.room != "rediscache" else { return [] }
    return file.swift.lines.filter { !$0.text.contains(/\bfunc (?:print|exit)\(/) }.flatMap { number, line in
      forbidden.filter { line.contains($0.word) }.map { _, reason in
        Objection(file, line: number, "\(line.drop { $0 == " " }): \(reason)")
      }
    }
  }

  static func spelledOptions(in file: SourceFile) -> [Objection] {
    guard roomsWithoutOptions.contains(file.room) else { return [] }
    return file.swift.literals.filter { $0.text.contains(/(?:^|[^-\w])--[a-z]/) }.map { literal in
      Objection(file, line: literal.line, "spells an option: \(literal.text)")
    }
  }

  @Test func librariesKeepToTheirWords() throws {
    #expect(try SourceFile.sources().flatMap(Self.objections) == [])
  }

  @Test func librariesSpellNoOption() throws {
    #expect(try SourceFile.sources().flatMap(Self.spelledOptions) == [])
  }

  @Test(arguments: [
    "public struct Key {}", "let size = try! read()", "default: fatalError(\"no\")", "print(key)",
    "guard isOpen else { exit(1) }", "let text = \"\\(print(key))\"",
  ])
  func aForbiddenWordIsSeen(line: String) {
    #expect(Self.objections(to: SourceFile("Sources/Keyspace/Planted.swift", line + "\n")).count == 1)
    #expect(Self.objections(to: SourceFile("Sources/rediscache/Planted.swift", line + "\n")) == [])
  }

  @Test(arguments: [
    "// public, try! and exit(1)", "let text = \"public fatalError(\"", "let isPublic = true",
    "pool.exit(1)", "func exit(at place: Int) {}", "fingerprint(key)", "let text = #\"try! \"print(\"\"#",
  ])
  func otherWordsAreFree(line: String) {
    #expect(Self.objections(to: SourceFile("Sources/Keyspace/Planted.swift", line + "\n")) == [])
  }

  @Test(arguments: ["\"use --tls\"", "#\"--password-file\"#", "\"\"\"\n  try\n  (--limit)\n  \"\"\""])
  func aSpelledOptionIsSeen(literal: String) {
    let file = SourceFile("Sources/Keyspace/Planted.swift", "\nlet hint = \(literal)\n")
    #expect(Self.spelledOptions(in: file).map(\.line) == [2])
  }

  @Test(arguments: ["\"a -- b\"", "\"---\"", "\"well--known\"", "1 // as --tls does"])
  func dashesAreFree(literal: String) {
    let file = SourceFile("Sources/Keyspace/Planted.swift", "let hint = \(literal)\n")
    #expect(Self.spelledOptions(in: file) == [])
  }
}
