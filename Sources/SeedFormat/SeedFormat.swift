import Bytes

/// The formats of seed files.
package enum SeedFormat: String, CaseIterable, Sendable {
  /// One record as a JSON object on each line; a line of redis-dump is known by its members `db` and `size`.
  case jsonl
  /// Comma-separated values with a header (RFC 4180).
  case csv
  /// Commands as Redis reads them, for `redis-cli --pipe`.
  case resp
  /// What the Ruby program redis-dump writes: JSON lines that also have the members `db` and `size`.
  case redisDump = "redis-dump"
}

/// Detects a seed file's format, or that it is no seed file, from its first bytes.
struct SeedFormatDetector {
  enum Verdict: Equatable {
    /// More bytes are needed.
    case wait
    /// The file cannot be read, and why.
    case refuse(String)
    /// The format, and how many bytes to skip first.
    case read(SeedFormat, skipping: Int)
  }

  /// How many bytes are searched for a first line.
  static let longest = 4096

  /// The format asked for.
  let format: SeedFormat?

  func look(at buffer: SeedBuffer) -> Verdict {
    let bytes = buffer.bytes
    let all = bytes.span.extracting(buffer.start..<buffer.end)
    if all.count > 0, all[0] == 0 { return .refuse("the file starts with a NUL byte: it is not a seed file") }
    guard all.count >= 3 || buffer.isComplete else { return .wait }
    if all.count >= 2 {
      switch (all[0], all[1]) {
      case (0xFF, 0xFE), (0xFE, 0xFF): return .refuse(SeedFormatDetector.utf16)
      case (0x1F, 0x8B): return .refuse("the file is compressed by gzip; decompress it first")
      default: break
      }
    }
    let hasMark = all.count >= 3 && all[0] == 0xEF && all[1] == 0xBB && all[2] == 0xBF
    let mark = hasMark ? 3 : 0
    return judge(all.extracting(mark..<all.count), isComplete: buffer.isComplete, skipping: mark)
  }

  private func judge(_ text: Span<UInt8>, isComplete: Bool, skipping mark: Int) -> Verdict {
    let isLongEnough = isComplete || text.count >= SeedFormatDetector.longest
    var start = 0
    while start < text.count, SeedLineReader.isSpace(text[start]) || text[start] == 0x0A { start += 1 }
    guard start < text.count else {
      // Nothing but blanks so far. An empty file is one without records, in any format.
      return isLongEnough ? .read(format ?? .jsonl, skipping: mark) : .wait
    }
    if format == .resp || format == nil && text[start] == .star { return .read(.resp, skipping: mark) }

    var end = start
    while end < min(text.count, SeedFormatDetector.longest), text[end] != 0x0A {
      if text[end] == 0 { return .refuse(SeedFormatDetector.utf16) }
      end += 1
    }
    guard end < text.count && text[end] == 0x0A || isLongEnough else { return .wait }
    if let format { return .read(format, skipping: mark) }
    if isCommand(text.extracting(start..<end)) { return .read(.resp, skipping: mark) }
    switch text[start] {
    case UInt8(ascii: "{"): return .read(.jsonl, skipping: mark)
    case .openBracket: return .refuse("the file is one JSON array; write one record per line")
    default: return .read(.csv, skipping: mark)
    }
  }

  /// True for a line that begins with the name of a command and a space, as no header of CSV does.
  private func isCommand(_ line: Span<UInt8>) -> Bool {
    guard let words = SeedRESPInline.words(line), words.count > 1, let name = words.first else {
      return false
    }
    return SeedRESPCommand.names.contains(String(decoding: name.prefix(16), as: UTF8.self).uppercased())
  }

  private static let utf16 = "the first line holds NUL bytes, as UTF-16 does; convert the file to UTF-8 first"
}
