import Bytes
import Quantities
import RDBFormat

/// What a dump says about itself and its server.
struct DumpFacts {
  /// The format.
  var version: RDBVersion?
  /// When it was written, in seconds since 1970.
  var createdAt: Int?
  /// What the server used then, in bytes.
  var usedMemory: Int?
  /// `redis` or `valkey`, and the server's version number.
  var server: (name: String, version: String)?

  mutating func note(_ name: [UInt8], _ value: [UInt8]) {
    let text = String(decoding: value, as: UTF8.self)
    switch String(decoding: name, as: UTF8.self) {
    case "ctime": createdAt = Int(text).flatMap { (0...(1 << 40)).contains($0) ? $0 : nil }
    case "used-mem": usedMemory = Int(text).flatMap { (0...(1 << 50)).contains($0) ? $0 : nil }
    case "redis-ver": server = ("redis", text)
    case "valkey-ver": server = ("valkey", text)
    default: break
    }
  }
}

/// Draws the items of one dump out of its bytes.
final class DumpStream {
  let file: DumpFile
  private(set) var reader: RDBReader
  private(set) var facts = DumpFacts()
  private let source: any SeedSource
  private var isDrawn = false
  /// The first item behind the head, until it is asked for.
  private var held: RDBItem?

  /// Begins a dump, and reads its head: what comes before the first database.
  init(_ file: DumpFile, source: any SeedSource, checksChecksum: Bool) throws(DumpFailure) {
    self.file = file
    self.source = source
    reader = RDBReader(checksChecksum: checksChecksum)
    while let item = try draw() {
      switch item {
      case .version(let version): facts.version = version
      case .auxiliary(let name, let value): facts.note(name, value)
      case .library: continue
      case .database, .key, .entry, .end:
        held = item
        return
      }
    }
  }

  /// The share of the file that is read, 0 to 1; nil where it is unknown.
  var share: Double? { source.share }

  /// Whether keys come before their values.
  var announcesKeys: Bool {
    get { reader.announcesKeys }
    set { reader.announcesKeys = newValue }
  }

  /// Keeps the value of the key that was just announced.
  func keepPayload() { reader.keepPayload() }

  /// The next item; nil at the end of the dump.
  func next() throws(DumpFailure) -> RDBItem? {
    if let item = held {
      held = nil
      return item
    }
    return try draw()
  }

  private func draw() throws(DumpFailure) -> RDBItem? {
    while true {
      do throws(RDBError) {
        if let item = try reader.next() { return item }
      } catch {
        throw DumpFailure(
          kind: .badData, message: "\(file.path): \(error.message), behind \(NumberText.keys(error.keys))")
      }
      guard !isDrawn, !reader.isAtEnd else { return nil }
      do throws(SeedSourceError) {
        if let bytes = try source.read() {
          reader.feed(bytes)
        } else {
          reader.finish()
          isDrawn = true
        }
      } catch { throw DumpFailure(kind: .unreadable, message: error.message) }
    }
  }
}
