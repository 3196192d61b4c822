import Synchronization

/// A file that a run adds to as it goes: a journal, or a backup.
package protocol RecordFile: AnyObject {
  /// Adds bytes; once this returns, the death of the process loses none of them.
  func append(_ bytes: [UInt8]) throws(RecordError)
  /// Returns once all that was added is on disk.
  func synchronize() throws(RecordError)
}

/// Why a journal or a backup could not be written.
package struct RecordError: Error, Sendable, Equatable {
  /// What failed, where and why.
  package let message: String

  /// Makes an error.
  package init(_ message: String) { self.message = message }
}

/// A record file that several workers add to, one at a time.
///
/// Invariant behind `@unchecked`: the file is touched under the lock only.
final class SharedRecordFile: RecordFile, @unchecked Sendable {
  private let lock = Mutex(())
  private let file: any RecordFile

  init(_ file: any RecordFile) { self.file = file }

  func append(_ bytes: [UInt8]) throws(RecordError) {
    try lock.withLock { _ throws(RecordError) in try file.append(bytes) }
  }

  func synchronize() throws(RecordError) {
    try lock.withLock { _ throws(RecordError) in try file.synchronize() }
  }
}
