/// The bytes of a file that are read and not yet consumed, with room behind them for the JSON parser.
struct SeedBuffer {
  /// The bytes, with the consumed ones at the front and the padding at the end.
  private(set) var bytes = [UInt8](repeating: 0, count: SeedJSON.padding)
  /// The index of the first byte that is not consumed.
  private(set) var start = 0
  /// How many bytes of the file precede `start`.
  private(set) var offset = 0
  /// Whether nothing more comes.
  private(set) var isComplete = false

  /// The index behind the last byte.
  var end: Int { bytes.count - SeedJSON.padding }
  /// How many bytes are not consumed.
  var count: Int { end - start }

  mutating func append(_ chunk: [UInt8]) {
    bytes.removeSubrange(end...)
    bytes.removeSubrange(..<start)
    start = 0
    bytes.append(contentsOf: chunk)
    bytes.append(contentsOf: repeatElement(0, count: SeedJSON.padding))
  }

  mutating func complete() { isComplete = true }

  /// Consumes bytes at the front.
  mutating func drop(_ count: Int) {
    start += count
    offset += count
  }

  mutating func dropAll() { drop(count) }

  /// A copy of bytes, by their distance from `start`.
  func copy(_ range: Range<Int>) -> [UInt8] {
    Array(bytes[start + range.lowerBound..<start + range.upperBound])
  }
}
