import Foundation
import TestSupport

/// A new folder, readable by its owner only, that disappears with the last reference to it.
package final class TemporaryFolder: Sendable {
  /// The absolute path, short enough for unix sockets inside (their paths are limited to 107 bytes).
  package let path: String

  /// Makes the folder; throws ``HarnessFailure`` where the system refuses.
  package init() throws {
    let preferred = NSTemporaryDirectory()
    let base = preferred.utf8.count <= 60 ? preferred : "/tmp/"
    var template = Array("\(base.hasSuffix("/") ? base : base + "/")rc-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw HarnessFailure.system("mkdtemp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    remove()
  }

  /// The path of `name` inside the folder.
  package func file(_ name: String) -> String {
    "\(path)/\(name)"
  }

  /// Writes a file into the folder and returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// The bytes of a file in the folder, or nil where it cannot be read.
  package func read(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: file(name)).map { Array($0) }
  }

  /// Removes the folder and all in it; harmless when repeated.
  package func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }
}
