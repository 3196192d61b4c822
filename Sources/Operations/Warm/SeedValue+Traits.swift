import SeedFormat

extension SeedRecord {
  /// The key, and before it the database where that is not the run's: what tells two records apart.
  var place: [UInt8] { database.map { Array("\($0) ".utf8) + key } ?? key }

  /// True where the key becomes a member of sets.
  var hasSets: Bool { !tags.isEmpty || !memberships.isEmpty }
}

extension SeedValue {
  /// The bytes of all that the value holds.
  var size: Int {
    switch self {
    case .string(let bytes), .dump(let bytes): bytes.count
    case .hash(let fields): fields.reduce(0) { $0 + $1.field.count + $1.value.count }
    case .list(let elements), .set(let elements): elements.reduce(0) { $0 + $1.count }
    case .sortedSet(let members): members.reduce(0) { $0 + $1.member.count + 8 }
    case .stream(let entries):
      entries.reduce(0) { $0 + $1.fields.reduce(16) { $0 + $1.field.count + $1.value.count } }
    }
  }

  /// True for what takes more than one element.
  var isCollection: Bool {
    switch self {
    case .string, .dump: false
    case .hash, .list, .set, .sortedSet, .stream: true
    }
  }

  /// Redis' name of the type; nil for a dump, whose type is not read.
  var typeName: String? {
    switch self {
    case .string: "string"
    case .hash: "hash"
    case .list: "list"
    case .set: "set"
    case .sortedSet: "zset"
    case .stream: "stream"
    case .dump: nil
    }
  }

  /// Redis' name of the type that the key gets, that of a dump by its encoding; nil where the encoding is not known here.
  var keyType: String? {
    guard case .dump(let payload) = self else { return typeName }
    return payload.first.flatMap { first in
      SeedValue.encodings.first { $0.encodings.contains(first) }?.type
    }
  }
}

extension SeedValue {
  /// What comparing two values says.
  enum Comparison {
    case same, different
    /// Dumps of types whose encoding does not only depend on what they hold.
    case unknown
  }

  /// Compares two values; the order of hashes and sets does not matter.
  func compared(with other: SeedValue) -> Comparison {
    if case .dump(let left) = self, case .dump(let right) = other {
      return SeedValue.compare(left, right)
    }
    return isSame(as: other) ? .same : .different
  }

  private func isSame(as other: SeedValue) -> Bool {
    switch (self, other) {
    case (.hash(let left), .hash(let right)): SeedValue.pairs(left) == SeedValue.pairs(right)
    case (.set(let left), .set(let right)): Set(left) == Set(right)
    case (.sortedSet(let left), .sortedSet(let right)): SeedValue.scores(left) == SeedValue.scores(right)
    case (.stream(let left), .stream(let right)):
      left.map(SeedValue.place) == right.map(SeedValue.place) && left.map(\.fields) == right.map(\.fields)
    default: self == other
    }
  }

  /// An entry's id as numbers: `17` is `17-0`.
  private static func place(_ entry: SeedEntry) -> [UInt64?] {
    let parts = entry.id.split(separator: UInt8(ascii: "-")).map {
      UInt64(String(decoding: $0, as: UTF8.self))
    }
    return parts.count == 1 ? parts + [0] : parts
  }

  /// Compares two payloads of DUMP.
  ///
  /// A payload begins with its encoding and ends with 2 bytes of version and 8 of a checksum (rdb.h and cluster.c in
  /// Redis). Tables come in their order in memory, which differs from process to process: there the same bytes in
  /// another order count as the same. Where a server has chosen another encoding for the type, nothing can be told, and
  /// modules write their values as they please.
  private static func compare(_ left: [UInt8], _ right: [UInt8]) -> Comparison {
    guard left != right else { return .same }
    guard let first = left.first, let second = right.first else { return .different }
    let type = encodings.first { $0.encodings.contains(first) }
    guard let type else { return first == second ? .unknown : .different }
    guard first == second else { return type.encodings.contains(second) ? .unknown : .different }
    let (head, other) = (left.dropLast(10), right.dropLast(10))
    return (tables.contains(first) ? head.sorted() == other.sorted() : head == other) ? .same : .different
  }

  /// The encodings of each type (rdb.h in Redis).
  private static let encodings: [(type: String, encodings: Set<UInt8>)] = [
    ("string", [0]), ("list", [1, 10, 14, 18]), ("set", [2, 11, 20]), ("zset", [3, 5, 12, 17]),
    ("hash", [4, 9, 13, 16, 22, 23, 24, 25]), ("stream", [15, 19, 21, 26, 27]),
  ]
  /// Sets and hashes as tables.
  private static let tables: Set<UInt8> = [2, 4, 24]

  private static func pairs(_ fields: [SeedField]) -> [[UInt8]: [UInt8]] {
    Dictionary(fields.map { ($0.field, $0.value) }) { _, last in last }
  }

  private static func scores(_ members: [SeedMember]) -> [[UInt8]: Double?] {
    Dictionary(members.map { ($0.member, Double(String(decoding: $0.score, as: UTF8.self))) }) { _, last in
      last
    }
  }
}

extension SeedRejection {
  /// The rejection of a record that can be read.
  init(of record: SeedRecord, at position: SeedPosition, _ reason: String) {
    var bytes: [UInt8] = []
    SeedWriter.append(record, to: &bytes)
    self.init(position: position, column: 1, reason: reason, bytes: bytes.dropLast())
  }
}
