import SeedFormat

/// Where the bytes of a seed come from.
package protocol SeedSource: AnyObject {
  /// The next bytes, none where what was read makes none yet; nil at the end.
  func read() throws(SeedSourceError) -> [UInt8]?
  /// The share of the source that has been read, 0 to 1; nil where it is unknown.
  var share: Double? { get }
  /// Waits for bytes, or the end, at most `time`; false where `read` would still have to wait.
  func isReady(within time: Duration) -> Bool
  /// Begins again with the first byte.
  func rewind() throws(SeedSourceError)
}

extension SeedSource {
  /// True: most sources never wait for long.
  package func isReady(within time: Duration) -> Bool { true }
}

/// Why a seed cannot be read any further.
package struct SeedSourceError: Error, Sendable, Equatable {
  /// What failed, where and why.
  package let message: String

  /// Makes an error.
  package init(_ message: String) { self.message = message }
}

/// Draws bytes from a source whenever the reader needs some.
struct SeedInput {
  private let source: any SeedSource
  private var reader: SeedReader
  private(set) var isAtEnd = false

  init(_ source: any SeedSource, format: SeedFormat?) {
    self.source = source
    reader = SeedReader(format: format)
  }

  /// The share of the seed that has been read.
  var share: Double? { source.share }

  /// The next of the items that have been read; nil where there is none, or none yet.
  mutating func next() -> SeedItem? { reader.next() }

  /// Waits for bytes, or the end, at most `time`; false where `draw` would still have to wait.
  func isReady(within time: Duration) -> Bool { source.isReady(within: time) }

  /// Reads more, waiting for it.
  mutating func draw() throws(SeedSourceError) {
    if let bytes = try source.read() {
      reader.feed(bytes)
    } else {
      reader.finish()
      isAtEnd = true
    }
  }
}
