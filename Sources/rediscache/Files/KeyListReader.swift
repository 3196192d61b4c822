import Operations
import Quantities

/// Splits a list of keys into its entries.
struct KeyListReader {
  /// Where the keys begin, and what ends each.
  struct Form: Sendable {
    var start: Int
    var endsWithNUL: Bool
  }

  struct Fault: Error {
    let message: String
  }

  /// A longer entry is no key: the file is of another kind.
  private static let longestKey = 64 << 20
  private static let chunk = 1 << 18
  /// A piece ends with the key that makes it larger than this, in bytes.
  private static let pieceBytes = 1 << 20

  private let descriptor: Descriptor
  private let form: Form
  private var offset: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  private var entries = 0
  /// Lines that end in CRLF, and that end in LF alone.
  private(set) var (carriageReturns, plainEnds) = (0, 0)

  init(_ descriptor: Descriptor, _ form: Form) {
    self.descriptor = descriptor
    self.form = form
    offset = form.start
  }

  /// The next keys, at most `most`; none at the end.
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
      let more: [UInt8]
      do { more = try descriptor.read(KeyListReader.chunk, at: offset) } catch {
        throw Fault(message: "cannot be read: \(error.reason)")
      }
      offset += more.count
      isAtEnd = more.isEmpty
      buffer += more
    }
  }
}
