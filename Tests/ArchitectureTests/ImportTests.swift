import Testing

/// The arrows between the rooms: who may import whom.
struct ImportTests {
  /// The modules of ours and of others that the files of each room may import. What the system brings is free.
  static let arrows: [String: Set<String>] = [
    "Platform": ["Glibc", "Musl", "Darwin"],
    "Bytes": [],
    "Quantities": ["Bytes"],
    "Keyspace": ["Quantities", "Bytes", "Platform"],
    "SeedFormat": ["CSimdjson", "Bytes", "Platform"],
    "RDBFormat": ["Bytes"],
    "RedisClient": ["CHiredis", "Bytes", "Platform"],
    "Configuration": ["RedisClient", "Quantities", "Bytes", "CToml", "Platform"],
    "Reporting": ["Quantities", "Bytes"],
    "Gzip": ["CZlib"],
    "Operations": [
      "RedisClient", "Keyspace", "SeedFormat", "RDBFormat", "Reporting", "Quantities", "Bytes",
    ],
    "rediscache": [
      "Operations", "Reporting", "Configuration", "RedisClient", "Keyspace", "SeedFormat", "RDBFormat",
      "Quantities", "Bytes", "Platform", "Gzip", "CArguments", "ArgumentParser",
    ],
  ]

  /// What comes with the system or with Swift.
  static let system: Set<String> = [
    "Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "System",
  ]

  static func objections(to file: SourceFile) -> [Objection] {
    guard let allowed = arrows[file.room] else { return [Objection(file, "is in no room that has arrows")] }
    return file.imports.filter { !allowed.contains($0.module) && !system.contains($0.module) }.map {
      module, line in
      Objection(file, line: line, "\(file.room) may not import \(module)")
    }
  }

  @Test func roomsImportWhatTheyMay() throws {
    #expect(try SourceFile.sources().flatMap(Self.objections) == [])
  }

  @Test(arguments: [
    ("Keyspace", "import RedisClient"), ("Operations", "import CHiredis"), ("Bytes", "import Quantities"),
    ("Reporting", "package import Operations"), ("RedisClient", "@testable import Keyspace"),
    ("Operations", "internal import struct Configuration.Profile"), ("rediscache", "import CHiredis"),
    ("rediscache", "import CToml"), ("Operations", "#if canImport(TOMLKit)\n  import TOMLKit\n#endif"),
    ("Attic", "import Bytes"),
  ])
  func aWrongArrowIsSeen(room: String, text: String) {
    let file = SourceFile("Sources/\(room)/Planted.swift", "import Synchronization\n\(text)\n")
    #expect(Self.objections(to: file).count == 1)
  }

  @Test func textAndCommentsImportNothing() {
    let text = "// import CHiredis\n/* import CHiredis */\nlet text = \"\"\"\n  import CHiredis\n  \"\"\"\n"
    #expect(Self.objections(to: SourceFile("Sources/Bytes/Planted.swift", text)) == [])
  }
}
