import Bytes
import Operations
import Quantities
import RedisClient
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file of `--keys-from`: read through once to see that it is sound, and then as often as it is needed.
///
/// What can be read only once (a pipe, standard input) is copied to a file without a name first.
final class KeyListFile: Sendable {
  private let file: OwnedDescriptor
  private let endsWithNUL: Bool
  private let start: Int
  /// The list.
  let list: KeyList
  /// What stands for the list's content: two lists with the same keys have the same.
  let digest: String

  /// Reads the file through.
  init(_ path: String) throws {
    let shown = path == "-" ? "standard input" : KeyText.quoted(Array(path.utf8))
    file = OwnedDescriptor(try KeyListFile.open(path, shown))
    let descriptor = file.number
    let head = KeyListFile.read(descriptor, at: 0, count: 1 << 16) ?? []
    if KeyListFile.isUTF16(head) {
      throw Failure(.badData, "\(shown) is UTF-16, and keys are bytes", hints: ["convert it: iconv -t UTF-8"])
    }
    endsWithNUL = head.contains(0)
    // Only text has a byte order mark: behind NULs the same bytes belong to a key.
    start = !endsWithNUL && head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let form = KeyListReader.Form(start: start, endsWithNUL: endsWithNUL)
    var reader = KeyListReader(descriptor, form)
    var count = 0
    var hash: UInt64 = 0
    do {
      while true {
        let piece = try reader.next(10_000)
        guard !piece.ranges.isEmpty else { break }
        count += piece.ranges.count
        let bytes = piece.bytes
        for range in piece.ranges { hash = hash &* 31 &+ KeyHash.value(bytes.span.extracting(range)) }
      }
    } catch {
      throw Failure(.badData, "\(shown): \(error.message)")
    }
    guard count > 0 else { throw Failure(.badData, "\(shown) names no key") }
    guard reader.carriageReturns == 0 || reader.plainEnds == 0 else {
      throw Failure(
        .badData,
        "\(shown): \(NumberText.count(reader.carriageReturns)) of \(NumberText.count(reader.carriageReturns + reader.plainEnds)) lines end in CRLF, so the CR may be part of a key",
        hints: ["end keys by NUL (scan --list --print0), or give all lines the same end"])
    }
    digest = "\(count) keys, digest \(String(hash, radix: 16))"
    let warnings =
      reader.carriageReturns > 0
      ? ["\(shown): lines end in CRLF, and the CR is not taken for part of the key"] : []
    // The list keeps the file open as long as it lives itself.
    let file = self.file
    list = KeyList(count: count, warnings: warnings) { () throws(ClientError) in
      var reader = KeyListReader(file.number, form)
      return { most throws(ClientError) in
        do throws(KeyListReader.Fault) { return try reader.next(most) } catch {
          throw ClientError(.usage, "\(shown): \(error.message)")
        }
      }
    }
  }

  /// True for text in UTF-16. A list of keys that NULs end may begin with the same two bytes, but its NULs do not
  /// make up half of it, nor stand beside line ends, always at the same side of a pair.
  private static func isUTF16(_ head: [UInt8]) -> Bool {
    guard head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) else { return false }
    let side = head[0] == 0xFF ? 1 : 0
    let zeros = head.indices.filter { head[$0] == 0 }
    guard zeros.allSatisfy({ $0 % 2 == side }) else { return false }
    let newline = UInt8(ascii: "\n")
    return zeros.isEmpty || 2 * zeros.count >= head.count / 2 - 1
      || zeros.contains { head[side == 1 ? $0 - 1 : min($0 + 1, head.count - 1)] == newline }
  }

  /// Bytes at a place of the file; nil where it cannot be read.
  fileprivate static func read(_ descriptor: Int32, at offset: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let number = pread(descriptor, &bytes, count, off_t(offset))
    return number < 0 ? nil : Array(bytes[..<number])
  }

  private static func open(_ path: String, _ shown: String) throws -> Int32 {
    let number = path == "-" ? dup(STDIN_FILENO) : openFile(path)
    guard number >= 0 else {
      throw Failure(.inputMissing, "cannot read \(shown): \(String(cString: strerror(errno)))")
    }
    var info = stat()
    fstat(number, &info)
    switch info.st_mode & S_IFMT {
    case S_IFREG:
      guard path == "-" else { return number }
      // Another program may have read a part of it: only what follows is meant.
      return try spool(number, shown)
    case S_IFIFO, S_IFSOCK: return try spool(number, shown)
    case S_IFCHR where path == "-" && isatty(number) == 1: return try spool(number, shown)
    default:
      close(number)
      let kind = info.st_mode & S_IFMT == S_IFDIR ? "a directory" : "no file of keys"
      throw Failure(.inputMissing, "cannot read \(shown): it is \(kind)")
    }
  }

  private static func openFile(_ path: String) -> Int32 {
    #if canImport(Glibc)
      Glibc.open(path, O_RDONLY | O_CLOEXEC)
    #elseif canImport(Musl)
      Musl.open(path, O_RDONLY | O_CLOEXEC)
    #else
      Darwin.open(path, O_RDONLY | O_CLOEXEC)
    #endif
  }

  /// Copies what is left of a stream to a file that vanishes with the process.
  private static func spool(_ source: Int32, _ shown: String) throws -> Int32 {
    defer { close(source) }
    guard let file = tmpfile() else {
      throw Failure(.cannotWrite, "cannot keep \(shown): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    let copy = dup(fileno(file))
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = readSome(source, &buffer, buffer.count)
      if count < 0, errno == EINTR, !Signals.isStopRequested { continue }
      if Signals.isStopRequested { throw Signals.exitStatus }
      guard count >= 0 else {
        throw Failure(.inputMissing, "cannot read \(shown): \(String(cString: strerror(errno)))")
      }
      if count == 0 { return copy }
      do { try Descriptor(copy).write(Array(buffer[..<count])) } catch {
        throw Failure(.cannotWrite, "cannot keep a copy of \(shown): \(error)")
      }
    }
  }
}

