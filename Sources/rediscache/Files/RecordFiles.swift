import Bytes
import Operations
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is added to while a run goes on, and must survive its death: a journal or a backup. Mode 0600.
final class AppendedFile: RecordFile {
  private let descriptor: Int32
  private let path: String
  /// True where nothing has been written yet but what a file begins with.
  private(set) var isEmpty: Bool

  /// Makes a new file; one that is there already is not touched.
  static func create(_ path: String, _ purpose: String, hint: String) throws -> AppendedFile {
    let number = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_APPEND, 0o600)
    guard number >= 0 else {
      let reason = errno == EEXIST ? "it is there already" : String(cString: strerror(errno))
      throw refusal(path, purpose, reason, errno == EEXIST ? [hint] : [])
    }
    let file = AppendedFile(number, path, isEmpty: true)
    try file.lock(purpose)
    return file
  }

  /// Opens a file that another run has begun.
  static func reopen(_ path: String, _ purpose: String) throws -> AppendedFile {
    let number = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_APPEND | O_NONBLOCK)
    guard number >= 0 else {
      let reason =
        errno == ELOOP ? "it is a symbolic link; name the file it leads to" : String(cString: strerror(errno))
      throw Failure(
        errno == ENOENT ? .inputMissing : .cannotWrite,
        "cannot open the \(purpose) \(quoted(path)): \(reason)")
    }
    let file = AppendedFile(number, path, isEmpty: false)
    var info = stat()
    guard fstat(number, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw refusal(path, purpose, "it is not a regular file", [])
    }
    try file.lock(purpose)
    return file
  }

  /// Opens a file that another run has begun; nil where there is none.
  static func reopenIfThere(_ path: String, _ purpose: String) throws -> AppendedFile? {
    var info = stat()
    guard lstat(path, &info) == 0 || errno != ENOENT else { return nil }
    return try reopen(path, purpose)
  }

  private init(_ descriptor: Int32, _ path: String, isEmpty: Bool) {
    self.descriptor = descriptor
    self.path = path
    self.isEmpty = isEmpty
  }

  deinit {
    // Nothing was ever done: a new run must not be told that the file is there already.
    if isEmpty { unlink(path) }
    close(descriptor)
  }

  /// Two runs that write one file would spoil both their accounts.
  private func lock(_ purpose: String) throws {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      isEmpty = false
      throw Failure(
        .tryAgain, "the \(purpose) \(AppendedFile.quoted(path)) is in use by another run",
        hints: ["wait until that run has ended"])
    }
  }

  func append(_ bytes: [UInt8]) throws(RecordError) {
    isEmpty = false
    try write(bytes)
  }

  /// Writes what a new file begins with.
  func begin(with bytes: [UInt8]) throws(RecordError) { try write(bytes) }

  private func write(_ bytes: [UInt8]) throws(RecordError) {
    do {
      try Descriptor(descriptor).write(bytes)
    } catch {
      let reason = if case .failed(let text) = error { text } else { "it cannot be written" }
      throw RecordError("cannot write \(AppendedFile.quoted(path)): \(reason)")
    }
  }

  func synchronize() throws(RecordError) {
    guard fsync(descriptor) == 0 else {
      throw RecordError("cannot write \(AppendedFile.quoted(path)): \(String(cString: strerror(errno)))")
    }
  }

  /// Hands over the lines one by one, without their ends; what follows the last end is left out.
  func readLines(_ take: ([UInt8]) throws -> Void) throws {
    var rest: [UInt8] = []
    var offset = 0
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(offset))
      guard count >= 0 else {
        throw Failure(
          .inputMissing, "cannot read \(AppendedFile.quoted(path)): \(String(cString: strerror(errno)))")
      }
      if count == 0 { return }
      offset += count
      var start = 0
      for index in 0..<count where chunk[index] == UInt8(ascii: "\n") {
        try take(rest + chunk[start..<index])
        rest.removeAll(keepingCapacity: true)
        start = index + 1
      }
      rest += chunk[start..<count]
    }
  }

  /// Cuts off a last line that was never finished.
  func trimToLastLine() throws {
    var length = 0
    try readLines { length += $0.count + 1 }
    try truncate(to: length)
  }

  /// Keeps the first so many lines, if all begin as they must.
  func trim(toLines count: Int, beginning: String) throws {
    var (length, lines) = (0, 0)
    try readLines { line in
      guard line.starts(with: beginning.utf8) else {
        throw Failure(
          .usage, "cannot go on with \(AppendedFile.quoted(path)): line \(lines + 1) is of another kind",
          hints: ["name the file of the run before, or a new one"])
      }
      if lines < count { length += line.count + 1 }
      lines += 1
    }
    try truncate(to: length)
  }

  /// Cuts off what follows so many bytes: a line that was never finished.
  func truncate(to length: Int) throws {
    guard ftruncate(descriptor, off_t(length)) == 0 else {
      throw Failure(
        .cannotWrite, "cannot write \(AppendedFile.quoted(path)): \(String(cString: strerror(errno)))")
    }
  }

  private static func refusal(_ path: String, _ purpose: String, _ reason: String, _ hints: [String])
    -> Failure
  {
    Failure(.cannotWrite, "cannot write the \(purpose) \(quoted(path)): \(reason)", hints: hints)
  }

  private static func quoted(_ path: String) -> String { KeyText.quoted(Array(path.utf8)) }
}
