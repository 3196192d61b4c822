import Bytes
import Operations
import RedisClient
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file of `--state`, locked as long as this lives; replaced whole or not at all, mode 0600.
///
/// The lock is on the file itself. Whoever waited for it while the file was replaced holds a lock on a file
/// that is no longer there, notices, and begins again.
final class StatsStateFile {
  /// Nobody holds the lock for longer than two readings take; a run that is stuck must not stick others.
  private static let patience = Duration.seconds(3)
  /// A state is about a kilobyte for each node.
  private static let limit = 1 << 22

  private let path: String
  private let descriptor: Int32
  /// True where the file is new, and is taken away again unless a state gets into it.
  private var isUnwritten: Bool

  /// Opens and locks the file, and makes it where there is none.
  init(_ path: String) throws {
    self.path = path
    let deadline = ContinuousClock.now.advanced(by: StatsStateFile.patience)
    while true {
      let (number, isNew) = try StatsStateFile.openFile(path)
      guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
        close(number)
        guard ContinuousClock.now < deadline else {
          throw Failure(
            .tryAgain, "\(StatsStateFile.quoted(path)) is in use by another run",
            hints: ["try again in a moment"])
        }
        usleep(20_000)
        continue
      }
      if StatsStateFile.isStill(number, at: path) {
        (descriptor, isUnwritten) = (number, isNew)
        return
      }
      close(number)
    }
  }

  deinit {
    if isUnwritten { unlink(path) }
    close(descriptor)
  }

  private static func openFile(_ path: String) throws -> (number: Int32, isNew: Bool) {
    // A pipe must not block the opening; it is refused afterwards.
    let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    var number = open(path, flags)
    var isNew = false
    if number < 0, errno == ENOENT {
      number = open(path, flags | O_CREAT | O_EXCL, 0o600)
      isNew = number >= 0
      // Another run made it just now.
      if number < 0, errno == EEXIST { number = open(path, flags) }
    }
    guard number >= 0 else {
      let reason =
        errno == ELOOP ? "it is a symbolic link; name the file it leads to" : String(cString: strerror(errno))
      throw refusal(path, reason)
    }
    var info = stat()
    guard fstat(number, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      close(number)
      throw refusal(path, "it is not a regular file")
    }
    return (number, isNew)
  }

  private static func isStill(_ number: Int32, at path: String) -> Bool {
    var (held, named) = (stat(), stat())
    return fstat(number, &held) == 0 && lstat(path, &named) == 0 && held.st_ino == named.st_ino
      && held.st_dev == named.st_dev
  }

  /// The state in the file; nil where it is empty.
  func decoded() throws -> StatsState? {
    var bytes = [UInt8](repeating: 0, count: StatsStateFile.limit + 1)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw StatsStateFile.refusal(path, String(cString: strerror(errno))) }
    do {
      guard count <= StatsStateFile.limit else { throw StatsState.Refusal.unreadable }
      return try StatsState.decode(Array(bytes[..<count]))
    } catch {
      throw StatsStateFile.failure(.unreadable, path, nil)
    }
  }

  /// Puts new bytes into the file's place.
  func replace(_ bytes: [UInt8]) throws {
    let beside = "\(path).\(getpid()).tmp"
    let number = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw StatsStateFile.refusal(path, String(cString: strerror(errno))) }
    defer { close(number) }
    do {
      try Descriptor(number).write(bytes)
      guard fsync(number) == 0, rename(beside, path) == 0 else {
        throw Descriptor.Fault.failed(String(cString: strerror(errno)))
      }
      isUnwritten = false
    } catch {
      unlink(beside)
      let reason = if case Descriptor.Fault.failed(let text) = error { text } else { "it cannot be written" }
      throw StatsStateFile.refusal(path, reason)
    }
  }

  /// What to say of a state that cannot be used.
  static func failure(_ refusal: StatsState.Refusal, _ path: String, _ session: Session?) -> Failure {
    switch refusal {
    case .unreadable:
      return Failure(
        .badData, "\(quoted(path)) is no state file of this tool",
        hints: ["name another file, or remove this one"])
    case .otherTarget(let address):
      let here = session.map { " and this is \($0.locator.description)" } ?? ""
      return Failure(
        .badData, "\(quoted(path)) is the state of \(address)\(here)",
        hints: ["keep one state file for each server, or each cluster"])
    }
  }

  private static func refusal(_ path: String, _ reason: String) -> Failure {
    Failure(.cannotWrite, "cannot use \(quoted(path)) as state file: \(reason)")
  }

  private static func quoted(_ path: String) -> String { KeyText.quoted(Array(path.utf8)) }
}
