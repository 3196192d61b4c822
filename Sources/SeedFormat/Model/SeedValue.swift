/// What a key of a seed file holds, by Redis' types.
package enum SeedValue: Sendable, Equatable {
  /// A string.
  case string([UInt8])
  /// A hash; where a field occurs twice the later value wins.
  case hash([SeedField])
  /// A list, from head to tail.
  case list([[UInt8]])
  /// A set; members that occur twice count once.
  case set([[UInt8]])
  /// A sorted set; where a member occurs twice the later score wins.
  case sortedSet([SeedMember])
  /// A stream, oldest entry first.
  case stream([SeedEntry])
  /// The payload of DUMP, for RESTORE.
  case dump([UInt8])
}

/// A field of a hash or of a stream's entry, with its value.
package struct SeedField: Sendable, Equatable {
  /// The name of the field, byte for byte.
  package var field: [UInt8]
  /// The value of the field, byte for byte.
  package var value: [UInt8]

  /// Creates a field.
  package init(field: [UInt8], value: [UInt8]) {
    self.field = field
    self.value = value
  }
}

/// A member of a sorted set, with its score.
package struct SeedMember: Sendable, Equatable {
  /// The member, byte for byte.
  package var member: [UInt8]
  /// The score as text that Redis takes, such as `1.5`, `1e9`, `inf` or `-inf`; never parsed, so never rounded.
  package var score: [UInt8]

  /// Creates a member.
  package init(member: [UInt8], score: [UInt8]) {
    self.member = member
    self.score = score
  }
}

/// An entry of a stream.
package struct SeedEntry: Sendable, Equatable {
  /// The id as text, such as `1700000000000-0`.
  package var id: [UInt8]
  /// The fields in their order; one may occur twice.
  package var fields: [SeedField]

  /// Creates an entry.
  package init(id: [UInt8], fields: [SeedField]) {
    self.id = id
    self.fields = fields
  }
}
