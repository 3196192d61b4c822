/// Where the keys of a walk come from.
enum KeySource {
  /// The database, by SCAN.
  case database
  /// The members of a set, each of which is a key.
  case set(key: [UInt8])
  /// The members of a sorted set; the prefix makes each a key.
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
