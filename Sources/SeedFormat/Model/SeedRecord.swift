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
  /// The sets that the key was a member of when it was saved.
  package var memberships: [SeedMembership] = []

  /// The number of the database that the record belongs to; nil where the file does not say.
  package var database: Int?

  /// True where the file has the value as `json`: a string that is JSON text.
  package var isJSON = false

  /// Creates a record; without more it says nothing of its expiry and its database, and has no tags.
  package init(
    key: [UInt8], value: SeedValue, expiry: SeedExpiry = .unstated, tags: [[UInt8]] = [], database: Int? = nil
  ) {
    self.key = key
    self.database = database
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

extension SeedExpiry {
  /// The longest time to live, and the last moment, in milliseconds: 290 million years, as far as Redis' 64 bits reach
  /// from today on without an overflow.
  package static let longest: Int64 = 9_200_000_000_000_000_000

  /// The expiry of a key that has this many milliseconds left, at least 1 and at most ``longest``.
  package init(left milliseconds: Int64) {
    self = .after(milliseconds: min(max(1, milliseconds), SeedExpiry.longest))
  }
}
