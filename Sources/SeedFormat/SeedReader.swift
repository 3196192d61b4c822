/// Reads a seed file piece by piece: bytes in, records out.
///
///     var reader = SeedReader()
///     reader.feed(chunk)  // as often as there is something to read
///     while let item = reader.next() { … }
///     reader.finish()  // then drain once more
///
/// A record that cannot be loaded is rejected by itself, and the ones behind it are read. The memory used is that of
/// the chunk and of the largest record. The items do not depend on how the file is cut into chunks.
package struct SeedReader {
  /// The longest key, string, field, member or payload in bytes: 512 MiB, Redis' own limit (proto-max-bulk-len).
  package static let longestValue = 512 << 20
  /// The longest record in bytes as written in the file: enough for the longest value in base64.
  package static let longestRecord = longestValue / 3 * 4 + (1 << 20)

  /// The format: the requested one, or nil until it is detected.
  package private(set) var format: SeedFormat?

  private var buffer = SeedBuffer()
  private var detector: SeedFormatDetector?
  private var lines: SeedLineReader
  private var rows: SeedCSVReader
  private var commands: SeedRESPReader
  private var isRefused = false

  /// Creates a reader for a format, or for the one that it detects.
  package init(format: SeedFormat? = nil) {
    self.init(format: format, longestValue: SeedReader.longestValue, longestRecord: SeedReader.longestRecord)
  }

  init(format: SeedFormat?, longestValue: Int, longestRecord: Int) {
    self.format = format
    detector = SeedFormatDetector(format: format)
    lines = SeedLineReader(
      records: SeedRecordReader(isRedisDump: format == .redisDump, longestValue: longestValue),
      longestRecord: longestRecord)
    rows = SeedCSVReader(longestValue: longestValue, longestRecord: longestRecord)
    commands = SeedRESPReader(longestValue: longestValue, longestRecord: longestRecord)
  }

  /// Takes the next bytes of the file.
  ///
  /// Drain the items with `next` before you feed more, or the bytes pile up.
  package mutating func feed(_ chunk: [UInt8]) {
    guard !isRefused else { return }
    buffer.append(chunk)
  }

  /// Marks the end of the file.
  package mutating func finish() { buffer.complete() }

  /// The next item, or nil where more bytes are needed or everything was read.
  package mutating func next() -> SeedItem? {
    guard !isRefused else { return nil }
    if let item = open() { return refused(item) }
    guard detector == nil, let format else { return nil }
    let item =
      switch format {
      case .jsonl, .redisDump: lines.next(&buffer)
      case .csv: rows.next(&buffer)
      case .resp: commands.next(&buffer)
      }
    return refused(item)
  }

  /// Detects the format, once the start of the file is long enough.
  private mutating func open() -> SeedItem? {
    guard let detector else { return nil }
    switch detector.look(at: buffer) {
    case .wait: return nil
    case .refuse(let reason):
      return .refused(SeedRejection(position: SeedPosition(line: 1, offset: 0), column: 1, reason: reason))
    case .read(let format, let skipping):
      buffer.drop(skipping)
      self.format = format
      self.detector = nil
      return nil
    }
  }

  private mutating func refused(_ item: SeedItem?) -> SeedItem? {
    guard case .refused = item else { return item }
    isRefused = true
    buffer = SeedBuffer()
    return item
  }
}
