import Bytes

/// Makes a record of one JSON object.
///
/// Interprets the members; `SeedValueReader` reads the values of collections.
struct SeedRecordReader {
  /// Whether every line is one of redis-dump, also where it lacks `db` or `size`.
  let isRedisDump: Bool
  /// The longest key, string, field or payload in bytes: Redis' proto-max-bulk-len.
  let longestValue: Int

  /// The record of the object that was parsed last from a line.
  func record(_ json: SeedJSON, line: Range<Int>, of buffer: Span<UInt8>) throws(SeedFault) -> SeedRecord {
    let members = try SeedMembers(json, allowRedisDump: isRedisDump)
    let values = SeedValueReader(
      json: json, isBase64: try isBase64(json, members), longestValue: longestValue)
    guard let key = members[.key] else { throw SeedFault(column: 0, #""key" is missing"#) }
    var record = SeedRecord(
      key: try values.string(key, #""key" must be a string"#), value: .string([]),
      expiry: try SeedExpiryReader(json).expiry(members))
    record.database = try database(json, members)
    if let tags = members[.tags] {
      record.tags = try values.strings(tags, #""tags" must be an array of strings"#)
    }
    if let memberships = members[.memberships] {
      record.memberships = try SeedMembershipReader(values: values).memberships(memberships)
    }

    switch (members[.value], members[.json]) {
    case (let value?, nil):
      record.value = try values.value(value, members)
    case (nil, let value?):
      let text = try compactJSON(json, at: value, of: members, line: line, in: buffer)
      record.value = .string(try values.checked(text, at: value))
      record.isJSON = true
    case (_?, let value?):
      throw SeedFault(column: json.column(value), #""value" and "json" exclude each other"#)
    case (nil, nil): throw SeedFault(column: 0, #""value" is missing"#)
    }
    return record
  }

  /// What a `json` member holds, as text without white space.
  private func compactJSON(
    _ json: SeedJSON, at value: Int, of members: SeedMembers, line: Range<Int>, in buffer: Span<UInt8>
  ) throws(SeedFault) -> [UInt8] {
    if let encoding = members[.encoding] {
      throw SeedFault(column: json.column(encoding), #""json" is text and goes without "encoding""#)
    }
    if let type = members[.type], !json.read(type, { SeedMemberName.equal($0, "string") }) {
      throw SeedFault(column: json.column(type), #""json" is stored as a string; leave "type" away"#)
    }
    return SeedCompactJSON.text(buffer.extracting(line.lowerBound + json.column(value)..<line.upperBound))
  }

  private func database(_ json: SeedJSON, _ members: SeedMembers) throws(SeedFault) -> Int? {
    guard let place = members[.db] else { return nil }
    let number = json.kind(place) == .number ? json.read(place) { SeedNumber.database($0) } : nil
    if let number { return number }
    throw SeedFault(
      column: json.column(place), #""db" must be the number of a database, got \#(json.shown(place))"#)
  }

  private func isBase64(_ json: SeedJSON, _ members: SeedMembers) throws(SeedFault) -> Bool {
    guard let encoding = members[.encoding] else { return false }
    guard json.kind(encoding) == .string, json.read(encoding, { SeedMemberName.equal($0, "base64") }) else {
      throw SeedFault(column: json.column(encoding), #""encoding" can only be "base64""#)
    }
    return true
  }
}

/// Removes the white space from JSON and leaves everything else as written.
private enum SeedCompactJSON {
  /// The text of the value at the start of bytes that are known to be valid JSON.
  static func text(_ source: Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var depth = 0
    var position = 0
    while position < source.count {
      let byte = source[position]
      switch byte {
      case .quote:
        let end = endOfString(source, at: position)
        source.extracting(position..<end).withUnsafeBufferPointer { text.append(contentsOf: $0) }
        position = end
        if depth == 0 { return text }
        continue
      case .openBracket, UInt8(ascii: "{"):
        depth += 1
      case .closeBracket, UInt8(ascii: "}"):
        // The end of what holds a number or a literal.
        guard depth > 0 else { return text }
        depth -= 1
        if depth == 0 { return text + [byte] }
      case UInt8(ascii: ",") where depth == 0:
        return text
      case 0x20, 0x09, 0x0A, 0x0D:
        position += 1
        continue
      default: break
      }
      text.append(byte)
      position += 1
    }
    return text
  }

  /// The index behind the closing quote.
  private static func endOfString(_ source: Span<UInt8>, at start: Int) -> Int {
    var position = start + 1
    while position < source.count, source[position] != .quote {
      position += source[position] == .backslash ? 2 : 1
    }
    return min(position + 1, source.count)
  }
}
