import Bytes
import Operations
import Quantities
import RedisClient
import Reporting

/// The file of `--keys-from`: read once to check it, and then as often as it is needed.
///
/// What can be read only once (a pipe, standard input) is first copied to a file without a name.
final class KeyListFile: Sendable {
  private let file: OpenFile
  /// The list.
  let list: KeyList
  /// Identifies the list's content: two lists with the same keys have the same digest.
  let digest: String

  /// Reads the file through; `database` is that of the run.
  init(_ path: String, database: Int) throws {
    let shown = path == "-" ? "standard input" : KeyText.quoted(path)
    let (file, isStream) = try KeyListFile.open(path, shown)
    let layout = try KeyListFile.layout(file.descriptor, isStream: isStream, database, shown)
    let content: Content
    do { content = try Content(KeyListReader(file.descriptor, layout)) } catch {
      if let end = error.end { throw Failure(.badData, "cannot read \(shown)", end) }
      throw Failure(.badData, "\(shown): \(error.message)", hints: error.hints)
    }
    guard content.count > 0 else { throw Failure(.badData, "\(shown) names no key") }
    guard content.carriageReturns == 0 || content.plainEnds == 0 else {
      let lines = content.carriageReturns + content.plainEnds
      throw Failure(
        .badData,
        "\(shown): \(NumberText.count(content.carriageReturns)) of \(NumberText.count(lines)) lines end in CRLF, so the CR may be part of a key",
        hints: ["end keys by NUL (scan --list --print0), or give all lines the same end"])
    }
    digest = content.digest
    self.file = file
    // The list keeps the file open as long as it lives itself.
    list = KeyList(
      count: content.count, warnings: content.warnings(layout.form, shown), looksQuoted: content.looksQuoted
    ) { () throws(ClientError) in
      var reader = KeyListReader(file.descriptor, layout)
      return { most throws(ClientError) in
        do throws(KeyListReader.Fault) { return try reader.next(most) } catch {
          switch error.end {
          case .stopped?: throw ClientError(.interrupted, "stopped by the user")
          case .late?: throw .runOver()
          default: throw ClientError(.usage, "\(shown): \(error.message)")
          }
        }
      }
    }
  }

  /// What a list comes to, read from its beginning to its end.
  private struct Content {
    var count = 0
    var hash: UInt64 = 0
    var looksQuoted = false
    let (carriageReturns, plainEnds): (Int, Int)
    let isClosed: Bool

    init(_ reader: KeyListReader) throws(KeyListReader.Fault) {
      var reader = reader
      while true {
        let piece = try reader.next(10_000)
        guard let first = piece.ranges.first else { break }
        let bytes = piece.bytes
        if count == 0 { looksQuoted = KeyListFile.looksQuoted(bytes[first]) }
        count += piece.ranges.count
        for range in piece.ranges { hash = hash &* 31 &+ KeyHash.value(bytes.span.extracting(range)) }
      }
      (carriageReturns, plainEnds) = (reader.carriageReturns, reader.plainEnds)
      isClosed = reader.isClosed
    }

    var digest: String { "\(NumberText.keys(count)), digest \(String(hash, radix: 16))" }

    func warnings(_ form: KeyListForm, _ shown: String) -> [String] {
      if form == .jsonLines, !isClosed {
        return ["\(shown) has no closing record: whether it is whole cannot be known"]
      }
      return carriageReturns > 0 ? ["\(shown): lines end in CRLF, and the CR is not part of the key"] : []
    }
  }

  /// True for a line that looks like a key as redis-cli prints it for people: in quotes, or behind a number.
  private static func looksQuoted(_ line: ArraySlice<UInt8>) -> Bool {
    let quotes = [UInt8(ascii: "\""), UInt8(ascii: "'")]
    if let first = line.first, quotes.contains(first), line.count > 1, line.last == first { return true }
    let rest = line.drop { $0 == 0x20 }
    let digits = rest.prefix { (0x30...0x39).contains($0) }
    return !digits.isEmpty && rest.dropFirst(digits.count).starts(with: ") ".utf8)
  }

  // MARK: - The form

