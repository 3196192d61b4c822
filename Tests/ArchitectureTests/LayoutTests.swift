import Testing

/// How files lie in folders, what they are called, and how long they are.
struct LayoutTests {
  /// The most Swift files that a folder may hold.
  static let mostFiles = 25
  /// The most lines that a file of the sources may have.
  static let mostLines = 400
  /// A file of the sources with fewer lines has a reason: it is all of one type, or it is in ``fragments``.
  static let leastLines = 40
  /// How many files may be shorter, reasons or not; lower it when the number has fallen. A folder of rules is not counted:
  /// one rule a file is its reason.
  static let mostShortFiles = 74

  /// Short files that only extend a type, and why they are not in its file.
  static let fragments: [String: String] = [
    "Span+Bytes": "the type is not ours",
    "UInt8+ASCII": "the type is not ours",
    "Optional+Figures": "the type is not ours",
    "KeyText+Display": "the type is in Bytes, what is shown is in Reporting",
    "NumberText+Margin": "the type is in Quantities, margins of error are in Reporting",
    "Platform": "it holds no type: it imports the C library under one name",
    "SettingText+Spelling": "the type is in RedisClient, options are spelled by the executable",
  ]

  /// Files that are not called after a type that they declare or extend, and why.
  static let misnamed: [String: String] = [
    "Platform": "it holds no type: it imports the C library under one name",
    "ReplyReader+Callbacks": "C functions for ReplyReader, which cannot be its members",
  ]

  static func fullFolders(among paths: [String]) -> [String] {
    Dictionary(grouping: paths) { $0.split(separator: "/").dropLast().joined(separator: "/") }
      .filter { $0.value.count > mostFiles }
      .map { "\($0.key) holds \($0.value.count) files" }.sorted()
  }

  /// `Type.swift` or `Type+Aspect.swift`, for a type that the file declares or extends.
  static func isMisnamed(_ file: SourceFile) -> Bool {
    guard file.name != "main", let type = file.name.split(separator: "+").first else { return false }
    return !file.types.contains(String(type))
  }

  /// A short file without the type that it is called after.
  static func isFragment(_ file: SourceFile) -> Bool {
    let type = file.name.split(separator: "+").first.map(String.init) ?? ""
    return file.length < leastLines && file.name != "main" && !file.declaredTypes.contains(type)
  }

  @Test func foldersAreNotFull() throws {
    let paths = try SourceFile.paths(below: "Sources") + SourceFile.paths(below: "Tests")
    #expect(Self.fullFolders(among: paths) == [])
  }

  @Test func filesAreCalledAfterTheirTypes() throws {
    let files = try SourceFile.sources().filter { Self.isMisnamed($0) && Self.misnamed[$0.name] == nil }
    #expect(files.map(\.path) == [])
  }

  @Test func filesAreNotLong() throws {
    let files = try SourceFile.sources().filter { $0.length > Self.mostLines }
    #expect(files.map { "\($0.path): \($0.length) lines" } == [])
  }

  @Test func fragmentsAreWithTheirTypes() throws {
    let files = try SourceFile.sources().filter { Self.isFragment($0) && Self.fragments[$0.name] == nil }
    #expect(files.map { "\($0.path): \($0.length) lines" } == [])
  }

  @Test func shortFilesGetFewer() throws {
    let files = try SourceFile.sources().filter {
      $0.length < Self.leastLines && !$0.path.contains("/Rules/")
    }
    #expect(files.count <= Self.mostShortFiles, "\(files.map { "\($0.path): \($0.length)" })")
  }

  @Test(arguments: [("Row+Cells", "extension Row {}"), ("Rows", "struct Row {}\nextension Rows {}")])
  func aFragmentIsSeen(name: String, text: String) {
    let path = "Sources/Reporting/Text/\(name).swift"
    #expect(Self.isFragment(SourceFile(path, text)))
    #expect(!Self.isFragment(SourceFile(path, text + String(repeating: "\n", count: Self.leastLines))))
    #expect(!Self.isFragment(SourceFile(path, text + "\nstruct Row {}\nstruct Rows {}")))
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
    #expect(!Self.isMisnamed(SourceFile("Sources/Reporting/Text/\(name).swift", text)))
  }

  @Test(arguments: [
    ("TableRows", "extension Table {}"), ("Tables", "struct Table {}"), ("Table+Rows", "struct Rows {}"),
    ("Table", "// struct Table\nlet text = \"struct Table\""),
  ])
  func anotherNameIsSeen(name: String, text: String) {
    #expect(Self.isMisnamed(SourceFile("Sources/Reporting/Text/\(name).swift", text)))
  }

  @Test func linesAreCounted() {
    #expect(SourceFile("Sources/Bytes/Planted.swift", "a\nb\n").length == 2)
  }
}
