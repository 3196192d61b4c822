import Bytes

/// Reads the values of a record in JSON, by Redis' types.
struct SeedValueReader {
  let json: SeedJSON
  /// Whether every string stands in base64.
  let isBase64: Bool
  /// The longest string in bytes.
  let longestValue: Int

  /// Reads a `value` as the record's `type` says, or as a string where it does not.
  func value(_ index: Int, _ members: SeedMembers) throws(SeedFault) -> SeedValue {
    guard let type = members[.type] else { return .string(try untyped(index)) }
    let equals = { (name: StaticString) in
      json.kind(type) == .string && json.read(type) { SeedMemberName.equal($0, name) }
    }
    if equals("string") { return .string(try text(index)) }
    if equals("hash") { return .hash(try fields(index, "a hash")) }
    if equals("list") { return .list(try elements(index, "a list")) }
    if equals("set") { return .set(try elements(index, "a set")) }
    if equals("zset") { return .sortedSet(try scoredMembers(index)) }
    if equals("stream") { return .stream(try entries(index)) }
    if equals("dump") { return .dump(try payload(index)) }
    if equals("none"), members.isRedisDump {
      throw fault(type, #"type "none": the key was gone before redis-dump read it"#)
    }
    throw fault(
      type, "unknown type \(json.shown(type)); there are string, hash, list, set, zset, stream and dump")
  }

  /// Reads a string, with base64 undone; `wanted` says what must be one.
  func string(_ index: Int, _ wanted: String) throws(SeedFault) -> [UInt8] {
    guard json.kind(index) == .string else { throw fault(index, "\(wanted), got \(json.shown(index))") }
    guard isBase64 else { return try checked(json.bytes(index), at: index) }
    return try decoded(index)
  }

  /// Reads an array of strings.
  func strings(_ index: Int, _ wanted: String) throws(SeedFault) -> [[UInt8]] {
    guard json.kind(index) == .array else { throw fault(index, "\(wanted), got \(json.shown(index))") }
    var strings: [[UInt8]] = []
    var next = index + 1
    while next < json.after(index) {
      strings.append(try string(next, wanted))
      next = json.after(next)
    }
    return strings
  }

  /// Lets through what is not longer than Redis stores.
  func checked(_ bytes: [UInt8], at index: Int) throws(SeedFault) -> [UInt8] {
    guard bytes.count <= longestValue else {
      throw fault(index, "\(bytes.count) bytes long; Redis stores at most \(longestValue)")
    }
    return bytes
  }

  func fault(_ index: Int, _ reason: String) -> SeedFault {
    SeedFault(column: json.column(index), reason)
  }

  private func untyped(_ index: Int) throws(SeedFault) -> [UInt8] {
    switch json.kind(index) {
    case .object, .array:
      throw fault(
        index,
        #""value" is \#(json.shown(index)) and "type" is missing; write hash, list, set, zset or stream, "#
          + #"or "json" in place of "value" to store it as JSON"#)
    case .string, .number, .literal: return try text(index)
    }
  }

  private func text(_ index: Int) throws(SeedFault) -> [UInt8] {
    guard json.kind(index) == .string else {
      throw fault(
        index,
        #"a string's "value" stands in quotes, got \#(json.shown(index)); "json" in its place stores it as JSON"#
      )
    }
    return try string(index, "")
  }

  private func payload(_ index: Int) throws(SeedFault) -> [UInt8] {
    guard json.kind(index) == .string else {
      throw fault(index, "a dump's \"value\" must be base64 in quotes, got \(json.shown(index))")
    }
    let payload = try decoded(index)
    guard !payload.isEmpty else { throw fault(index, "an empty dump") }
    return payload
  }

  private func decoded(_ index: Int) throws(SeedFault) -> [UInt8] {
    guard let bytes = json.read(index, { Base64.decode($0) }) else {
      throw fault(index, "not base64 with padding, got \(json.shown(index))")
    }
    return try checked(bytes, at: index)
  }
}
