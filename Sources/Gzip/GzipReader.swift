import CZlib

/// Unpacks gzip piece by piece; several packed files behind each other read as one, as with gzip itself.
///
/// Invariant of the pointers: they are lent to zlib inside one call only, and `stream` never leaves its place in
/// memory while zlib knows of it.
package final class GzipReader {
  /// The first bytes of every gzip file (RFC 1952, section 2.3.1).
  package static let magic: [UInt8] = [0x1F, 0x8B]

  private static let pieceSize = 1 << 18

  private let stream: UnsafeMutablePointer<z_stream>
  private var piece = [UInt8](repeating: 0, count: GzipReader.pieceSize)
  /// True between two packed files, where the bytes may end.
  private var isBetween = true

  /// Begins.
  ///
  /// - Throws: `outOfMemory`.
  package init() throws(GzipError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_begin_inflating(stream) == Z_OK else {
      stream.deinitialize(count: 1)
      stream.deallocate()
      throw .outOfMemory
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Unpacks the next packed bytes and hands over what they hold, piece by piece.
  ///
  /// - Throws: `damaged`, or what `take` throws.
  package func unpack(_ packed: [UInt8], _ take: ([UInt8]) throws -> Void) throws {
    var packed = packed
    var offset = 0
    while offset < packed.count {
      if isBetween, offset > 0 || stream.pointee.total_in > 0 { inflateReset(stream) }
      isBetween = false
      let (status, used, made) = step(&packed, from: offset)
      offset += used
      if made > 0 { try take(Array(piece[..<made])) }
      switch status {
      case Z_STREAM_END: isBetween = true
      case Z_OK, Z_BUF_ERROR: if used == 0, made == 0 { return }
      default: throw GzipError.damaged
      }
    }
  }

  /// Says that no bytes follow.
  ///
  /// - Throws: `truncated` where the packed data is not at its end.
  package func finish() throws(GzipError) {
    guard isBetween else { throw .truncated }
  }

  private func step(_ packed: inout [UInt8], from offset: Int) -> (status: Int32, used: Int, made: Int) {
    packed.withUnsafeMutableBufferPointer { input in
      piece.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress.map { $0 + offset }
        stream.pointee.avail_in = UInt32(input.count - offset)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = inflate(stream, Z_NO_FLUSH)
        let left = (input: Int(stream.pointee.avail_in), output: Int(stream.pointee.avail_out))
        return (status, input.count - offset - left.input, output.count - left.output)
      }
    }
  }
}
