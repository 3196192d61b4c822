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
  private let endsWithNUL: Bool
  private let start: Int
  /// The list.
  let list: KeyList
  /// Identifies the list's content: two lists with the same keys have the same digest.
  let digest: String

  /// Reads the file through.
  init(_ path: String) throws {
    let shown = path == "-" ? "standard input" : KeyText.quoted(path)
    file = try KeyListFile.open(path, shown)
    let descriptor = file.descriptor
    let head = (try? descriptor.read(1 << 16, at: 0)) ?? []
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
      ? ["\(shown): lines end in CRLF, and the CR is not part of the key"] : []
    // The list keeps the file open as long as it lives itself.
    let file = self.file
    list = KeyList(count: count, warnings: warnings) { () throws(ClientError) in
      var reader = KeyListReader(file.descriptor, form)
      return { most throws(ClientError) in
        do throws(KeyListReader.Fault) { return try reader.next(most) } catch {
          throw ClientError(.usage, "\(shown): \(error.message)")
        }
      }
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

  private static func open(_ path: String, _ shown: String) throws -> OpenFile {
    let file: OpenFile
    do {
      file = path == "-" ? try .duplicate(of: .standardInput) : try OpenFile(path, .reading)
    } catch {
      throw Failure(.inputMissing, "cannot read \(shown)", error)
    }
    switch FileInfo(of: file.descriptor)?.kind {
    // Another program may have read a part of standard input: only what follows is meant.
    case .regular: return path == "-" ? try copy(of: file, shown) : file
    case .pipe: return try copy(of: file, shown)
    case .device where path == "-" && file.descriptor.isTerminal: return try copy(of: file, shown)
    case .folder: throw Failure(.inputMissing, "cannot read \(shown): it is a directory")
    default: throw Failure(.inputMissing, "cannot read \(shown): it is no file of keys")
    }
  }

  /// Copies the rest of a stream to a file that vanishes with the process.
  private static func copy(of source: OpenFile, _ shown: String) throws -> OpenFile {
    let copy: OpenFile
    do { copy = try .nameless() } catch { throw Failure(.cannotWrite, "cannot keep \(shown)", error) }
    while true {
      if Signals.isStopRequested { throw Signals.exitStatus }
      let bytes: [UInt8]
      do { bytes = try source.descriptor.read(1 << 16) } catch {
        if error.isInterruption { continue }
        throw Failure(.inputMissing, "cannot read \(shown)", error)
      }
      if bytes.isEmpty { return copy }
      do { try copy.descriptor.write(bytes) } catch {
        throw Failure(.cannotWrite, "cannot keep a copy of \(shown)", error)
      }
    }
  }
}
