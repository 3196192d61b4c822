import Platform
import RedisClient

/// A file that is open as long as this lives: the one place where files are opened, renamed and removed.
final class OpenFile: Sendable {
  /// How a file is opened. No way follows a link but reading and ``stream``, and none blocks on a pipe.
  struct Access {
    fileprivate let flags: Int32

    /// To read what is there.
    static let reading = Access(flags: O_RDONLY)
    /// To read and write a regular file.
    static let updating = Access(flags: O_RDWR | O_NOFOLLOW)
    /// To read a regular file and add to its end.
    static let appending = Access(flags: O_RDWR | O_NOFOLLOW | O_APPEND)
    /// To ask on a terminal.
    static let terminal = Access(flags: O_RDWR)
    /// To write to a device or a pipe.
    static let device = Access(flags: O_WRONLY | O_NOCTTY | O_NOFOLLOW)
    /// To write to what a link of the system names, such as `/dev/stdout`.
    static let stream = Access(flags: O_WRONLY | O_NOCTTY)

    /// The same, of a file that must not be there yet. Its mode is 0600.
    var creating: Access { Access(flags: flags | O_CREAT | O_EXCL) }
  }

  let descriptor: Descriptor

  /// Opens a file. A pipe that nobody reads yet is waited for, no longer than the run lasts; one without a writer is waited
  /// for where it is read.
  init(_ path: String, _ access: Access) throws(SystemError) {
    while true {
      let number = open(path, access.flags | O_CLOEXEC | O_NONBLOCK, 0o600)
      if number >= 0 {
        descriptor = Descriptor(number)
        return
      }
      let error = SystemError.last
      guard error.code == ENXIO, FileInfo(at: path)?.kind == .pipe else { throw error }
      do { try RunLimit.waits.sleep(OpenFile.glance) } catch { throw SystemError(error) }
    }
  }

  /// How often a pipe is tried that nobody reads yet.
  private static let glance = Duration.milliseconds(50)

  private init(_ number: Int32) throws(SystemError) {
    guard number >= 0 else { throw .last }
    descriptor = Descriptor(number)
  }

  deinit { close(descriptor.number) }

  /// Another descriptor of what is open already.
  static func duplicate(of descriptor: Descriptor) throws(SystemError) -> OpenFile {
    try OpenFile(fcntl(descriptor.number, F_DUPFD_CLOEXEC, 0))
  }

  /// A file without a name, which vanishes with the process.
  static func nameless() throws(SystemError) -> OpenFile {
    guard let file = tmpfile() else { throw .last }
    defer { fclose(file) }
    return try OpenFile(fcntl(fileno(file), F_DUPFD_CLOEXEC, 0))
  }

  /// True as long as a path leads to this file: another run may have replaced or removed it.
  func isStill(at path: String) -> Bool {
    guard let held = FileInfo(of: descriptor), let named = FileInfo(at: path, followsLinks: false) else {
      return false
    }
    return held.identity == named.identity
  }

  /// Everything from the start of a regular file; nil where that is more than `limit` bytes.
  func content(limit: Int) throws(SystemError) -> [UInt8]? {
    guard FileInfo(of: descriptor).map({ $0.size <= limit }) ?? true else { return nil }
    return try gather(limit) { offset throws(SystemError) in try descriptor.read(1 << 18, at: offset) }
  }

  /// Everything that is left to read, of a pipe as well; nil where that is more than `limit` bytes.
  func rest(limit: Int) throws(SystemError) -> [UInt8]? {
    try gather(limit) { _ throws(SystemError) in try descriptor.read(1 << 18) }
  }

  private func gather(
    _ limit: Int, _ read: (_ offset: Int) throws(SystemError) -> [UInt8]
  ) throws(SystemError) -> [UInt8]? {
    var bytes: [UInt8] = []
    while true {
      let piece = try read(bytes.count)
      if piece.isEmpty { return bytes }
      bytes += piece
      guard bytes.count <= limit else { return nil }
    }
  }

  /// Lets others read the file, too, whatever the umask.
  func makePublic() { fchmod(descriptor.number, 0o644) }

  /// Removes a name; no harm where there is none.
  static func remove(_ path: String) { unlink(path) }

  /// Gives a file another name, and replaces what has it.
  static func rename(_ path: String, to other: String) throws(SystemError) {
    guard systemRename(path, other) == 0 else { throw .last }
  }

  /// Returns once the names in the folder of `path` are on disk. Folders that cannot be opened or flushed, as some file
  /// systems have them, are left to the system.
  static func synchronizeFolder(of path: String) throws(SystemError) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard let file = try? OpenFile(folder, .reading) else { return }
    do { try file.descriptor.synchronize() } catch  where error.code == EIO { throw error } catch {}
  }
}

/// rename(2), which a method of that name hides.
private func systemRename(_ path: String, _ other: String) -> Int32 { rename(path, other) }
