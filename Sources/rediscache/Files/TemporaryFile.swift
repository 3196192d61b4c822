/// A new file beside the one that it will replace, mode 0600.
///
/// Its name is that of the target with `.rediscache.tmp` behind, or `.rediscache.1.tmp` and so on where several runs
/// write the same target at once. It is locked as long as its run lives. A killed run leaves its file behind, without
/// the lock: the next run that writes the same target removes it.
final class TemporaryFile {
  /// How many runs may write one target at the same time.
  private static let mostNames = 32

  let file: OpenFile
  private let path: String
  private let target: String
  private var isPlaced = false

  /// Removes what killed runs have left, and makes a file.
  init(for target: String) throws(SystemError) {
    self.target = target
    let names = (0..<TemporaryFile.mostNames).map { TemporaryFile.name($0, for: target) }
    names.forEach(TemporaryFile.removeLeftover)
    for name in names {
      guard let file = try TemporaryFile.create(name) else { continue }
      (self.file, path) = (file, name)
      return
    }
    throw .tooManyWriters
  }

  deinit { if !isPlaced { OpenFile.remove(path) } }

  private static func name(_ number: Int, for target: String) -> String {
    target + (number == 0 ? ".rediscache.tmp" : ".rediscache.\(number).tmp")
  }

  /// Removes a file whose run is dead. Nothing is removed that is no regular file, or that a run holds.
  private static func removeLeftover(_ name: String) {
    guard FileInfo(at: name, followsLinks: false)?.kind == .regular,
      let file = try? OpenFile(name, .updating), file.descriptor.lock() == .held, file.isStill(at: name)
    else { return }
    OpenFile.remove(name)
  }

  /// A new file that is locked, where the file system has locks; nil where the name is taken.
  private static func create(_ name: String) throws(SystemError) -> OpenFile? {
    let file: OpenFile
    do { file = try OpenFile(name, OpenFile.Access.updating.creating) } catch  where error.isExistingFile {
      return nil
    }
    // Before it was locked, another run may have taken it for a leftover.
    guard file.descriptor.lock() != .busy, file.isStill(at: name) else { return nil }
    return file
  }

  /// Puts the file in the target's place, or where an ending is given beside it, once it is on disk whole.
  func replaceTarget(addingToName ending: String = "") throws(SystemError) {
    try file.descriptor.synchronize()
    try OpenFile.rename(path, to: target + ending)
    isPlaced = true
    try OpenFile.synchronizeFolder(of: target)
  }
}
