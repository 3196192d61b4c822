import Bytes

/// Reads the sets that a record's key was a member of.
struct SeedMembershipReader {
  let values: SeedValueReader

  private var json: SeedJSON { values.json }

  /// Reads an array of `{"set":…,"member":…}`, in sorted sets also with `score`.
  func memberships(_ index: Int) throws(SeedFault) -> [SeedMembership] {
    guard json.kind(index) == .array else { throw fault(index, "an array of objects") }
    var memberships: [SeedMembership] = []
    var next = index + 1
    while next < json.after(index) {
      memberships.append(try membership(next))
      next = json.after(next)
    }
    return memberships
  }

  private func membership(_ index: Int) throws(SeedFault) -> SeedMembership {
    guard json.kind(index) == .object else { throw fault(index, "an array of objects") }
    var (set, member, score, expiry) = ([UInt8]?.none, [UInt8]?.none, [UInt8]?.none, Int64?.none)
    var name = index + 1
    while name < json.after(index) {
      func isNamed(_ text: StaticString) -> Bool { json.read(name) { SeedMemberName.equal($0, text) } }
      let value = name + 1
      if isNamed("set") {
        set = try values.string(value, "a set's name is a string")
      } else if isNamed("member") {
        member = try values.string(value, "a member is a string")
      } else if isNamed("score") {
        score = try values.score(value)
      } else if isNamed("set_expires_at") {
        expiry = try moment(value)
      } else {
        throw fault(name, "objects of set, member, score and set_expires_at")
      }
      name = json.after(value)
    }
    guard let set, let member else { throw fault(index, "objects with set and member") }
    return SeedMembership(set: set, member: member, score: score, setExpiresAt: expiry)
  }

  private func moment(_ index: Int) throws(SeedFault) -> Int64 {
    let number = json.kind(index) == .number ? json.read(index) { SeedNumber.integer($0) } : nil
    guard let number, (0...SeedExpiry.longest).contains(number) else {
      throw SeedFault(
        column: json.column(index),
        #""set_expires_at" must be milliseconds since 1970, got \#(json.shown(index))"#)
    }
    return number
  }

  private func fault(_ index: Int, _ wanted: String) -> SeedFault {
    SeedFault(column: json.column(index), #""memberships" must hold \#(wanted), got \#(json.shown(index))"#)
  }
}
