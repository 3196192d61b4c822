import Bytes

/// Why a record of a seed file, or the whole file, cannot be read.
package struct SeedRejection: Sendable, Equatable {
  /// Where the record starts.
  package var position: SeedPosition
  /// The byte of the record that is wrong, as far as it is known, counted from 1.
  package var column: Int
  /// What is wrong and what to write instead, without the position; quotes little of the file, and no controls.
  package var reason: String
  /// The record as written in the file, without its line end.
  ///
  /// Empty where the whole file is refused and where the record is longer than what is held in memory.
  package var bytes: [UInt8]

  /// Creates a rejection.
  package init(position: SeedPosition, column: Int, reason: String, bytes: [UInt8] = []) {
    self.position = position
    self.column = column
    self.reason = reason
    self.bytes = bytes
  }
}

/// Why a record is rejected, without its position in the file.
struct SeedFault: Error, Equatable {
  /// Index into the bytes of the record.
  var column: Int
  /// What is wrong and what to write instead.
  var reason: String
  /// Whether the record is not even JSON.
  var isSyntax: Bool
  /// Whether the record ends before it is whole.
  var isCutOff: Bool

  init(column: Int, _ reason: String, isSyntax: Bool = false, isCutOff: Bool = false) {
    self.column = column
    self.reason = reason
    self.isSyntax = isSyntax
    self.isCutOff = isCutOff
  }

  /// Quotes at most 40 bytes of the file, safe to show on a terminal.
  static func shown(_ bytes: Span<UInt8>) -> String {
    KeyText.excerpt(bytes, atMost: 40)
  }
}
