@testable import Operations

/// A seed in memory, handed out in pieces.
final class SeedBytes: SeedSource {
  private var rest: ArraySlice<UInt8>
  private let all: ArraySlice<UInt8>
  private let piece: Int
  private let whole: Int
  /// The error that comes in place of the end.
  var failure: SeedSourceError?
  /// How many questions find nothing ready before each piece.
  var waits = 0
  private var waitsLeft = 0

  init(_ text: String, piece: Int = 1 << 18) {
    rest = Array(text.utf8)[...]
    all = rest
    whole = rest.count
    self.piece = piece
  }

  var share: Double? { whole == 0 ? 1 : 1 - Double(rest.count) / Double(whole) }

  func isReady(within time: Duration) -> Bool {
    if waitsLeft < waits {
      waitsLeft += 1
      return false
    }
    return true
  }

  func rewind() { rest = all }

  func read() throws(SeedSourceError) -> [UInt8]? {
    waitsLeft = 0
    guard !rest.isEmpty else {
      if let failure { throw failure }
      return nil
    }
    defer { rest = rest.dropFirst(piece) }
    return Array(rest.prefix(piece))
  }
}