/// read(2), which the type's own method hides.
private func readSome(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, bytes, count)
}

/// A descriptor that is closed when nobody needs it any more.
private final class OwnedDescriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }
}

/// Takes a list of keys apart.
private struct KeyListReader {
  /// How the keys are told apart.
  struct Form: Sendable {
    var start: Int
    var endsWithNUL: Bool
  }

  struct Fault: Error {
    let message: String
  }

  /// A key longer than this is no key that anybody lists.
  private static let longestKey = 64 << 20
  private static let chunk = 1 << 18
  /// A piece ends with the key that takes it over so many bytes.
  private static let pieceBytes = 1 << 20

  private let descriptor: Int32
  private let form: Form
  private var offset: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  private var entries = 0
  /// Lines that end in CRLF, and that end in LF alone.
  private(set) var (carriageReturns, plainEnds) = (0, 0)

  init(_ descriptor: Int32, _ form: Form) {
    self.descriptor = descriptor
    self.form = form
    offset = form.start
  }

  /// The next keys, at most so many; none at the end.
  mutating func next(_ most: Int) throws(Fault) -> KeyList.Piece {
    var piece = KeyList.Piece()
    while piece.ranges.count < most, piece.bytes.count < KeyListReader.pieceBytes {
      guard let entry = try nextEntry() else { break }
      let start = piece.bytes.count
      piece.bytes += buffer[entry]
      piece.ranges.append(start..<piece.bytes.count)
    }
    return piece
  }

  /// Where in the buffer the next key lies that is not empty; nil at the end.
  private mutating func nextEntry() throws(Fault) -> Range<Int>? {
    let end = form.endsWithNUL ? 0 : UInt8(ascii: "\n")
    while true {
      guard let range = try nextRange(endedBy: end) else { return nil }
      entries += 1
      guard !form.endsWithNUL, let last = buffer[range].last, last == UInt8(ascii: "\r") else {
        // The last line may have no end at all.
        if range.upperBound < buffer.count { plainEnds += 1 }
        if range.isEmpty { continue }
        return range
      }
      carriageReturns += 1
      if range.count > 1 { return range.dropLast() }
    }
  }

  private mutating func nextRange(endedBy end: UInt8) throws(Fault) -> Range<Int>? {
    var searched = position
    while true {
      if let found = buffer[searched...].firstIndex(of: end) {
        defer { position = found + 1 }
        return position..<found
      }
      searched = buffer.count
      guard !isAtEnd else {
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return position..<buffer.count
      }
      guard buffer.count - position <= KeyListReader.longestKey else {
        throw Fault(
          message: "entry \(entries + 1) is longer than \(NumberText.bytes(KeyListReader.longestKey))")
      }
      searched -= position
      buffer.removeSubrange(..<position)
      position = 0
      guard let more = KeyListFile.read(descriptor, at: offset, count: KeyListReader.chunk) else {
        throw Fault(message: "cannot be read: \(String(cString: strerror(errno)))")
      }
      offset += more.count
      isAtEnd = more.isEmpty
      buffer += more
    }
  }
}
