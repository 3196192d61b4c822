/// What a key of a seed file holds, by Redis' types.
public enum SeedValue: Sendable, Equatable {
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
public struct SeedField: Sendable, Equatable {
  /// The name of the field, byte for byte.
  public var field: [UInt8]
  /// The value of the field, byte for byte.
  public var value: [UInt8]

  /// Creates a field.
  public init(field: [UInt8], value: [UInt8]) {
    self.field = field
    self.value = value
  }
}

/// A member of a sorted set, with its score.
public struct SeedMember: Sendable, Equatable {
  /// The member, byte for byte.
  public var member: [UInt8]
  /// The score as text that Redis takes, such as `1.5`, `1e9`, `inf` or `-inf`; never parsed, so never rounded.
  public var score: [UInt8]

  /// Creates a member.
  public init(member: [UInt8], score: [UInt8]) {
    self.member = member
    self.score = score
  }
}

/// An entry of a stream.
public struct SeedEntry: Sendable, Equatable {
  /// The id as text, such as `1700000000000-0`.
  public var id: [UInt8]
  /// The fields in their order; one may occur twice.
  public var fields: [SeedField]

  /// Creates an entry.
  public init(id: [UInt8], fields: [SeedField]) {
    self.id = id
    self.fields = fields
  }
}
