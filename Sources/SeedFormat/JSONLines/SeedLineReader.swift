import Platform

/// Reads the records of JSON lines.
struct SeedLineReader {
  let records: SeedRecordReader
  /// The longest line that is held in memory, in bytes.
  let longestRecord: Int

  private let json = SeedJSON()
  /// The number of the line at the start of the buffer.
  private var line = 1
  /// How many bytes at the start of the buffer are known to hold no line end.
  private var scanned = 0
  /// The position of the too long line that is being skipped.
  private var skipped: SeedPosition?

  init(records: SeedRecordReader, longestRecord: Int) {
    self.records = records
    self.longestRecord = longestRecord
  }

  /// The next record, or nil where more bytes are needed or the file is at its end.
  mutating func next(_ buffer: inout SeedBuffer) -> SeedItem? {
    while true {
      let length = lineLength(buffer)
      if skipped != nil || (length ?? scanned) > longestRecord {
        if let item = skip(&buffer, length) { return item }
        if length == nil { return nil }
        continue
      }
      guard let length else {
        guard buffer.isComplete, buffer.count > 0 else { return nil }
        let item = read(buffer, buffer.count, isLast: true)
        buffer.dropAll()
        scanned = 0
        return item
      }
      let item = read(buffer, length, isLast: false)
      buffer.drop(length + 1)
      endLine()
      if let item { return item }
    }
  }

  private mutating func endLine() {
    line += 1
    scanned = 0
  }

  /// The bytes before the next line end, or nil where there is none yet.
  private mutating func lineLength(_ buffer: SeedBuffer) -> Int? {
    let rest = (buffer.start + scanned)..<buffer.end
    // Byte by byte this took a tenth of a whole warm run. Invariant: the pointer is used inside the closure
    // only, where the array keeps its bytes alive, and within its bounds.
    let distance = buffer.bytes.withUnsafeBytes { bytes -> Int? in
      guard let start = bytes.baseAddress, let found = memchr(start + rest.lowerBound, 0x0A, rest.count)
      else {
        return nil
      }
      return UnsafeRawPointer(found) - (start + rest.lowerBound)
    }
    scanned += distance ?? rest.count
    return distance == nil ? nil : scanned
  }

  /// Drops a too long line piece by piece, and rejects it at its end.
  private mutating func skip(_ buffer: inout SeedBuffer, _ length: Int?) -> SeedItem? {
    let position = skipped ?? SeedPosition(line: line, offset: buffer.offset)
    skipped = position
    guard length != nil || buffer.isComplete else {
      buffer.dropAll()
      scanned = 0
      return nil
    }
    buffer.drop(length.map { $0 + 1 } ?? buffer.count)
    endLine()
    skipped = nil
    let reason = "the record is longer than \(longestRecord) bytes"
    return .rejected(SeedRejection(position: position, column: longestRecord + 1, reason: reason))
  }

  /// Reads the line at the start of the buffer; nil for a blank one.
  private func read(_ buffer: SeedBuffer, _ length: Int, isLast: Bool) -> SeedItem? {
    let bytes = buffer.bytes
    let span = bytes.span
    var end = buffer.start + length
    while end > buffer.start, SeedLineReader.isSpace(span[end - 1]) { end -= 1 }
    guard end > buffer.start else { return nil }
    let range = buffer.start..<end
    let position = SeedPosition(line: line, offset: buffer.offset)
    do throws(SeedFault) {
      try json.parse(range, of: span)
      return .record(try records.record(json, line: range, of: span), position)
    } catch {
      // A truncated record may show any fault, depending on where it is cut.
      let isTruncated = isLast && (error.isCutOff || error.isSyntax && bytes[end - 1] != UInt8(ascii: "}"))
      return .rejected(
        SeedRejection(
          position: position, column: error.column + 1,
          reason: isTruncated ? "truncated: the file ends inside this record" : error.reason,
          bytes: Array(bytes[range])))
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
