import Bytes

/// The records of a RESP file that later commands may still add to, in the order in which they began.
///
/// Parallel dumps write the commands of a key with those of other keys between them. What is held is bounded in bytes;
/// the oldest record goes first. Rejections wait in their place among the records, so that a run which is resumed behind
/// one of them has dealt with all that comes before it.
struct SeedRESPWindow {
  /// The most bytes of commands that are held, unless one record alone takes more.
  static let standardBytes = 64 << 20

  private struct Entry {
    var draft: SeedRESPDraft?
    var item: SeedItem?
    var bytes: Int
  }

  private let mostBytes: Int
  private var entries: [Entry] = []
  /// The first of the entries that has not been taken out.
  private var head = 0
  /// How many entries were taken out and dropped.
  private var dropped = 0
  /// The entry of each key that may be added to, counted from the first that ever was.
  private var places: [SeedRESPKey: Int] = [:]
  private var bytes = 0

  init(mostBytes: Int) { self.mostBytes = mostBytes }

  /// Adds a command to the record of its key; false where no record is held that it could add to.
  mutating func add(
    _ command: SeedRESPCommand, _ key: SeedRESPKey, bytes more: Int, longestRecord: Int
  ) throws(SeedFault) -> Bool {
    guard let place = places[key] else { return false }
    let index = place - dropped
    guard try entries[index].draft?.add(command, longestRecord: longestRecord) == true else { return false }
    entries[index].bytes += more
    bytes += more
    return true
  }

  /// Rejects the record of a key as a whole, because a command of it cannot be loaded; false where none is held.
  ///
  /// A key without a part of its value or without its expiry is worse than none.
  mutating func reject(
    _ key: SeedRESPKey, _ reason: String, at position: SeedPosition, _ bytes: [UInt8]
  ) -> Bool {
    guard let place = places.removeValue(forKey: key), let start = entries[place - dropped].draft?.position
    else { return false }
    entries[place - dropped].draft = nil
    // In the place of the record, for runs that resume.
    entries[place - dropped].item = .rejected(
      SeedRejection(
        position: start, column: 1, reason: "command \(position.line) of the same key: \(reason)",
        bytes: bytes))
    return true
  }

  /// Begins a record; one of the same key that is held can not be added to any more.
  mutating func begin(_ draft: SeedRESPDraft, _ key: SeedRESPKey, bytes more: Int) {
    places[key] = dropped + entries.count
    append(Entry(draft: draft, item: nil, bytes: more))
  }

  /// Adds what is no record.
  mutating func add(_ item: SeedItem, bytes more: Int) { append(Entry(draft: nil, item: item, bytes: more)) }

  private mutating func append(_ entry: Entry) {
    entries.append(entry)
    bytes += entry.bytes
  }

  /// Takes out the oldest item where more is held than may be, or where nothing follows.
  mutating func next(isAtEnd: Bool) -> SeedItem? {
    guard head < entries.count, isAtEnd || bytes > mostBytes else { return nil }
    let entry = entries[head]
    entries[head] = Entry(draft: nil, item: nil, bytes: 0)
    if let draft = entry.draft, places[draft.place] == dropped + head { places[draft.place] = nil }
    bytes -= entry.bytes
    head += 1
    if head > 1024, head * 2 > entries.count {
      entries.removeFirst(head)
      dropped += head
      head = 0
    }
    return entry.draft?.item ?? entry.item
  }
}

/// A key in a database.
struct SeedRESPKey: Hashable {
  /// The number of the database; nil where no command has selected one.
  let database: Int?
  let key: [UInt8]

  /// The two as one name.
  var name: [UInt8] { database.map { Array("\($0) ".utf8) + key } ?? key }
}
