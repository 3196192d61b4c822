import Operations
import Quantities
import RedisClient
import Reporting
import SeedFormat

/// Splits a list of keys into its entries.
struct KeyListReader {
  /// How the list is written.
  struct Layout: Sendable {
    var form: KeyListForm
    /// Where the first entry begins, in bytes.
    var start: Int
    /// True where even an only entry needs its end: a pipe may have been cut off anywhere.
    var isStream: Bool
    /// The database of the run: a key of another one is not meant.
    var database: Int
  }

  struct Fault: Error {
    let message: String
    var hints: [String] = []
    /// Why the run must end, where that is why reading was broken off.
    var end: SystemError?
  }

  /// A longer entry is no key: the file is of another kind.
  private static let longestEntry = 64 << 20
  private static let chunk = 1 << 18
  /// A piece ends with the key that makes it larger than this, in bytes.
  private static let pieceBytes = 1 << 20

  private let descriptor: Descriptor
  private let layout: Layout
  private var offset: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  private var json = SeedKeyReader()
  /// Entries that were read, empty ones included, and the keys among them.
  private var (entries, keys) = (0, 0)
  /// True where the list ends with a record that says so; only JSON lines have one.
  private(set) var isClosed = false
  /// Lines that end in CRLF, and that end in LF alone.
  private(set) var (carriageReturns, plainEnds) = (0, 0)

  init(_ descriptor: Descriptor, _ layout: Layout) {
    self.descriptor = descriptor
    self.layout = layout
    offset = layout.start
  }

  /// The next keys, at most `most`; none at the end.
  mutating func next(_ most: Int) throws(Fault) -> KeyList.Piece {
    var piece = KeyList.Piece()
    while piece.ranges.count < most, piece.bytes.count < KeyListReader.pieceBytes {
      guard let entry = try nextEntry() else { break }
      entries += 1
      let start = piece.bytes.count
      guard try append(buffer[entry], to: &piece.bytes) else { continue }
      keys += 1
      piece.ranges.append(start..<piece.bytes.count)
    }
    return piece
  }

  /// Appends the key of an entry; false where it has none, as blank lines.
  private mutating func append(
    _ entry: ArraySlice<UInt8>, to bytes: inout [UInt8]
  ) throws(Fault) -> Bool {
    var entry = entry
    if layout.form == .lines {
      if entry.last == UInt8(ascii: "\r") {
        entry.removeLast()
        carriageReturns += 1
      } else {
        plainEnds += 1
      }
    }
    guard layout.form == .jsonLines else {
      bytes += entry
      return !entry.isEmpty
    }
    return try appendKey(ofJSON: entry, to: &bytes)
  }

  private mutating func appendKey(
    ofJSON entry: ArraySlice<UInt8>, to bytes: inout [UInt8]
  ) throws(Fault) -> Bool {
    guard !entry.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { return false }
    guard !isClosed else { throw Fault(message: "line \(entries) follows the closing record of the list") }
    switch json.read(entry) {
    case .key(let key, let database):
      if let database, database != layout.database {
        throw Fault(
          message: "line \(entries): its key is of database \(database), and this run is on database "
            + "\(layout.database)",
          hints: ["list one database at a time, and name it with --db here"])
      }
      bytes += key
      return true
    case .end(let count):
      guard count == keys else {
        throw Fault(
          message:
            "the list holds \(NumberText.keys(keys)), and its closing record says \(NumberText.count(count))",
          hints: ["it was cut off or changed: make it anew"])
      }
      isClosed = true
      return false
    case .fault(let reason):
      throw Fault(
        message: "line \(entries): \(reason)",
        hints: ["the list is read as JSON lines; end keys that look like JSON by NUL (scan --list --print0)"])
    }
  }

  /// Where in the buffer the next entry lies; nil at the end.
  private mutating func nextEntry() throws(Fault) -> Range<Int>? {
    let end = layout.form == .nulTerminated ? 0 : UInt8(ascii: "\n")
    var searched = position
    while true {
      if let found = buffer[searched...].firstIndex(of: end) {
        defer { position = found + 1 }
        return position..<found
      }
      searched = buffer.count
      guard !isAtEnd else { return try lastEntry() }
      guard buffer.count - position <= KeyListReader.longestEntry else {
        throw Fault(
          message: "entry \(entries + 1) is longer than \(NumberText.bytes(KeyListReader.longestEntry))")
      }
      searched -= position
      buffer.removeSubrange(..<position)
      position = 0
      let more: [UInt8]
      do throws(SystemError) {
        // Blank lines bring no key, however many there are.
        do { try RunLimit.waits.check() } catch { throw SystemError(error) }
        more = try descriptor.read(KeyListReader.chunk, at: offset)
      } catch {
        throw Fault(message: "cannot be read: \(error.reason)", end: error.endsRun ? error : nil)
      }
      offset += more.count
      isAtEnd = more.isEmpty
      buffer += more
    }
  }

  /// What follows the last end. Its producer may have died inside a name, which would be the name of another key.
  private mutating func lastEntry() throws(Fault) -> Range<Int>? {
    guard position < buffer.count else { return nil }
    guard entries == 0, !layout.isStream else {
      let end = layout.form == .nulTerminated ? "NUL" : "line end"
      throw Fault(
        message: "entry \(entries + 1), the last, has no \(end): the list may have been cut off inside it",
        hints: ["make the list anew; if it is whole, add the \(end)"])
    }
    defer { position = buffer.count }
    return position..<buffer.count
  }
}
