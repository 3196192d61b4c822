import Bytes

/// How the strings of one seed record are written: as JSON text, or in base64.
struct SeedLine {
  let isBinary: Bool

  /// Appends text that is JSON already.
  func append(_ json: String, to bytes: inout [UInt8]) { bytes.append(contentsOf: json.utf8) }

  /// Appends one string with its quotes.
  func append(_ string: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(.quote)
    if isBinary {
      Base64.append(string, to: &bytes)
    } else {
      JSONText.append(string, to: &bytes)
    }
    bytes.append(.quote)
  }

  /// Appends an array of strings.
  func append(_ strings: [[UInt8]], to bytes: inout [UInt8]) {
    appendArray(strings, to: &bytes) { append($0, to: &$1) }
  }

  /// Appends fields as an object, or as pairs where one occurs twice, which an object cannot hold.
  func append(_ fields: [SeedField], to bytes: inout [UInt8]) {
    if SeedLine.hasTwins(fields) {
      return appendArray(fields, to: &bytes) { append([$0.field, $0.value], to: &$1) }
    }
    var separator = UInt8(ascii: "{")
    for field in fields {
      bytes.append(separator)
      append(field.field, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      append(field.value, to: &bytes)
      separator = UInt8(ascii: ",")
    }
    append(fields.isEmpty ? "{}" : "}", to: &bytes)
  }

  /// Appends the members of a sorted set as pairs of member and score.
  func append(_ members: [SeedMember], to bytes: inout [UInt8]) {
    appendArray(members, to: &bytes) { member, bytes in
      bytes.append(.openBracket)
      append(member.member, to: &bytes)
      bytes.append(UInt8(ascii: ","))
      appendScore(member.score, to: &bytes)
      bytes.append(.closeBracket)
    }
  }

  /// Appends memberships as objects.
  func append(_ memberships: [SeedMembership], to bytes: inout [UInt8]) {
    appendArray(memberships, to: &bytes) { membership, bytes in
      append(#"{"set":"#, to: &bytes)
      append(membership.set, to: &bytes)
      append(#","member":"#, to: &bytes)
      append(membership.member, to: &bytes)
      if let score = membership.score {
        append(#","score":"#, to: &bytes)
        appendScore(score, to: &bytes)
      }
      if let moment = membership.setExpiresAt { append(#","set_expires_at":\#(moment)"#, to: &bytes) }
      append("}", to: &bytes)
    }
  }

  /// Appends a score as a number. Infinities have none in JSON, nor have texts such as `+1`, which Redis takes all the
  /// same.
  private func appendScore(_ score: [UInt8], to bytes: inout [UInt8]) {
    if score.lend(SeedNumber.isJSON) {
      bytes.append(contentsOf: score)
    } else {
      bytes.append(.quote)
      JSONText.append(score, to: &bytes)
      bytes.append(.quote)
    }
  }

  /// Appends the entries of a stream as pairs of id and fields.
  func append(_ entries: [SeedEntry], to bytes: inout [UInt8]) {
    appendArray(entries, to: &bytes) { entry, bytes in
      bytes.append(.openBracket)
      bytes.append(.quote)
      JSONText.append(entry.id, to: &bytes)
      bytes.append(.quote)
      bytes.append(UInt8(ascii: ","))
      append(entry.fields, to: &bytes)
      bytes.append(.closeBracket)
    }
  }

  private func appendArray<Element>(
    _ elements: [Element], to bytes: inout [UInt8], _ appendElement: (Element, inout [UInt8]) -> Void
  ) {
    bytes.append(.openBracket)
    var isFirst = true
    for element in elements {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      appendElement(element, &bytes)
      isFirst = false
    }
    bytes.append(.closeBracket)
  }

  private static func hasTwins(_ fields: [SeedField]) -> Bool {
    guard fields.count > 8 else {
      return fields.indices.contains { index in
        fields[..<index].contains { $0.field == fields[index].field }
      }
    }
    return Set(fields.map(\.field)).count < fields.count
  }
}
