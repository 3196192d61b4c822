package import RedisClient

/// A list of keys that a user names, read piece by piece.
package struct KeyList: Sendable {
  /// A piece of the list.
  package struct Piece: Sendable {
    /// The keys, end to end.
    package var bytes: [UInt8] = []
    /// Where in `bytes` each key lies.
    package var ranges: [Range<Int>] = []

    /// An empty piece.
    package init() {}
  }

  /// What opening or reading a list may throw. The name is there for the compiler, which does not count the errors of
  /// functions as a use of the import.
  package typealias Failure = ClientError

  /// The keys of the list, repeated ones included.
  package let count: Int
  /// What a report must say of the list.
  package let warnings: [String]
  /// True where its keys look as programs print keys for people, with quotes or numbers that are not part of them.
  package let looksQuoted: Bool

  /// Opens the list; each call of the function that it returns gives the next keys, at most as many as asked for, and none
  /// at the end.
  let open: @Sendable () throws(ClientError) -> (Int) throws(ClientError) -> Piece

  /// Makes a list that can be read more than once.
  package init(
    count: Int, warnings: [String] = [], looksQuoted: Bool = false,
    open: @escaping @Sendable () throws(ClientError) -> (Int) throws(ClientError) -> Piece
  ) {
    self.count = count
    self.warnings = warnings
    self.looksQuoted = looksQuoted
    self.open = open
  }
}

extension KeyList {
  /// A list in memory.
  init(_ keys: [[UInt8]]) {
    self.init(count: keys.count) { () throws(ClientError) -> (Int) throws(ClientError) -> Piece in
      var position = 0
      return { (limit: Int) throws(ClientError) -> Piece in
        var piece = Piece()
        for key in keys[position..<min(keys.count, position + limit)] {
          let start = piece.bytes.count
          piece.bytes += key
          piece.ranges.append(start..<piece.bytes.count)
        }
        position += piece.ranges.count
        return piece
      }
    }
  }
}
