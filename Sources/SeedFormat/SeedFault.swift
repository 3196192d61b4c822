import Bytes

/// Why a record is rejected, before it is known where in the file the record stands.
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

  /// Quotes at most 40 bytes of what stands in the file, without what does harm on a terminal.
  static func shown(_ bytes: Span<UInt8>) -> String {
    KeyText.excerpt(bytes, atMost: 40)
  }
}
