/// One thing that a record of a dump is made of, and what it is good for.
enum RecordStep: Equatable {
  /// A string.
  case text(TextRole)
  /// A number that is written as a length.
  case number(NumberRole)
  /// A little-endian number of this many bytes, or bytes of which only the first eight matter.
  case fixed(Int, NumberRole)
  /// A score in decimals: a byte with its length, or with an infinity.
  case score
  /// How many times the next steps follow, of which there are so many.
  case loop(Int, LoopRole)
  /// What a module has written, up to its mark of the end.
  case module
}

/// What a string of a record is.
enum TextRole: Equatable {
  /// Nothing that is looked at.
  case ignored
  /// The name of a key.
  case name
  /// The name of a fact about the file.
  case factName
  /// The value of a fact about the file.
  case fact
  /// The source of a function library.
  case library
  /// The value of a string.
  case string
  /// An element of a list.
  case item
  /// A member of a set.
  case member
  /// A member of a sorted set.
  case scored
  /// A field of a hash.
  case field
  /// The value of a field.
  case fieldValue
  /// Elements in one piece.
  case pack(PackFormat)
  /// A node of a list: one element or a listpack, as the number before says.
  case node
  /// The entries of a node of a stream.
  case streamNode
  /// The name of a consumer.
  case consumer
}

/// What a number of a record is.
enum NumberRole: Equatable {
  case ignored
  /// The number of a database.
  case database
  /// An expiry in seconds.
  case expirySeconds
  /// An expiry in milliseconds.
  case expiry
  /// Seconds since the last use.
  case idle
  /// The logarithmic count of uses.
  case frequency
  /// The form of a node of a list.
  case container
  /// The entries of a stream.
  case entries
  /// A module's name and version.
  case module
  /// The expiry of a field, 0 where it has none.
  case fieldExpiry
  /// The expiry of a field, -1 where it has none.
  case signedFieldExpiry
}

/// What is repeated.
enum LoopRole {
  /// Something that is no element.
  case other
  /// The elements of the value.
  case elements
  /// Nodes, each of which holds elements.
  case nodes
  /// The groups of a stream.
  case groups
  /// Entries that a group has not acknowledged.
  case pending
  /// Those of them that a consumer has.
  case consumerPending
}

/// How elements lie in one piece.
enum PackFormat: Equatable {
  case listpack
  case ziplist
  case zipmap
  case intset
}
