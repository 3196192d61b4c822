import Bytes

/// Reads the values of a record in JSON, by Redis' types.
struct SeedValueReader {
  let json: SeedJSON
  /// Whether every string is in base64.
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

  /// Reads a string and decodes base64; `wanted` is the expectation in a message.
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

  /// Returns the bytes; throws where they are longer than Redis stores.
  func checked(_ bytes: [UInt8], at index: Int) throws(SeedFault) -> [UInt8] {
    guard bytes.count <= longestValue else {
      throw fault(index, "\(bytes.count) bytes long; Redis stores at most \(longestValue)")
    }
    return bytes
  }

  private func fault(_ index: Int, _ reason: String) -> SeedFault {
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
        #"a string's "value" must be in quotes, got \#(json.shown(index)); "json" in its place stores it as JSON"#
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

/// The collections, none of which may be empty: Redis keeps no empty key.
extension SeedValueReader {
  /// Reads a list or a set.
  private func elements(_ index: Int, _ name: String) throws(SeedFault) -> [[UInt8]] {
    let elements = try strings(
      index, "\(name) is an array of strings in quotes")
    return try filled(elements, index, name)
  }

  /// Reads fields from an object or from pairs of field and value, in which a field may occur twice.
  private func fields(_ index: Int, _ name: String) throws(SeedFault) -> [SeedField] {
    var fields: [SeedField] = []
    let wanted = "\(name) holds strings in quotes"
    switch json.kind(index) {
    case .object:
      var next = index + 1
      while next < json.after(index) {
        fields.append(SeedField(field: try string(next, wanted), value: try string(next + 1, wanted)))
        next = json.after(next + 1)
      }
    case .array:
      var next = index + 1
      while next < json.after(index) {
        let (field, value) = try pair(next, "\(name) is an object, or an array of [field, value]")
        fields.append(SeedField(field: try string(field, wanted), value: try string(value, wanted)))
        next = json.after(next)
      }
    case .string, .number, .literal: throw fault(index, "\(name) is an object, got \(json.shown(index))")
    }
    return try filled(fields, index, name)
  }

  /// Reads a sorted set from pairs of member and score.
  private func scoredMembers(_ index: Int) throws(SeedFault) -> [SeedMember] {
    let wanted = "a zset is an array of [member, score]"
    guard json.kind(index) == .array else { throw fault(index, "\(wanted), got \(json.shown(index))") }
    var members: [SeedMember] = []
    var next = index + 1
    while next < json.after(index) {
      let (member, score) = try pair(next, wanted)
      let text = try self.score(score)
      members.append(
        SeedMember(member: try string(member, "a zset's members are strings in quotes"), score: text))
      next = json.after(next)
    }
    return try filled(members, index, "a zset")
  }

  /// Reads the score of a member.
  func score(_ index: Int) throws(SeedFault) -> [UInt8] {
    let kind = json.kind(index)
    guard kind == .number || kind == .string, json.read(index, { SeedNumber.isScore($0) }) else {
      throw fault(
        index, "a score is a number that a double can hold, \"inf\" or \"-inf\", got \(json.shown(index))")
    }
    return json.bytes(index)
  }

  /// Reads a stream from pairs of id and fields.
  private func entries(_ index: Int) throws(SeedFault) -> [SeedEntry] {
    let wanted = "a stream is an array of [id, {field: value}]"
    guard json.kind(index) == .array else { throw fault(index, "\(wanted), got \(json.shown(index))") }
    var entries: [SeedEntry] = []
    var last = SeedStreamID.zero
    var next = index + 1
    while next < json.after(index) {
      let (place, content) = try pair(next, wanted)
      guard json.kind(place) == .string, let id = json.read(place, { SeedStreamID($0) }) else {
        throw fault(place, "an entry's id must be like \"1700000000000-0\", got \(json.shown(place))")
      }
      guard id > last else {
        throw fault(place, "an entry's id must be larger than the one before, got \(json.shown(place))")
      }
      last = id
      entries.append(SeedEntry(id: json.bytes(place), fields: try fields(content, "an entry")))
      next = json.after(next)
    }
    return try filled(entries, index, "a stream")
  }

  private func filled<Element>(_ elements: [Element], _ index: Int, _ name: String) throws(SeedFault)
    -> [Element]
  {
    guard !elements.isEmpty else { throw fault(index, "\(name) without content; Redis keeps no empty key") }
    return elements
  }

  /// The indices of the two values of an array.
  private func pair(_ index: Int, _ wanted: String) throws(SeedFault) -> (Int, Int) {
    if json.kind(index) == .array, json.after(index) > index + 1 {
      let second = json.after(index + 1)
      if second < json.after(index), json.after(second) == json.after(index) { return (index + 1, second) }
    }
    throw fault(index, "\(wanted), got \(json.kind(index) == .array ? "another array" : json.shown(index))")
  }
}
