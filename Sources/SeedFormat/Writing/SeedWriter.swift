import Bytes

/// Writes seed records as JSON lines, which `SeedReader` reads back unchanged.
package enum SeedWriter {
  /// Appends a record as one line of JSON with its line end.
  ///
  /// The members are `key`, `type`, `value`, `encoding`, `ttl`, `expires_at`, `db`, `tags` and `memberships`, in this
  /// order. Where the key, a tag, a membership or any string of the value is not valid UTF-8, all of them are written in
  /// base64 and `encoding` says so; the payload of a dump is always base64. A hash or an entry in which a field occurs twice is written as pairs.
  ///
  /// `.after` is written as whole seconds, rounded up. Appends into the buffer without a `String` in between.
  package static func append(_ record: SeedRecord, to bytes: inout [UInt8]) {
    let output = SeedLine(isBinary: isBinary(record))
    output.append(#"{"key":"#, to: &bytes)
    output.append(record.key, to: &bytes)
    append(record.value, output, to: &bytes)
    if output.isBinary { output.append(#","encoding":"base64""#, to: &bytes) }
    append(record.expiry, output, to: &bytes)
    if let database = record.database { output.append(#","db":\#(database)"#, to: &bytes) }
    if !record.tags.isEmpty {
      output.append(#","tags":"#, to: &bytes)
      output.append(record.tags, to: &bytes)
    }
    if !record.memberships.isEmpty {
      output.append(#","memberships":"#, to: &bytes)
      output.append(record.memberships, to: &bytes)
    }
    output.append("}\n", to: &bytes)
  }

  private static func isBinary(_ record: SeedRecord) -> Bool {
    guard isText(record.key), record.tags.allSatisfy(isText),
      record.memberships.allSatisfy({ isText($0.set) && isText($0.member) })
    else { return true }
    return switch record.value {
    case .string(let value): !isText(value)
    case .hash(let fields): !fields.allSatisfy { isText($0.field) && isText($0.value) }
    case .list(let elements), .set(let elements): !elements.allSatisfy(isText)
    case .sortedSet(let members): !members.allSatisfy { isText($0.member) }
    case .stream(let entries):
      !entries.allSatisfy { $0.fields.allSatisfy { isText($0.field) && isText($0.value) } }
    case .dump: false
    }
  }

  private static func isText(_ bytes: [UInt8]) -> Bool { UTF8Text.isValid(bytes) }

  private static func append(_ value: SeedValue, _ output: SeedLine, to bytes: inout [UInt8]) {
    switch value {
    case .string(let value):
      output.append(#","type":"string","value":"#, to: &bytes)
      output.append(value, to: &bytes)
    case .hash(let fields):
      output.append(#","type":"hash","value":"#, to: &bytes)
      output.append(fields, to: &bytes)
    case .list(let elements):
      output.append(#","type":"list","value":"#, to: &bytes)
      output.append(elements, to: &bytes)
    case .set(let members):
      output.append(#","type":"set","value":"#, to: &bytes)
      output.append(members, to: &bytes)
    case .sortedSet(let members):
      output.append(#","type":"zset","value":"#, to: &bytes)
      output.append(members, to: &bytes)
    case .stream(let entries):
      output.append(#","type":"stream","value":"#, to: &bytes)
      output.append(entries, to: &bytes)
    case .dump(let payload):
      output.append(#","type":"dump","value":"#, to: &bytes)
      SeedLine(isBinary: true).append(payload, to: &bytes)
    }
  }

  private static func append(_ expiry: SeedExpiry, _ output: SeedLine, to bytes: inout [UInt8]) {
    switch expiry {
    case .unstated: break
    case .never: output.append(#","ttl":-1"#, to: &bytes)
    case .after(let milliseconds):
      let seconds = milliseconds / 1000 + (milliseconds % 1000 > 0 ? 1 : 0)
      output.append(#","ttl":"#, to: &bytes)
      output.append(max(1, seconds).description, to: &bytes)
    case .at(let milliseconds):
      output.append(#","expires_at":"#, to: &bytes)
      output.append(milliseconds.description, to: &bytes)
    }
  }
}
