/// One key of a seed file, as `warm` loads it and `export` writes it.
package struct SeedRecord: Sendable, Equatable {
  /// The name of the key, byte for byte.
  package var key: [UInt8]
  /// What the key holds.
  package var value: SeedValue
  /// When the key expires.
  package var expiry: SeedExpiry
  /// Names under which applications invalidate the key, byte for byte.
  package var tags: [[UInt8]]

  /// True where the file has the value as `json`: a string that is JSON text.
  package var isJSON = false

  /// Creates a record; without more it says nothing of its expiry and has no tags.
  package init(key: [UInt8], value: SeedValue, expiry: SeedExpiry = .unstated, tags: [[UInt8]] = []) {
    self.key = key
    self.value = value
    self.expiry = expiry
    self.tags = tags
  }
}

/// When the key of a seed record expires.
package enum SeedExpiry: Sendable, Equatable {
  /// Not stated: the command that loads the record decides.
  case unstated
  /// The key does not expire.
  case never
  /// The key expires this many milliseconds after it is written; more than 0.
  case after(milliseconds: Int64)
  /// The key expires at this time, in milliseconds since 1970 (UTC).
  case at(milliseconds: Int64)
}
