/// Reads the records of comma-separated values with a header (RFC 4180).
struct SeedCSVReader {
  private let longestValue: Int
  private let longestRecord: Int

  private var columns: SeedCSVColumns?
  /// The number of the line at the start of the buffer.
  private var line = 1
  /// How far the row at the start of the buffer was looked through for its end, and in what state that ended.
  private var scan = SeedCSVScan()

  init(longestValue: Int, longestRecord: Int) {
    self.longestValue = longestValue
    self.longestRecord = longestRecord
  }

  /// The next record, or nil where more bytes are needed or the file is at its end.
  mutating func next(_ buffer: inout SeedBuffer) -> SeedItem? {
    while true {
      let isWhole = scan.findEnd(buffer)
      let position = SeedPosition(line: line, offset: buffer.offset)
      // Where a quote is never closed, the row is the rest of the file: no later row can be told.
      guard scan.length <= longestRecord else {
        return refused(position, "the row is longer than \(longestRecord) bytes; is a quote not closed?")
      }
      guard isWhole || (buffer.isComplete && buffer.count > 0) else { return nil }
      let row = buffer.copy(0..<scan.length)
      let isClosed = isWhole || !scan.isQuoted
      line += scan.lineEnds
      buffer.drop(isWhole ? scan.length + 1 : buffer.count)
      scan = SeedCSVScan()
      if let item = read(row, position, isClosed: isClosed) { return item }
    }
  }

  /// Reads a row; nil for a blank one and for the header.
  private mutating func read(_ row: [UInt8], _ position: SeedPosition, isClosed: Bool) -> SeedItem? {
    guard !row.allSatisfy(SeedLineReader.isSpace) else { return nil }
    var bytes = row
    if bytes.last == 0x0D { bytes.removeLast() }
    do throws(SeedFault) {
      guard isClosed else {
        throw SeedFault(column: 0, "truncated: a quote is open when the file ends")
      }
      let cells = try SeedCSVRow.cells(bytes.span)
      guard let columns else {
        columns = try SeedCSVColumns(cells)
        return nil
      }
      return .record(try columns.record(cells, longestValue: longestValue), position)
    } catch {
      if columns == nil { return refused(position, error.reason, column: error.column + 1) }
      return .rejected(
        SeedRejection(position: position, column: error.column + 1, reason: error.reason, bytes: bytes))
    }
  }

  private func refused(_ position: SeedPosition, _ reason: String, column: Int = 1) -> SeedItem {
    .refused(SeedRejection(position: position, column: column, reason: reason))
  }
}

/// Looks for the end of a row, which may hold line ends in quotes.
struct SeedCSVScan {
  private enum State { case cellStart, plain, quoted, quoteInQuoted }

  private var state = State.cellStart
  /// The length of the row as far as it was looked through, without its line end.
  private(set) var length = 0
  /// How many line ends were passed, the one at the end included.
  private(set) var lineEnds = 0

  /// Whether a quote is open.
  var isQuoted: Bool { state == .quoted }

  /// Goes on looking; true where the row's end was found.
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
