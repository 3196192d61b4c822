/// The members of a record in JSON.
enum SeedMemberName: Int {
  case key, type, value, json, encoding, ttl, expiresAt, tags, db, size

  /// How many there are.
  static let count = 10

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
