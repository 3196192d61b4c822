import Bytes
import Gzip
import Operations
import RedisClient
import Reporting

/// A seed on its way in: from a file or standard input, unpacked where its content says that it is gzip.
final class SeedFile: SeedSource {
  private static let chunk = 1 << 18
  /// The packed bytes that are unpacked at once: gzip can make a thousand times as many of them.
  private static let packedPiece = 16 << 10

  private let file: OpenFile
  private let shown: String
  private let size: Int?
  /// Where the seed begins in its file: standard input may have been read from before.
  private let start: Int
  private var offset = 0
  private var gzip: GzipReader?
  private var isFirst = true
  private var packed: ArraySlice<UInt8> = []
  private var unpacked: [[UInt8]] = []
  private var isAtEnd = false
  /// True where the run had to end before the seed did.
  private var isCutOff = false

  /// Opens the file; `-` is standard input.
  init(_ path: String) throws {
    shown = path == "-" ? "standard input" : KeyText.quoted(path)
    do {
      file = path == "-" ? try .duplicate(of: .standardInput) : try OpenFile(path, .reading)
    } catch {
      throw Failure(.inputMissing, "cannot read \(shown)", error)
    }
    let info = FileInfo(of: file.descriptor)
    let kind = info?.kind
    size = kind == .regular ? info?.size : nil
    start = kind == .regular ? file.descriptor.position ?? 0 : 0
    if kind == .folder { throw Failure(.inputMissing, "cannot read \(shown): it is a directory") }
    if kind == .device, !file.descriptor.isTerminal {
      throw Failure(.inputMissing, "cannot read \(shown): it is a device, and devices may never end")
    }
    if kind == .device, path == "-" {
      StandardError.write("reading records from the terminal; end with Ctrl-D\n")
    }
  }

  /// Identifies the seed: its size, and a digest of its first and last bytes; nil where it can be read only once.
  var identity: String? {
    guard let size else { return nil }
    let length = min(size, 1 << 16)
    var hash: UInt64 = 0
    for start in [0, size - length] {
      guard let bytes = try? file.descriptor.read(length, at: start), bytes.count == length else {
        return nil
      }
      hash = hash &* 31 &+ KeyHash.value(bytes.span)
    }
    return "\(size) bytes, digest \(String(hash, radix: 16))"
  }

  /// True where the seed can be read a second time.
  var isRepeatable: Bool { size != nil }

  func rewind() throws(SeedSourceError) {
    do { try file.descriptor.seek(to: start) } catch {
      throw SeedSourceError("cannot read \(shown) a second time: \(error.reason)")
    }
    (offset, gzip, isFirst, packed, unpacked, isAtEnd) = (0, nil, true, [], [], false)
    isCutOff = false
  }

  var share: Double? { size.map { $0 == 0 ? 1 : min(1, Double(offset) / Double($0)) } }

  func read() throws(SeedSourceError) -> [UInt8]? {
    while true {
      if !unpacked.isEmpty { return unpacked.removeFirst() }
      if let gzip, !packed.isEmpty {
        try unpackNext(gzip)
        // Nothing may come of it yet, and whether more is there must be asked before it is read.
        if unpacked.isEmpty, packed.isEmpty { return [] }
        continue
      }
      guard !isAtEnd else { return nil }
      let bytes = try readPacked()
      if bytes.isEmpty {
        isAtEnd = true
        if isCutOff { return nil }
        do { try gzip?.finish() } catch {
          throw SeedSourceError("\(shown) ends in the middle of its gzip data")
        }
        return nil
      }
      if isFirst, bytes.starts(with: GzipReader.magic) { gzip = try? GzipReader() }
      isFirst = false
      guard gzip != nil else { return bytes }
      packed = bytes[...]
    }
  }

  private func unpackNext(_ gzip: GzipReader) throws(SeedSourceError) {
    let piece = packed.prefix(SeedFile.packedPiece)
    packed = packed.dropFirst(piece.count)
    do {
      try gzip.unpack(Array(piece)) { unpacked.append($0) }
    } catch {
      throw SeedSourceError(
        "\(shown) is damaged: its gzip data cannot be unpacked beyond byte \(offset - packed.count)")
    }
  }

  func isReady(within time: Duration) -> Bool {
    guard size == nil, unpacked.isEmpty, packed.isEmpty, !isAtEnd else { return true }
    return file.descriptor.canRead(within: time)
  }

  /// The next bytes as the file has them; none at the end.
  private func readPacked() throws(SeedSourceError) -> [UInt8] {
    var bytes = try readPiece()
    // Two bytes identify gzip; a pipe may bring them one by one.
    if isFirst, bytes.count == 1 { bytes += try readPiece() }
    return bytes
  }

  private func readPiece() throws(SeedSourceError) -> [UInt8] {
    do throws(SystemError) {
      do { try RunLimit.waits.check() } catch { throw SystemError(error) }
      let bytes = try file.descriptor.read(SeedFile.chunk)
      offset += bytes.count
      return bytes
    } catch  where error.endsRun {
      isCutOff = true
      return []
    } catch {
      throw SeedSourceError("cannot read \(shown): \(error.reason)")
    }
  }
}
