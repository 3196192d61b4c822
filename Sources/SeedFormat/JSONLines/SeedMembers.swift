/// The indices of a record's members among the parser's values.
struct SeedMembers {
  // Index 0 is the record itself, so it marks a missing member.
  private var indices = SIMD16<Int32>()
  /// Whether the record is one of redis-dump.
  let isRedisDump: Bool

  init(_ json: SeedJSON, allowRedisDump: Bool) throws(SeedFault) {
    let end = json.after(0)
    var index = 1
    while index < end {
      guard let name = json.read(index, { SeedMemberName($0) }) else {
        throw SeedMembers.unknown(json, index)
      }
      indices[name.rawValue] = Int32(truncatingIfNeeded: index + 1)
      index = json.after(index + 1)
    }
    let database = indices[SeedMemberName.db.rawValue]
    let size = indices[SeedMemberName.size.rawValue]
    isRedisDump = allowRedisDump || (database > 0 && size > 0)
    if !isRedisDump, size > 0 { throw SeedMembers.unknown(json, Int(size) - 1) }
  }

  /// The index of a member's value.
  subscript(name: SeedMemberName) -> Int? {
    let index = indices[name.rawValue]
    return index == 0 ? nil : Int(index)
  }

  private static func unknown(_ json: SeedJSON, _ index: Int) -> SeedFault {
    let name = json.read(index) { SeedFault.shown($0) }
    return SeedFault(
      column: json.column(index),
      "unknown member \"\(name)\"; there are key, type, value, json, encoding, ttl, expires_at, db, tags and memberships"
    )
  }
}

/// The members of a record in JSON.
enum SeedMemberName: Int {
  case key, type, value, json, encoding, ttl, expiresAt, tags, db, size, memberships

  /// How many there are.
  static let count = 11

  init?(_ name: Span<UInt8>) {
    switch name.count {
    case 2 where SeedMemberName.equal(name, "db"): self = .db
    case 3 where SeedMemberName.equal(name, "key"): self = .key
    case 3 where SeedMemberName.equal(name, "ttl"): self = .ttl
    case 4 where SeedMemberName.equal(name, "type"): self = .type
    case 4 where SeedMemberName.equal(name, "json"): self = .json
    case 4 where SeedMemberName.equal(name, "tags"): self = .tags
    case 4 where SeedMemberName.equal(name, "size"): self = .size
    case 5 where SeedMemberName.equal(name, "value"): self = .value
    case 8 where SeedMemberName.equal(name, "encoding"): self = .encoding
    case 10 where SeedMemberName.equal(name, "expires_at"): self = .expiresAt
    case 11 where SeedMemberName.equal(name, "memberships"): self = .memberships
    default: return nil
    }
  }

  /// Whether bytes are some text.
  static func equal(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
    text.withUTF8Buffer { text in
      text.count == bytes.count && text.indices.allSatisfy { text[$0] == bytes[$0] }
    }
  }
}
