import Foundation
import TestSupport

/// A Swift file of the repository, and what the checks ask of it.
struct SourceFile {
  /// The path below the root: `Sources/Keyspace/Names/KeyReader.swift`.
  let path: String
  /// The source as it is.
  let text: String
  /// The source without comments and strings.
  let swift: SwiftText

  /// A file with a text, which a test may make up.
  init(_ path: String, _ text: String) {
    self.path = path
    self.text = text
    swift = SwiftText(text)
  }

  /// The Swift files of the sources in the order of their paths, read once.
  static func sources() throws -> [SourceFile] { try read.get() }

  private static let read = Result {
    try paths(below: "Sources").map { path in
      SourceFile(path, try String(contentsOf: Repository.root.appendingPathComponent(path), encoding: .utf8))
    }
  }

  /// The Swift files below a folder of the repository, in order. Links are not followed.
  static func paths(below folder: String) throws -> [String] {
    let manager = FileManager.default
    return try manager.contentsOfDirectory(atPath: Repository.root.appendingPathComponent(folder).path)
      .filter { !$0.hasPrefix(".") }.sorted().flatMap { name -> [String] in
        let path = "\(folder)/\(name)"
        let attributes = try manager.attributesOfItem(
          atPath: Repository.root.appendingPathComponent(path).path)
        switch attributes[.type] as? FileAttributeType {
        case .typeDirectory: return try paths(below: path)
        case .typeRegular: return path.hasSuffix(".swift") ? [path] : []
        default: return []
        }
      }
  }

  /// The target that the file belongs to: the second part of the path.
  var room: String { String(path.split(separator: "/").dropFirst().first ?? "") }

  /// The file's name without `.swift`.
  var name: String { String((path.split(separator: "/").last ?? "").dropLast(6)) }

  /// The number of its lines.
  var length: Int { text.count { $0 == "\n" } }

  /// The modules that the file imports, with the lines.
  var imports: [(module: String, line: Int)] {
    swift.lines.compactMap { number, line in
      guard let match = line.firstMatch(of: Self.importLine) else { return nil }
      return (String(match.1), number)
    }
  }

  /// The names of the types that the file declares or extends, inner ones and the parts of dotted names too.
  var types: Set<String> { names(of: Self.declaration).union(names(of: Self.extending)) }

  /// The names of the types that the file declares.
  var declaredTypes: Set<String> { names(of: Self.declaration) }

  private func names(of pattern: Regex<(Substring, Substring)>) -> Set<String> {
    var names: Set<String> = []
    for match in swift.code.matches(of: pattern) {
      let parts = match.1.split(separator: ".").map(String.init)
      names.formUnion(parts)
      // `RedisServer.Options` may be in RedisServerOptions.swift.
      names.insert(parts.joined())
    }
    return names
  }

  nonisolated(unsafe) private static let importLine =
    /^\s*(?:@\w+(?:\(\w*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
  nonisolated(unsafe) private static let declaration =
    /\b(?:struct|enum|class|actor|protocol|typealias)\s+([A-Za-z_]\w*)/
  nonisolated(unsafe) private static let extending = /\bextension\s+([A-Za-z_][\w.]*)/
}

/// Something that a check objects to; shown as `path:line: what is wrong`.
struct Objection: CustomStringConvertible, Equatable {
  let path: String
  let line: Int?
  let problem: String

  init(_ file: SourceFile, line: Int? = nil, _ problem: String) {
    (path, self.line, self.problem) = (file.path, line, problem)
  }

  var description: String { "\(path):\(line.map { "\($0):" } ?? "") \(problem)" }
}
