/// Where the members of a record stand among the values of a parser.
struct SeedMembers {
  // Index 0 is the record itself, so it stands for a member that is not there.
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
    if !isRedisDump, database + size > 0 { throw SeedMembers.unknown(json, Int(database + size) - 1) }
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
      "unknown member \"\(name)\"; there are key, type, value, json, encoding, ttl, expires_at and tags")
  }
}
