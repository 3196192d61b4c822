/// An option that a sentence mentions. Operations do not know how it is spelled; the program does.
package enum MentionedOption: Sendable {
  /// The bound on removed keys.
  case keyLimit
  /// The number of keys that there should be.
  case expectedCount
  /// The end of a warming once the server evicts keys.
  case evictionStop
  /// Every database, each record in its own.
  case allDatabases
  /// The envelope around strings.
  case envelope
  /// The export of values as DUMP gives them.
  case dump
  /// Notifications that are switched on for the time of a run.
  case notifications
}
