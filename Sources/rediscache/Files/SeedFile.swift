import Bytes
import Gzip
import Operations
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A seed on its way in: from a file or standard input, unpacked where its content says that it is gzip.
final class SeedFile: SeedSource {
  private static let chunk = 1 << 18
  /// So many packed bytes are unpacked at once: gzip can make a thousand times as many of them.
  private static let packedPiece = 16 << 10

  private let descriptor: Int32
  private let shown: String
  private let size: Int?
  private var offset = 0
  private var gzip: GzipReader?
  private var isFirst = true
  private var packed: ArraySlice<UInt8> = []
  private var unpacked: [[UInt8]] = []
  private var isAtEnd = false

  /// Opens the file; `-` is standard input.
  init(_ path: String) throws {
    shown = path == "-" ? "standard input" : KeyText.quoted(Array(path.utf8))
    descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(.inputMissing, "cannot read \(shown): \(String(cString: strerror(errno)))")
    }
    var info = stat()
    fstat(descriptor, &info)
    let kind = info.st_mode & S_IFMT
    size = kind == S_IFREG ? Int(info.st_size) : nil
    if kind == S_IFDIR { throw Failure(.inputMissing, "cannot read \(shown): it is a directory") }
    if kind == S_IFCHR, isatty(descriptor) == 0 {
      throw Failure(.inputMissing, "cannot read \(shown): it is a device, and devices may never end")
    }
    if kind == S_IFCHR, path == "-" {
      StandardError.write("reading records from the terminal; end with Ctrl-D\n")
    }
  }

  deinit { close(descriptor) }

  /// What tells this seed from others: its size, and a digest of its first and last bytes; nil where it can be
  /// read only once.
  var identity: String? {
    guard let size else { return nil }
    let length = min(size, 1 << 16)
    var hash: UInt64 = 0
    for start in [0, size - length] {
      var bytes = [UInt8](repeating: 0, count: length)
      guard pread(descriptor, &bytes, length, off_t(start)) == length else { return nil }
      hash = hash &* 31 &+ KeyHash.value(bytes.span)
    }
    return "\(size) bytes, digest \(String(hash, radix: 16))"
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
        if Signals.isStopRequested { return nil }
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
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // A signal is no news of the source: whoever asks must look at what it said first.
    return poll(&entry, 1, Int32(time / .milliseconds(1))) > 0
  }

  /// The next bytes as they stand in the file; none at the end.
  private func readPacked() throws(SeedSourceError) -> [UInt8] {
    var bytes = try readPiece()
    // Two bytes tell gzip; a pipe may bring them one by one.
    if isFirst, bytes.count == 1 { bytes += try readPiece() }
    return bytes
  }

  private func readPiece() throws(SeedSourceError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: SeedFile.chunk)
    while true {
      let count = readBytes(descriptor, &buffer, buffer.count)
      if count >= 0 {
        offset += count
        return Array(buffer[..<count])
      }
      guard errno == EINTR, !Signals.isStopRequested else {
        if errno == EINTR { return [] }
        throw SeedSourceError("cannot read \(shown): \(String(cString: strerror(errno)))")
      }
    }
  }
}

/// read(2), which a method of that name hides.
private func readBytes(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.read(file, bytes, count)
  #elseif canImport(Musl)
    Musl.read(file, bytes, count)
  #else
    Darwin.read(file, bytes, count)
  #endif
}
