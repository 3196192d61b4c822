/// A command that a report suggests to run next: a value that the program spells for a shell.
package struct SuggestedCommand: Sendable, Equatable {
  /// The commands that are suggested.
  package enum Verb: String, Sendable {
    case scan, ttl, stats, hits, doctor, invalidate, warm
    /// A command of the server's own, by its command-line client.
    case server
  }

  /// What is run.
  package let verb: Verb
  /// Its options, in the order in which they are spelled.
  package let options: [SuggestedOption]

  /// Makes a command.
  package init(_ verb: Verb, _ options: [SuggestedOption]) {
    self.verb = verb
    self.options = options
  }
}

/// One option of a suggested command, with its value.
package enum SuggestedOption: Sendable, Equatable {
  /// An argument or option of the run that no suggestion changes, as the program spells it: an address, a file, a pattern.
  case given([String])

  // Which keys.

  /// The keys of a namespace, as `NamespaceChoice` reads it.
  case namespace(String)
  /// The keys of a template, as a report shows it.
  case template(String)
  /// The keys with a segment of a number, as `SegmentChoice` reads it.
  case segment(Int, String)
  /// The keys of some versions, as `VersionChoice` reads them.
  case keyVersion(String)
  /// The keys of a type.
  case type(String)
  /// The keys that never expire.
  case noTTL
  /// The keys that expire after more than this many milliseconds.
  case ttlAbove(milliseconds: Int64)
  /// The keys that expire within this many milliseconds.
  case ttlBelow(milliseconds: Int64)
  /// The keys that expire at a moment or later, in milliseconds since 1970.
  case expiresAfter(milliseconds: Int64)
  /// The keys that expire before a moment, in milliseconds since 1970.
  case expiresBefore(milliseconds: Int64)
  /// The keys that were not used for more than this many milliseconds.
  case idleAbove(milliseconds: Int64)
  /// How names are read: a schema.
  case schema(String)

  // Where they are read.

  /// A dump file in place of a server.
  case dump(String)
  /// Every database of the server.
  case allDatabases
  /// One database of the server.
  case database(Int)
  /// The primary, or a replica.
  case readFrom(replica: Bool)

  // What is asked of a server itself.

  /// A server, as reports name it.
  case node(String)
  /// A command of the server's own, word by word.
  case serverCommand([String])

  // What is shown of them.

  /// What the groups are.
  case grouping(ScanGrouping)
  /// The keys one by one.
  case list
  /// The number of largest keys that are listed.
  case biggest(Int)
  /// The groups with most memory first.
  case mostMemoryFirst
  /// The number of groups that a table shows.
  case top(Int)
  /// The time between two readings, in milliseconds.
  case interval(milliseconds: Int64)
  /// A reading every few seconds.
  case watch

  // What is done to them.

  /// Nothing is written.
  case dryRun
  /// The keys expire within this many milliseconds, in place of being removed.
  case expireWithin(milliseconds: Int64)
  /// The number of keys that there must be.
  case expect(Int)
  /// No question is asked.
  case yes

  /// True where a command has room for one of both only: they are the same option, whatever their values.
  package func replaces(_ other: SuggestedOption) -> Bool {
    switch (self, other) {
    case (.namespace, .namespace), (.template, .template), (.expiresAfter, .expiresAfter),
      (.expiresBefore, .expiresBefore), (.keyVersion, .keyVersion), (.type, .type), (.ttlAbove, .ttlAbove),
      (.ttlBelow, .ttlBelow), (.idleAbove, .idleAbove), (.readFrom, .readFrom), (.grouping, .grouping),
      (.biggest, .biggest), (.top, .top), (.interval, .interval), (.expireWithin, .expireWithin),
      (.expect, .expect), (.segment, .segment), (.database, .database), (.node, .node):
      true
    case (.given, _), (.schema, _), (.dump, _): false
    default: self == other
    }
  }
}
