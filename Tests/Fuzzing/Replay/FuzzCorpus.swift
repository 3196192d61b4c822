import Foundation

/// The inputs of the fuzzing targets, which ordinary tests run again.
enum FuzzCorpus {
  /// An input, and the name of its file.
  struct Input {
    let name: String
    let bytes: [UInt8]

    /// What is to become of it; nil where the name does not say.
    var verdict: Verdict? { name.split(separator: "-").first.flatMap { Verdict(rawValue: String($0)) } }
  }

  /// The inputs made by hand for a target, named by what is to become of them.
  static func seeds(of target: String) throws -> [Input] { try inputs("Corpus/\(target)") }

  /// The inputs that once broke a target; none where there is no folder.
  static func failures(of target: String) throws -> [Input] {
    let exists = FileManager.default.fileExists(atPath: folder("Failures/\(target)").path)
    return exists ? try inputs("Failures/\(target)") : []
  }

  private static func inputs(_ path: String) throws -> [Input] {
    try FileManager.default.contentsOfDirectory(at: folder(path), includingPropertiesForKeys: nil)
      .map { Input(name: $0.lastPathComponent, bytes: Array(try Data(contentsOf: $0))) }
      .sorted { $0.name < $1.name }
  }

  /// This file stands in a folder of a test target.
  private static func folder(_ path: String) -> URL {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    return tests.appendingPathComponent("Fuzzing").appendingPathComponent(path).standardizedFileURL
  }
}
