/// What a warning of a report advises to do; the program names the option that does it.
package enum ReportAdvice: Sendable {
  /// Hold more groups in memory.
  case holdMoreGroups
  /// List the largest keys.
  case listBiggestKeys
  /// Measure collections whole.
  case measureWholeCollections
  /// Say that one node of a cluster is meant alone.
  case meanThisNode
  /// Look at every database.
  case readEveryDatabase
  /// Name another database, for a run of its own.
  case chooseDatabase
}

/// What a report cannot word by itself, because only the program knows how commands and options are spelled.
package struct ReportWording: Sendable {
  /// Spells a command as one line for a shell.
  package let spell: @Sendable (SuggestedCommand) -> String
  /// A sentence that says how every key is measured.
  package let everyKey: String
  /// A clause that says where the remarks are that a table leaves out.
  package let everyRemark: String

  /// Makes the words.
  package init(
    everyKey: String, everyRemark: String, spell: @escaping @Sendable (SuggestedCommand) -> String
  ) {
    self.everyKey = everyKey
    self.everyRemark = everyRemark
    self.spell = spell
  }

  /// A reason that follows the word "stopped", which it does not repeat.
  static func behindStopped(_ reason: String) -> String {
    let lead = "stopped "
    return reason.hasPrefix(lead) ? String(reason.dropFirst(lead.count)) : reason
  }
}