  /// Finds out by the content how the list is written; throws for other kinds of files.
  private static func layout(
    _ descriptor: Descriptor, isStream: Bool, _ database: Int, _ shown: String
  ) throws -> KeyListReader.Layout {
    let head = (try? descriptor.read(1 << 16, at: 0)) ?? []
    if isUTF16(head) {
      throw Failure(.badData, "\(shown) is UTF-16, and keys are bytes", hints: ["convert it: iconv -t UTF-8"])
    }
    let holdsNUL = try holdsNUL(descriptor, shown)
    // Only text has a byte order mark: before NULs the same bytes belong to a key.
    let start =
      !holdsNUL && head.starts(with: KeyListForm.byteOrderMark) ? KeyListForm.byteOrderMark.count : 0
    let text = head.dropFirst(start)
    switch KeyListForm.stranger(text, holdsNUL: holdsNUL) {
    case .gzip:
      throw Failure(.badData, "\(shown) is packed by gzip", hints: ["unpack it first: gzip -dc"])
    case .csv:
      throw Failure(
        .badData, "\(shown) is CSV, and not a list of keys",
        hints: ["list keys with --print0 or as JSON lines (scan --list --format jsonl)"])
    case nil: break
    }
    return KeyListReader.Layout(
      form: .detected(text, holdsNUL: holdsNUL), start: start, isStream: isStream, database: database)
  }

  private static func holdsNUL(_ descriptor: Descriptor, _ shown: String) throws -> Bool {
    var offset = 0
    while true {
      let bytes: [UInt8]
      do throws(SystemError) {
        do { try RunLimit.waits.check() } catch { throw SystemError(error) }
        bytes = try descriptor.read(1 << 18, at: offset)
      } catch {
        throw Failure(.inputMissing, "cannot read \(shown)", error)
      }
      if bytes.contains(0) { return true }
      if bytes.isEmpty { return false }
      offset += bytes.count
    }
  }

  /// True for text in UTF-16. A list of keys that NULs end may begin with the same two bytes, but its NULs are not half
  /// of it, nor beside line ends, always on the same side of a pair.
  private static func isUTF16(_ head: [UInt8]) -> Bool {
    guard head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) else { return false }
    let side = head[0] == 0xFF ? 1 : 0
    let zeros = head.indices.filter { head[$0] == 0 }
    guard zeros.allSatisfy({ $0 % 2 == side }) else { return false }
    let newline = UInt8(ascii: "\n")
    return zeros.isEmpty || 2 * zeros.count >= head.count / 2 - 1
      || zeros.contains { head[side == 1 ? $0 - 1 : min($0 + 1, head.count - 1)] == newline }
  }

  // MARK: - The file

  /// Opens a file that can be read more than once, and says whether it came in as a stream.
  private static func open(_ path: String, _ shown: String) throws -> (file: OpenFile, isStream: Bool) {
    let file: OpenFile
    do {
      file = path == "-" ? try .duplicate(of: .standardInput) : try OpenFile(path, .reading)
    } catch {
      throw Failure(.inputMissing, "cannot read \(shown)", error)
    }
    switch FileInfo(of: file.descriptor)?.kind {
    // Another program may have read a part of standard input: only what follows is meant.
    case .regular: return (path == "-" ? try copy(of: file, shown) : file, false)
    case .pipe, .socket: return (try copy(of: file, shown), true)
    case .device where path == "-" && file.descriptor.isTerminal: return (try copy(of: file, shown), true)
    case .folder: throw Failure(.inputMissing, "cannot read \(shown): it is a directory")
    default: throw Failure(.inputMissing, "cannot read \(shown): it is no file of keys")
    }
  }

  /// Copies the rest of a stream to a file that vanishes with the process.
  private static func copy(of source: OpenFile, _ shown: String) throws -> OpenFile {
    let copy: OpenFile
    do { copy = try .nameless() } catch { throw Failure(.cannotWrite, "cannot keep \(shown)", error) }
    while true {
      let bytes: [UInt8]
      do throws(SystemError) {
        // A producer that never stops would never make the reader wait.
        do { try RunLimit.waits.check() } catch { throw SystemError(error) }
        bytes = try source.descriptor.read(1 << 16)
      } catch {
        throw Failure(.inputMissing, "cannot read \(shown)", error)
      }
      if bytes.isEmpty { return copy }
      do { try copy.descriptor.write(bytes) } catch {
        throw Failure(.cannotWrite, "cannot keep a copy of \(shown)", error)
      }
    }
  }
}
