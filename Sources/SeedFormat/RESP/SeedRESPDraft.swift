import Bytes

/// A record to which the commands that follow may add.
struct SeedRESPDraft {
  private enum Kind { case stored, hash, list, set, sortedSet, stream }

  /// The key, and the database that it belongs to.
  let place: SeedRESPKey
  /// Where its first command is.
  let position: SeedPosition
  private var expiry = SeedExpiry.unstated
  private let kind: Kind
  private var stored: SeedValue?
  // The content of a collection, which grows without copies; only one of these is used.
  private var fields: [SeedField] = []
  private var elements: [[UInt8]] = []
  private var members: [SeedMember] = []
  private var entries: [SeedEntry] = []
  /// What LPUSH put before the list, the head last.
  private var prepended: [[UInt8]] = []
  /// The id of a stream's last entry.
  private var lastID = SeedStreamID.zero
  /// How many bytes were added.
  private var size = 0

  /// Starts a record.
  ///
  /// - Throws: `SeedFault` for a command that only adds to one.
  init(_ command: SeedRESPCommand, _ place: SeedRESPKey, _ position: SeedPosition) throws(SeedFault) {
    self.place = place
    self.position = position
    guard let kind = SeedRESPDraft.kind(command.effect) else {
      throw SeedFault(column: 0, "an expiry must follow a command that writes its key")
    }
    self.kind = kind
    try append(command.effect)
    size = SeedRESPDraft.size(command.effect)
  }

  /// The record so far.
  var item: SeedItem {
    let value: SeedValue =
      switch kind {
      case .stored: stored ?? .string([])
      case .hash: .hash(fields)
      case .list: .list(prepended.isEmpty ? elements : prepended.reversed() + elements)
      case .set: .set(elements)
      case .sortedSet: .sortedSet(members)
      case .stream: .stream(entries)
      }
    return .record(
      SeedRecord(key: place.key, value: value, expiry: expiry, database: place.database), position)
  }

  /// Adds a command on the same key, or returns false where it starts a record of its own.
  ///
  /// - Throws: `SeedFault` where the record would become too long, and for a stream's id that is not the largest.
  mutating func add(_ command: SeedRESPCommand, longestRecord: Int) throws(SeedFault) -> Bool {
    if case .expire = command.effect {
      try append(command.effect)
      return true
    }
    guard kind != .stored, SeedRESPDraft.kind(command.effect) == kind else { return false }
    let added = SeedRESPDraft.size(command.effect)
    guard size + added <= longestRecord else {
      throw SeedFault(column: 0, "the key would become longer than \(longestRecord) bytes")
    }
    try append(command.effect)
    size += added
    return true
  }

  private mutating func append(_ effect: SeedRESPCommand.Effect) throws(SeedFault) {
    switch effect {
    case .store(let value, let expiry):
      stored = value
      self.expiry = expiry
    case .expire(let expiry): self.expiry = expiry
    case .prepend(let more): prepended += more
    case .add(.hash(let more)): fields += more
    case .add(.list(let more)), .add(.set(let more)): elements += more
    case .add(.sortedSet(let more)): members += more
    case .add(.stream(let more)):
      let id = more.last?.id.lend(SeedStreamID.init) ?? .zero
      guard id > lastID else { throw SeedFault(column: 0, "XADD's id is not larger than the one before") }
      lastID = id
      entries += more
    case .add(.string), .add(.dump): break
    }
  }

  /// What a command makes of its key; nil where it makes nothing.
  private static func kind(_ effect: SeedRESPCommand.Effect) -> Kind? {
    switch effect {
    case .store, .add(.string), .add(.dump): .stored
    case .add(.hash): .hash
    case .add(.list), .prepend: .list
    case .add(.set): .set
    case .add(.sortedSet): .sortedSet
    case .add(.stream): .stream
    case .expire: nil
    }
  }

  /// How many bytes a command adds to a collection, with something for every element.
  private static func size(_ effect: SeedRESPCommand.Effect) -> Int {
    switch effect {
    case .add(.list(let elements)), .add(.set(let elements)), .prepend(let elements):
      elements.reduce(0) { $0 + $1.count + 16 }
    case .add(.hash(let fields)): size(fields)
    case .add(.sortedSet(let members)): members.reduce(0) { $0 + $1.member.count + $1.score.count + 32 }
    case .add(.stream(let entries)): entries.reduce(0) { $0 + $1.id.count + size($1.fields) + 32 }
    case .store, .add, .expire: 0
    }
  }

  private static func size(_ fields: [SeedField]) -> Int {
    fields.reduce(0) { $0 + $1.field.count + $1.value.count + 32 }
  }
}
