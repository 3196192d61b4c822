import Bytes
import Operations
import Quantities
import Reporting
import SeedFormat

/// A file that a run adds to as it goes, and that must survive its death: a journal, a backup, a file of rejects.
///
/// Locked as long as this lives: two runs that write one file would spoil both their records. Mode 0600.
final class AppendedFile: RecordFile {
  private let file: OpenFile
  private let path: String
  /// True until something is written behind what a file begins with.
  private(set) var isEmpty: Bool

  /// Makes a new file; an existing one stays untouched, and `hint` says what to do then.
  static func create(_ path: String, _ purpose: String, hint: String) throws -> AppendedFile {
    do {
      let opened = try OpenFile(path, OpenFile.Access.appending.creating)
      let file = AppendedFile(opened, path, isEmpty: true)
      try file.lock(purpose)
      try OpenFile.synchronizeFolder(of: path)
      return file
    } catch let error as SystemError {
      let exists = error.isExistingFile
      let reason = exists ? "it is there already" : error.reason
      throw refusal(path, purpose, reason, exists ? [hint] : [])
    }
  }

  /// Opens a file that another run has begun.
  static func reopen(_ path: String, _ purpose: String) throws -> AppendedFile {
    let opened: OpenFile
    do { opened = try OpenFile(path, .appending) } catch {
      throw Failure(
        error.isMissingFile ? .inputMissing : .cannotWrite,
        "cannot open the \(purpose) \(KeyText.quoted(path))", error)
    }
    let file = AppendedFile(opened, path, isEmpty: false)
    guard FileInfo(of: opened.descriptor)?.kind == .regular else {
      throw refusal(path, purpose, "it is not a regular file", [])
    }
    try file.lock(purpose)
    return file
  }

  /// Opens a file that another run has begun; nil where there is none.
  static func reopenIfThere(_ path: String, _ purpose: String) throws -> AppendedFile? {
    guard FileInfo(at: path, followsLinks: false) != nil else { return nil }
    return try reopen(path, purpose)
  }

  private init(_ file: OpenFile, _ path: String, isEmpty: Bool) {
    self.file = file
    self.path = path
    self.isEmpty = isEmpty
  }

  deinit {
    // Nothing was ever done, and the next run should be able to make the file.
    if isEmpty { OpenFile.remove(path) }
  }

  private func lock(_ purpose: String) throws {
    guard file.descriptor.lock() == .held else {
      isEmpty = false
      throw Failure(
        .tryAgain, "the \(purpose) \(KeyText.quoted(path)) is in use by another run",
        hints: ["wait until that run has ended"])
    }
  }

  /// Leaves the file in its place although nothing was added: something was tried, and the next run may resume.
  func keep() { isEmpty = false }

  func append(_ bytes: [UInt8]) throws(RecordError) {
    isEmpty = false
    try begin(with: bytes)
  }

  /// Writes what a new file begins with.
  func begin(with bytes: [UInt8]) throws(RecordError) {
    do { try file.descriptor.write(bytes) } catch { throw fault(error) }
  }

  func synchronize() throws(RecordError) {
    do { try file.descriptor.synchronize() } catch { throw fault(error) }
  }

  private func fault(_ error: SystemError) -> RecordError {
    RecordError("cannot write \(KeyText.quoted(path)): \(error.reason)")
  }

  /// Hands over the lines one by one, without their ends; what follows the last end is left out. A line of more than
  /// `longest` bytes is refused before it is read.
  func readLines(longest: Int = SeedReader.longestRecord, _ take: ([UInt8]) throws -> Void) throws {
    var rest: [UInt8] = []
    var offset = 0
    while true {
      let chunk: [UInt8]
      do { chunk = try file.descriptor.read(1 << 18, at: offset) } catch {
        throw Failure(.inputMissing, "cannot read \(KeyText.quoted(path))", error)
      }
      if chunk.isEmpty { return }
      offset += chunk.count
      var start = 0
      for index in chunk.indices where chunk[index] == UInt8(ascii: "\n") {
        try take(rest + chunk[start..<index])
        rest.removeAll(keepingCapacity: true)
        start = index + 1
      }
      rest += chunk[start...]
      guard rest.count <= longest else {
        throw Failure(
          .badData,
          "cannot go on with \(KeyText.quoted(path)): a line is longer than \(NumberText.bytes(longest))")
      }
    }
  }

  /// Cuts off a last line that was never finished.
  func trimToLastLine() throws {
    var length = 0
    try readLines { length += $0.count + 1 }
    try truncate(to: length)
  }

  /// Keeps the first `count` lines, if all lines begin as they must.
  func trim(toLines count: Int, beginning: String) throws {
    var (length, lines) = (0, 0)
    try readLines { line in
      guard line.starts(with: beginning.utf8) else {
        throw Failure(
          .usage, "cannot go on with \(KeyText.quoted(path)): line \(lines + 1) is of another kind",
          hints: ["name the file of the run before, or a new one"])
      }
      if lines < count { length += line.count + 1 }
      lines += 1
    }
    try truncate(to: length)
  }

  /// Cuts off what follows `length` bytes: a line that was never finished.
  func truncate(to length: Int) throws {
    do { try file.descriptor.truncate(to: length) } catch {
      throw Failure(.cannotWrite, "cannot write \(KeyText.quoted(path))", error)
    }
  }

  private static func refusal(
    _ path: String, _ purpose: String, _ reason: String, _ hints: [String]
  ) -> Failure {
    Failure(.cannotWrite, "cannot write the \(purpose) \(KeyText.quoted(path)): \(reason)", hints: hints)
  }
}
