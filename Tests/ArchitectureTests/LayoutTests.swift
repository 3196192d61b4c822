import Testing

/// How files lie in folders, what they are called, and how long they are.
struct LayoutTests {
  /// The most Swift files that a folder may hold.
  static let mostFiles = 25
  /// The most lines that a file of the sources may have.
  static let mostLines = 400
  /// A file of the sources with fewer lines belongs to a neighbour, but for those that have a reason.
  static let leastLines = 40
  /// How many files may be shorter for now; the number may only fall, and ends as a list of files with reasons.
  static let shortFiles = 80
  /// Folders whose files may be short: one rule a file, however little it takes to say it.
  static let foldersOfShortFiles = ["Sources/Operations/Scan/Findings/Rules/"]

  /// Folders that still hold too many files.
  static let knownFull: Set<String> = []

  /// Files that are not yet called after a type that they declare or extend. The list ends empty, or with a reason beside
  /// each name.
  static let knownMisnamed: Set<String> = [
    "ACLRules", "ByteClass", "ClusterNodeDecoding", "ClusterTopologyDecoding", "ClusterTopologyRead",
    "ClusterWalkMotion", "CommandChannelAsking", "CredentialsPasswordFile", "DurationText",
    "EndpointPercentCoding", "EndpointURIAuthority", "ExpiryWaves", "GroupTreeAbsorb",
    "GroupTreeCheckpoint", "GroupTreeCollapse", "GroupTreeLabels", "GroupTreeWalk", "HelpTopicACL",
    "HelpTopicEnvironment", "HelpTopicExitCodes", "HelpTopicJSON", "HelpTopicPatterns",
    "HelpTopicSeedFormat", "InvalidateReportTable", "JSONLiterals", "KeyJoint", "KeyReaderAddresses",
    "KeyReaderTokens", "KeyRemoverSending", "KeyWalkPages", "LocatorConnect", "LogHistogramQuantiles",
    "Logarithm", "NumberRounding", "OptionValues", "RecordFiles", "ReplyDecoding", "ReplyFunctions",
    "ScalarSafety", "ScanCheckpointKeeper", "ScanCheckpointShare", "ScanCheckpointTerms",
    "SeedValueComparison", "SeedValueReaderCollections", "SessionEnd", "ShellText", "SocketTLS",
    "StandardStreams", "StatsTerminal", "StyleChoice", "UnitsBytes", "UnitsDuration", "UnitsNumbers",
    "WalkArguments", "WarmRunEnd", "WarmRunReplies", "WarmRunSending", "WriteRefusal", "Transition",
    "ReplyReader+Callbacks",
  ]

  static func fullFolders(among paths: [String]) -> [String] {
    Dictionary(grouping: paths) { $0.split(separator: "/").dropLast().joined(separator: "/") }
      .filter { $0.value.count > mostFiles }
      .map { "\($0.key) holds \($0.value.count) files" }.sorted()
  }

  /// `Type.swift` or `Type+Aspect.swift`, for a type that the file declares or extends.
  static func misnamed(_ file: SourceFile) -> Bool {
    guard file.name != "main", let type = file.name.split(separator: "+").first else { return false }
    return !file.types.contains(String(type))
  }

  @Test func foldersAreNotFull() throws {
    let paths = try SourceFile.paths(below: "Sources") + SourceFile.paths(below: "Tests")
    let full = Self.fullFolders(among: paths).filter { text in
      !Self.knownFull.contains { text.hasPrefix($0 + " ") }
    }
    #expect(full == [])
  }

  @Test func filesAreCalledAfterTheirTypes() throws {
    let files = try SourceFile.sources().filter(Self.misnamed).filter {
      !Self.knownMisnamed.contains($0.name)
    }
    #expect(files.map(\.path) == [])
  }

  @Test func filesAreNotLong() throws {
    let files = try SourceFile.sources().filter { $0.length > Self.mostLines }
    #expect(files.map { "\($0.path): \($0.length) lines" } == [])
  }

  @Test func fragmentsGetFewer() throws {
    let files = try SourceFile.sources().filter { file in
      file.length < Self.leastLines && !Self.foldersOfShortFiles.contains { file.path.hasPrefix($0) }
    }
    #expect(files.count <= Self.shortFiles, "\(files.map { "\($0.path): \($0.length)" })")
  }

  @Test func aFullFolderIsSeen() {
    let paths = (0...Self.mostFiles).map { "Sources/Keyspace/Names/Planted\($0).swift" }
    #expect(Self.fullFolders(among: paths) == ["Sources/Keyspace/Names holds 26 files"])
    #expect(Self.fullFolders(among: Array(paths.dropLast())) == [])
  }

  @Test(arguments: [
    ("Table", "struct Table {}"), ("Table+Rows", "extension Table {}"),
    ("Row", "struct Table { enum Row {} }"),
    ("TableRow", "extension Table.Row {}"), ("main", "run()"), ("Rows", "package typealias Rows = [Row]"),
  ])
  func aTypeGivesItsName(name: String, text: String) {
    #expect(!Self.misnamed(SourceFile("Sources/Reporting/Text/\(name).swift", text)))
  }

  @Test(arguments: [
    ("TableRows", "extension Table {}"), ("Tables", "struct Table {}"), ("Table+Rows", "struct Rows {}"),
    ("Table", "// struct Table\nlet text = \"struct Table\""),
  ])
  func anotherNameIsSeen(name: String, text: String) {
    #expect(Self.misnamed(SourceFile("Sources/Reporting/Text/\(name).swift", text)))
  }

  @Test func linesAreCounted() {
    #expect(SourceFile("Sources/Bytes/Planted.swift", "a\nb\n").length == 2)
  }
}
