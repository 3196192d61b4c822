import Bytes

/// A cell of a row, without its quotes.
struct SeedCSVCell: Equatable {
  /// Where the cell starts in the row.
  var column: Int
  var bytes: [UInt8]
}

/// Cuts a row into its cells.
enum SeedCSVRow {
  /// The cells of a row without its line end.
  static func cells(_ row: Span<UInt8>) throws(SeedFault) -> [SeedCSVCell] {
    var cells: [SeedCSVCell] = []
    var position = 0
    while true {
      let start = position
      let isQuoted = position < row.count && row[position] == .quote
      let bytes = isQuoted ? try quoted(row, &position) : try plain(row, &position)
      cells.append(SeedCSVCell(column: start, bytes: bytes))
      guard position < row.count else { return cells }
      position += 1
    }
  }

  private static func plain(_ row: Span<UInt8>, _ position: inout Int) throws(SeedFault) -> [UInt8] {
    let start = position
    while position < row.count, row[position] != UInt8(ascii: ",") {
      guard row[position] != .quote else {
        throw SeedFault(
          column: position, "a quote inside a value; put the value in quotes and double the quote")
      }
      position += 1
    }
    return [UInt8](copying: row.extracting(start..<position))
  }

  private static func quoted(_ row: Span<UInt8>, _ position: inout Int) throws(SeedFault) -> [UInt8] {
    let open = position
    var bytes: [UInt8] = []
    position += 1
    while position < row.count {
      let start = position
      while position < row.count, row[position] != .quote { position += 1 }
      row.extracting(start..<position).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
      guard position < row.count else { break }
      position += 1
      if position == row.count || row[position] == UInt8(ascii: ",") { return bytes }
      guard row[position] == .quote else {
        throw SeedFault(
          column: position, "something follows the closing quote; double a quote inside a value")
      }
      bytes.append(.quote)
      position += 1
    }
    throw SeedFault(column: open, "the quote is not closed")
  }
}
