import Bytes
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where the data goes: standard output, or a file that is replaced whole or not at all.
///
/// A regular file is written beside its place, flushed to disk and renamed; devices and pipes are written as
/// they are. Its mode is 0600, or 0644 where others must read it.
final class OutputFile {
  private let descriptor: Int32
  private let path: String?
  private let temporary: String?
  private var pending: [UInt8] = []

  /// Opens the destination; nil is standard output.
  ///
  /// A symbolic link is refused: what it leads to is not what the user sees. `isPublic` is for what another
  /// user's program collects.
  init(_ path: String?, isPublic: Bool = false) throws {
    self.path = path
    guard let path else {
      (descriptor, temporary) = (STDOUT_FILENO, nil)
      return
    }
    var info = stat()
    let exists = lstat(path, &info) == 0
    let kind = info.st_mode & S_IFMT
    if exists, kind == S_IFDIR { throw OutputFile.refusal(path, "it is a directory") }
    let isStream = OutputFile.namesStream(path)
    if exists, kind == S_IFLNK, !isStream {
      throw OutputFile.refusal(path, "it is a symbolic link; name the file it leads to")
    }
    if exists, kind != S_IFREG {
      // Whoever may write there could put a link in its place meanwhile.
      descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | (isStream ? 0 : O_NOFOLLOW))
      temporary = nil
    } else {
      // A fresh name each time: what a killed run left behind must not stand in the way. mkstemp makes it
      // 0600.
      var beside = Array("\(path).XXXXXX".utf8CString)
      descriptor = mkstemp(&beside)
      temporary =
        descriptor >= 0
        ? String(decoding: beside.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
      if isPublic, descriptor >= 0 { fchmod(descriptor, 0o644) }
    }
    guard descriptor >= 0 else { throw OutputFile.refusal(path, String(cString: strerror(errno))) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// True for the links by which the system names what is open already; others in /dev are links like any.
  private static func namesStream(_ path: String) -> Bool {
    path == "/dev/stdout" || path == "/dev/stderr" || path.hasPrefix("/dev/fd/")
  }

  /// True where a regular file is there and is not empty.
  static func holdsSomething(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && info.st_size > 0
  }

  deinit {
    // Still here: the run did not come to its end, and what stood in the file's place stays.
    if let temporary, !isCommitted { unlink(temporary) }
    if path != nil { close(descriptor) }
  }

  private var isCommitted = false

  /// Adds bytes; they reach the destination in larger pieces.
  func write(_ bytes: [UInt8]) throws {
    pending += bytes
    if pending.count >= 1 << 16 { try flush() }
  }

  /// Hands over what is pending.
  func flush() throws {
    guard !pending.isEmpty else { return }
    defer { pending.removeAll(keepingCapacity: true) }
    do {
      try Descriptor(descriptor).write(pending)
    } catch .closedPipe {
      // The reader has what it wants; not all was delivered, so the code is not 0.
      throw ExitStatus.partial
    } catch .failed(let reason) {
      throw OutputFile.refusal(path ?? "standard output", reason)
    }
  }

  /// Puts the finished file into its place.
  func commit() throws {
    try flush()
    guard let path, let temporary else { return }
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      throw OutputFile.refusal(path, String(cString: strerror(errno)))
    }
    isCommitted = true
  }

  private static func refusal(_ path: String, _ reason: String) -> Failure {
    Failure(.cannotWrite, "cannot write \(KeyText.quoted(Array(path.utf8))): \(reason)")
  }
}
