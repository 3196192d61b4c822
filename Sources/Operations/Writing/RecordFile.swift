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
