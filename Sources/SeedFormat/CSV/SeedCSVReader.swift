/// Reads the records of comma-separated values with a header (RFC 4180).
struct SeedCSVReader {
  private let longestValue: Int
  private let longestRecord: Int

  private var columns: SeedCSVColumns?
  /// The number of the line at the start of the buffer.
  private var line = 1
  /// The search for the end of the row at the start of the buffer, as far as it came.
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
      // Where a quote is never closed, the row is the rest of the file: there is no later row.
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
