import Foundation

/// The inputs of the fuzzing targets, which ordinary tests run again.
package enum FuzzCorpus {
  /// An input, and the name of its file.
  package struct Input: Sendable {
    /// The file's name.
    package let name: String
    /// The file's content.
    package let bytes: [UInt8]

    /// What must become of it; nil where the name does not say.
    package var verdict: Verdict? {
      name.split(separator: "-").first.flatMap { Verdict(rawValue: String($0)) }
    }
  }

  /// The inputs made by hand for a target, named by what must become of them.
  package static func seeds(of target: String) throws -> [Input] { try inputs("Corpus/\(target)") }

  /// The inputs that once broke a target; none where there is no folder.
  package static func failures(of target: String) throws -> [Input] {
    let exists = FileManager.default.fileExists(atPath: folder("Failures/\(target)").path)
    return exists ? try inputs("Failures/\(target)") : []
  }

  private static func inputs(_ path: String) throws -> [Input] {
    try FileManager.default.contentsOfDirectory(at: folder(path), includingPropertiesForKeys: nil)
      .map { Input(name: $0.lastPathComponent, bytes: Array(try Data(contentsOf: $0))) }
      .sorted { $0.name < $1.name }
  }

  private static func folder(_ path: String) -> URL {
    Repository.root.appendingPathComponent("Tests/Fuzzing").appendingPathComponent(path)
  }
}

/// An input does not crash the code, but breaks a promise of it.
package struct Broken: Error, Equatable {
  /// What should hold and does not.
  package let promise: String

  /// Says which promise is broken.
  package init(promise: String) { self.promise = promise }

  /// Throws where something does not hold.
  package static func unless(_ holds: Bool, _ promise: @autoclosure () -> String) throws(Broken) {
    if !holds { throw Broken(promise: promise()) }
  }
}

/// What became of an input; those of the corpora are named by it, as in `bad-truncated-line`.
package enum Verdict: String, Sendable {
  /// It was read.
  case good
  /// It was refused.
  case bad
  /// It may become good or bad, whatever follows.
  case more
}
