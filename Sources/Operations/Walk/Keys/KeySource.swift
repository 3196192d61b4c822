/// Where the keys of a walk come from.
enum KeySource {
  /// The database, by SCAN.
  case database
  /// One key of the database, which is asked for by its name.
  case key([UInt8])
  /// The members of a tag, each of which stands for a key.
  case tag(TagSource)
  /// A list of the user's own.
  case list(KeyList)

  /// True where the server itself says that the keys exist.
  var namesLiveKeys: Bool {
    switch self {
    case .database, .key: true
    case .tag, .list: false
    }
  }

  /// True where one key is asked for by its name.
  var isKey: Bool { if case .key = self { true } else { false } }

  /// True where the keys are members of a tag.
  var isTag: Bool { if case .tag = self { true } else { false } }

  /// True where the keys are the user's own list.
  var isList: Bool { if case .list = self { true } else { false } }

  /// The command that asks for a page, without cursor and options, which one for a single key has not; nil where no server
  /// is asked.
  var command: [[UInt8]]? {
    switch self {
    case .database: [Array("SCAN".utf8)]
    case .key(let key): [Array("TYPE".utf8), key]
    case .tag(let tag): [tag.isSorted ? Array("ZSCAN".utf8) : Array("SSCAN".utf8), tag.key]
    case .list: nil
    }
  }
}

/// A set, or a sorted set, whose members stand for keys.
struct TagSource {
  /// The name of the set.
  let key: [UInt8]
  /// True for a sorted set.
  let isSorted: Bool
  /// How a member becomes a key.
  let member: MemberKey
}
