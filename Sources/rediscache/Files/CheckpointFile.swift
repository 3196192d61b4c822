import Bytes
import Operations
import Reporting
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file of `scan --checkpoint`, locked as long as this lives; replaced whole or not at all, mode 0600.
///
/// Each new file is locked before it takes the old one's place, so that at no moment another run finds one that is free.
/// Whoever has opened the old one meanwhile holds a lock on a file that is no longer there, notices, and looks again.
final class CheckpointFile: CheckpointStore {
  /// What a scan of a million groups takes, several times over.
  private static let limit = 1 << 31

  private struct State {
    var descriptor: Int32
    /// True where the file is new, and is taken away again unless something gets into it.
    var isUnwritten: Bool
  }

  private let path: String
  private let state: Mutex<State>

  /// Opens and locks the file, and makes it where there is none.
  init(_ path: String) throws {
    self.path = path
    while true {
      let (number, isNew) = try CheckpointFile.openFile(path)
      guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
        close(number)
        throw Failure(
          .tryAgain, "the checkpoint \(CheckpointFile.quoted(path)) is in use by another run",
          hints: ["wait until that run has ended"])
      }
      if CheckpointFile.isStill(number, at: path) {
        state = Mutex(State(descriptor: number, isUnwritten: isNew))
        return
      }
      close(number)
    }
  }

  deinit {
    state.withLock { state in
      if state.isUnwritten { unlink(path) }
      close(state.descriptor)
    }
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
      throw refusal(
        path,
        errno == ELOOP ? "it is a symbolic link; name the file it leads to" : String(cString: strerror(errno))
      )
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

  /// What the file holds; nothing where it is new.
  func read() throws -> [UInt8] {
    try state.withLock { state in
      var bytes: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 1 << 18)
      while true {
        let count = pread(state.descriptor, &piece, piece.count, off_t(bytes.count))
        guard count >= 0 else { throw CheckpointFile.refusal(path, String(cString: strerror(errno))) }
        if count == 0 { return bytes }
        bytes += piece[..<count]
        guard bytes.count <= CheckpointFile.limit else { throw unusable(.noCheckpoint) }
      }
    }
  }

  func replace(with bytes: [UInt8]) throws(RecordError) {
    try state.withLock { state throws(RecordError) in
      // Nobody else writes here while the lock is held: what stands there is what a killed run has left.
      unlink(temporary)
      let number = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard number >= 0 else { throw fault(String(cString: strerror(errno))) }
      do throws(Descriptor.Fault) {
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else { throw .failed(String(cString: strerror(errno))) }
        try Descriptor(number).write(bytes)
        guard fsync(number) == 0, rename(temporary, path) == 0 else {
          throw .failed(String(cString: strerror(errno)))
        }
      } catch {
        unlink(temporary)
        close(number)
        let reason = if case .failed(let reason) = error { reason } else { "it cannot be written" }
        throw fault(reason)
      }
      close(state.descriptor)
      state = State(descriptor: number, isUnwritten: false)
    }
  }

  /// Takes the file away: the scan has come to its end.
  func remove() {
    unlink(temporary)
    unlink(path)
  }

  /// Stands beside the file, under a name of the tool's own that the next run takes away if this one is killed.
  private var temporary: String { path + ".rediscache.tmp" }

  private func fault(_ reason: String) -> RecordError {
    RecordError("cannot write \(CheckpointFile.quoted(path)): \(reason)")
  }

  /// What to say of a checkpoint that cannot be gone on with.
  func unusable(_ refusal: ScanCheckpointRefusal) -> Failure {
    let shown = CheckpointFile.quoted(path)
    return switch refusal {
    case .noCheckpoint:
      Failure(
        .badData, "\(shown) is no checkpoint of a scan", hints: ["name another file, or remove this one"])
    case .damaged:
      Failure(
        .badData, "the checkpoint \(shown) is damaged: nothing can be gone on with",
        hints: ["remove it to begin anew"])
    case .other(let differences):
      Failure(
        .usage, "\(shown) is the checkpoint of another scan: nothing was done",
        hints: differences + ["name another file, or remove this one to begin anew"])
    }
  }

  private static func refusal(_ path: String, _ reason: String) -> Failure {
    Failure(.cannotWrite, "cannot use \(quoted(path)) as checkpoint: \(reason)")
  }

  private static func quoted(_ path: String) -> String { KeyText.quoted(Array(path.utf8)) }
}
