package import RedisClient

/// Where the keys of a walk come from.
enum KeySource {
  /// The database, by SCAN.
  case database
  /// The members of a set, each of which is a key.
  case set(key: [UInt8])
  /// The members of a sorted set; each is a key once the prefix stands before it.
  case sortedSet(key: [UInt8], prefix: [UInt8])
  /// A list of the user's own.
  case list(KeyList)

  /// True where the server itself says that the keys exist.
  var namesLiveKeys: Bool {
    if case .database = self { true } else { false }
  }

  /// True where the keys are members of a tag.
  var isTag: Bool {
    switch self {
    case .set, .sortedSet: true
    case .database, .list: false
    }
  }

  /// True where the keys are the user's own list.
  var isList: Bool { if case .list = self { true } else { false } }

  /// The command that asks for a page, without cursor and options; nil where no server is asked.
  var command: [[UInt8]]? {
    switch self {
    case .database: [Array("SCAN".utf8)]
    case .set(let key): [Array("SSCAN".utf8), key]
    case .sortedSet(let key, _): [Array("ZSCAN".utf8), key]
    case .list: nil
    }
  }
}

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

  /// What opening or reading a list may throw.
  package typealias Failure = ClientError

  /// The keys of the list, repeated ones included.
  package let count: Int
  /// What a report must say of the list.
  package let warnings: [String]

  /// Begins at the top; the function that it returns gives at most so many keys with each call, and none at
  /// the end.
  let open: @Sendable () throws(Failure) -> (Int) throws(Failure) -> Piece

  /// Makes a list that can be read more than once.
  package init(
    count: Int, warnings: [String] = [],
    open: @escaping @Sendable () throws(Failure) -> (Int) throws(Failure) -> Piece
  ) {
    self.count = count
    self.warnings = warnings
    self.open = open
  }
}

extension KeyList {
  /// A list in memory.
  init(_ keys: [[UInt8]]) {
    self.init(count: keys.count) { () throws(Failure) -> (Int) throws(Failure) -> Piece in
      var position = 0
      return { (limit: Int) throws(Failure) -> Piece in
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
