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
