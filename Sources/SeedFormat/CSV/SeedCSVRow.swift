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

/// Looks for the end of a row, which may hold line ends in quotes.
struct SeedCSVScan {
  private enum State { case cellStart, plain, quoted, quoteInQuoted }

  private var state = State.cellStart
  /// The length of the row as far as it was searched, without its line end.
  private(set) var length = 0
  /// How many line ends were passed, the one at the end included.
  private(set) var lineEnds = 0

  /// Whether a quote is open.
  var isQuoted: Bool { state == .quoted }

  /// Continues the search; true where it found the row's end.
  mutating func findEnd(_ buffer: SeedBuffer) -> Bool {
    let bytes = buffer.bytes.span
    let end = buffer.end
    var index = buffer.start + length
    defer { length = index - buffer.start }
    while index < end {
      let byte = bytes[index]
      if byte == 0x0A {
        lineEnds += 1
        if state != .quoted { return true }
      }
      state = SeedCSVScan.next(state, byte)
      index += 1
    }
    return false
  }

  private static func next(_ state: State, _ byte: UInt8) -> State {
    switch state {
    case .quoted: byte == .quote ? .quoteInQuoted : .quoted
    case .quoteInQuoted where byte == .quote: .quoted
    case .cellStart where byte == .quote: .quoted
    case .cellStart, .plain, .quoteInQuoted: byte == UInt8(ascii: ",") ? .cellStart : .plain
    }
  }
}
