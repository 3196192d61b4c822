import SeedFormat

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
}

extension SeedValue {
  /// True where both hold the same; the order of hashes and sets does not matter.
  func isSame(as other: SeedValue) -> Bool {
    switch (self, other) {
    case (.hash(let left), .hash(let right)): SeedValue.pairs(left) == SeedValue.pairs(right)
    case (.set(let left), .set(let right)): Set(left) == Set(right)
    case (.sortedSet(let left), .sortedSet(let right)): SeedValue.scores(left) == SeedValue.scores(right)
    case (.stream(let left), .stream(let right)):
      left.map(SeedValue.place) == right.map(SeedValue.place) && left.map(\.fields) == right.map(\.fields)
    case (.dump(let left), .dump(let right)): SeedValue.areAlike(left, right)
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

  /// True where two payloads of DUMP may hold the same.
  ///
  /// A payload begins with its encoding and ends with 2 bytes of version and 8 of a checksum (rdb.h and cluster.c in
  /// Redis). Tables come in their order in memory, which differs from process to process: there the same
  /// bytes in another order count as the same. Where a server has chosen another encoding for the type, nothing can be
  /// told.
  private static func areAlike(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left != right else { return true }
    guard let first = left.first, let second = right.first else { return false }
    guard first == second else {
      return encodings.contains { $0.contains(first) && $0.contains(second) }
    }
    let (head, other) = (left.dropLast(10), right.dropLast(10))
    return tables.contains(first) ? head.sorted() == other.sorted() : head == other
  }

  /// The encodings of lists, sets, sorted sets, hashes and streams.
  private static let encodings: [Set<UInt8>] = [
    [1, 10, 14, 18], [2, 11, 20], [3, 5, 12, 17], [4, 9, 13, 16], [15, 19, 21],
  ]
  /// Sets and hashes as tables.
  private static let tables: Set<UInt8> = [2, 4]

  private static func pairs(_ fields: [SeedField]) -> [[UInt8]: [UInt8]] {
    Dictionary(fields.map { ($0.field, $0.value) }) { _, last in last }
  }

  private static func scores(_ members: [SeedMember]) -> [[UInt8]: Double?] {
    Dictionary(members.map { ($0.member, Double(String(decoding: $0.score, as: UTF8.self))) }) { _, last in
      last
    }
  }
}
