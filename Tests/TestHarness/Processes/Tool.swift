import Foundation

/// Finds programs the way a shell does.
package enum Tool {
  /// The path of an executable file, or nil.
  ///
  /// A name with a slash is taken as a path; any other is looked for in the folders of `PATH`.
  package static func path(of name: String) -> String? {
    if name.contains("/") { return isExecutable(name) ? name : nil }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.lazy.map { "\($0)/\(name)" }.first(where: isExecutable)
  }

  /// The path of an executable file; throws ``MissingTool`` where there is none.
  package static func required(_ name: String) throws(MissingTool) -> String {
    guard let path = path(of: name) else { throw MissingTool(name) }
    return path
  }

  private static func isExecutable(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && !isFolder.boolValue && access(path, X_OK) == 0
  }
}

/// A program that the tests need and that this machine does not have.
package struct MissingTool: Error, CustomStringConvertible, Sendable {
  /// The name of the program, or the path where it was expected.
  package let name: String

  /// Names the missing program.
  package init(_ name: String) {
    self.name = name
  }

  /// What is missing and how to install it.
  package var description: String {
    let hints = [
      "redis-server": "install it with `apt-get install redis-server` or `brew install redis`",
      "redis-cli": "install it with `apt-get install redis-tools` or `brew install redis`",
      "openssl": "install it with `apt-get install openssl` or `brew install openssl`",
    ]
    let base = (name as NSString).lastPathComponent
    return "\(name) was not found: \(hints[base] ?? "build it, or put it in a folder named in PATH")"
  }
}
