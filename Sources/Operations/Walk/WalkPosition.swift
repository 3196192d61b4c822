/// How far the walk of a source is between two pages.
struct WalkPosition {
  /// The cursor that begins a walk, and that ends it.
  static var start: [UInt8] { [UInt8(ascii: "0")] }

  /// Names that the source has given.
  let seen: Int
  let cursor: [UInt8]

  /// The share of the keyspace that is done, 0 to 1; nil where the cursor is no number.
  ///
  /// Redis walks its hash table by counting in reversed binary (dictScan in its dict.c), so the cursor's
  /// bits, mirrored, are a fraction of the table. A hint for progress only: cursors are opaque.
  var share: Double? {
    guard let number = UInt64(String(decoding: cursor, as: UTF8.self)) else { return nil }
    var (mirrored, rest) = (UInt64(0), number)
    for _ in 0..<64 {
      mirrored = mirrored << 1 | rest & 1
      rest >>= 1
    }
    return Double(mirrored) / Double(UInt64.max)
  }
}
