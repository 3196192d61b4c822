@testable import SeedFormat

/// Reads whole seed files for tests.
enum SeedDraining {
  /// The items of a file that comes in chunks of one size.
  static func items(
    _ file: [UInt8], format: SeedFormat? = nil, chunk: Int = .max, longestValue: Int = 1 << 20,
    longestRecord: Int = 1 << 20
  ) -> [SeedItem] {
    var reader = SeedReader(format: format, longestValue: longestValue, longestRecord: longestRecord)
    var items: [SeedItem] = []
    var start = 0
    while start < file.count {
      let end = min(file.count, chunk < file.count ? start + chunk : file.count)
      reader.feed(Array(file[start..<end]))
      while let item = reader.next() { items.append(item) }
      start = end
    }
    reader.finish()
    while let item = reader.next() { items.append(item) }
    return items
  }

  static func items(_ file: String, format: SeedFormat? = nil) -> [SeedItem] {
    items(Array(file.utf8), format: format)
  }

  /// The records of a file, without what was rejected.
  static func records(_ file: String, format: SeedFormat? = nil) -> [SeedRecord] {
    items(file, format: format).compactMap(\.record)
  }

  /// A RESP file of commands whose arguments are separated by blanks.
  static func resp(_ commands: String...) -> String {
    commands.map { command in
      let words = command.split(separator: " ")
      return "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
    }.joined()
  }
}

extension SeedItem {
  var record: SeedRecord? {
    if case .record(let record, _) = self { record } else { nil }
  }

  var rejection: SeedRejection? {
    if case .rejected(let rejection) = self { rejection } else { nil }
  }

  var refusal: SeedRejection? {
    if case .refused(let rejection) = self { rejection } else { nil }
  }

  var position: SeedPosition {
    switch self {
    case .record(_, let position): position
    case .rejected(let rejection), .refused(let rejection): rejection.position
    }
  }
}

extension SeedRecord {
  init(
    _ key: String, _ value: SeedValue, _ expiry: SeedExpiry = .unstated, tags: [String] = [],
    database: Int? = nil
  ) {
    self.init(
      key: Array(key.utf8), value: value, expiry: expiry, tags: tags.map { Array($0.utf8) },
      database: database)
  }
}

extension SeedValue {
  static func text(_ text: String) -> SeedValue { .string(Array(text.utf8)) }

  static func texts(list: String...) -> SeedValue { .list(list.map { Array($0.utf8) }) }

  static func texts(set: String...) -> SeedValue { .set(set.map { Array($0.utf8) }) }

  static func texts(hash: KeyValuePairs<String, String>) -> SeedValue {
    .hash(hash.map { SeedField(field: Array($0.key.utf8), value: Array($0.value.utf8)) })
  }

  static func texts(sortedSet: KeyValuePairs<String, String>) -> SeedValue {
    .sortedSet(sortedSet.map { SeedMember(member: Array($0.key.utf8), score: Array($0.value.utf8)) })
  }

  static func texts(stream: KeyValuePairs<String, KeyValuePairs<String, String>>) -> SeedValue {
    .stream(
      stream.map { entry in
        SeedEntry(
          id: Array(entry.key.utf8),
          fields: entry.value.map { SeedField(field: Array($0.key.utf8), value: Array($0.value.utf8)) })
      })
  }
}
