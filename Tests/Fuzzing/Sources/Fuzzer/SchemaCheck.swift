import TestSupport

@testable import Keyspace

/// Schemas as users write them: one that can be read reads any key, and the segments cover the key.
enum SchemaCheck {
  /// Checks an input: a schema, a separator and keys, a line each. Good where the schema can be read.
  static func check(_ input: [UInt8]) throws(Broken) -> Verdict {
    let lines = input.split(separator: 10, maxSplits: 2, omittingEmptySubsequences: false)
    let schema = String(decoding: lines[0], as: UTF8.self)
    let separator = lines.count > 1 ? String(decoding: lines[1], as: UTF8.self) : ":"
    let keys = lines.count > 2 ? lines[2].split(separator: 10, omittingEmptySubsequences: false) : []
    let schemas: [KeySchema]?
    do throws(KeySchema.Fault) {
      schemas = try KeySchema.parse(schema, separator: separator)
    } catch {
      try Broken.unless(!error.message.isEmpty, "a fault says what is wrong")
      schemas = nil
    }
    try Broken.unless(schemas?.isEmpty != true, "what can be read is a schema")
    // One reader for all keys, as in a scan: what is left over from one must not show in the next.
    var reader = KeyReader(separator: separator, schemas: schemas ?? [])
    for key in keys {
      reader.read(Array(key))
      try check(reader.reading, Array(key), Array(separator.utf8))
      try checkParts(reader.reading, schemas)
    }
    return schemas == nil ? .bad : .good
  }

  private static func check(_ reading: KeyReading, _ key: [UInt8], _ separator: [UInt8]) throws(Broken) {
    let plain = reading.bytes.prefix(reading.length)
    // Braces that are the separator's part keys instead of being passed over.
    let isTagged = !separator.contains(UInt8(ascii: "{")) && !separator.contains(UInt8(ascii: "}"))
    let isKept = plain == withoutHashTag(key)[...] || !isTagged && plain == key[...]
    try Broken.unless(isKept, "the key is kept, without the braces of its hash tag")
    try checkTokens(reading)
  }

  private static func checkTokens(_ reading: KeyReading) throws(Broken) {
    var end = 0
    for token in reading.tokens {
      try Broken.unless(reading.bytes.indices.contains(token.range), "a token lies in the bytes")
      let literal = token.literal
      try Broken.unless(literal.lowerBound >= end, "tokens follow each other")
      try Broken.unless(literal.upperBound <= reading.length, "a token is of the key")
      end = literal.upperBound
    }
    try Broken.unless(end == reading.length, "the tokens reach the end of the key")
    let most = KeyReader.maximumTokens + KeyReader.maximumSegments + 3
    try Broken.unless(
      (1...most).contains(reading.tokens.count), "\(reading.tokens.count) tokens are within bounds")
  }

  private static func checkParts(
    _ reading: KeyReading, _ schemas: [KeySchema]?
  ) throws(Broken) {
    let hasSchema = schemas != nil
    try Broken.unless(hasSchema || reading.matchesSchema, "without schemas there is none to miss")
    let namespace = reading.namespace ?? []
    try Broken.unless(reading.hasNamespace || namespace.isEmpty, "a namespace is one that the key has")
    try Broken.unless(namespace.count <= reading.length, "a namespace is a part of the key")
    if let version = reading.version {
      try Broken.unless(!version.text.isEmpty && !(version < version), "a version is no less than itself")
    }
  }

  /// Redis Cluster specification, "Hash tags": the first `{`, the first `}` after it, and something in between.
  private static func withoutHashTag(_ key: [UInt8]) -> [UInt8] {
    guard let open = key.firstIndex(of: UInt8(ascii: "{")),
      let close = key[open...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
    else { return key }
    return Array(key[..<open] + key[(open + 1)..<close] + key[(close + 1)...])
  }
}

extension Range<Int> {
  /// True where another range, be it empty, lies within this one.
  fileprivate func contains(_ other: Range<Int>) -> Bool {
    other.lowerBound >= lowerBound && other.upperBound <= upperBound
  }
}
