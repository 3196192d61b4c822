import CZlib

/// Packs bytes as gzip piece by piece.
///
/// Invariant of the pointers: they are lent to zlib inside one call only, and `stream` never leaves its place in
/// memory while zlib knows of it.
package final class GzipWriter {
  private static let pieceSize = 1 << 16

  private let stream: UnsafeMutablePointer<z_stream>
  private var piece = [UInt8](repeating: 0, count: GzipWriter.pieceSize)

  /// Begins.
  ///
  /// - Throws: `outOfMemory`.
  package init() throws(GzipError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_begin_deflating(stream) == Z_OK else {
      stream.deinitialize(count: 1)
      stream.deallocate()
      throw .outOfMemory
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Packs bytes; returns what is ready, which may be nothing.
  package func pack(_ bytes: [UInt8]) -> [UInt8] { run(bytes, Z_NO_FLUSH) }

  /// Ends the packed data; returns the rest of it.
  package func finish() -> [UInt8] { run([], Z_FINISH) }

  private func run(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
    var bytes = bytes
    var packed: [UInt8] = []
    bytes.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      var left: UInt32 = 0
      repeat {
        let made = piece.withUnsafeMutableBufferPointer { output in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          _ = deflate(stream, flush)
          left = stream.pointee.avail_out
          return output.count - Int(left)
        }
        packed += piece[..<made]
      } while left == 0
    }
    return packed
  }
}
