/// What an option is for. It decides where an option is repeated or compared: see ``OptionUse``.
enum OptionRole {
  /// Where to connect, and as whom.
  case target
  /// Which dump files are read in place of a server, and how.
  case dump
  /// How long the run may take; another run has its own limits.
  case time
  /// Which keys, and how their names are read.
  case keys
  /// Which databases.
  case databases
  /// What is counted together, and how much of it is measured.
  case measuring
  /// What is done to each key or record.
  case action
  /// How hard the server is worked.
  case pace
  /// How much may be done at most, or at once.
  case bound
  /// How many keys there should be.
  case expectation
  /// What is kept of the keys that are removed or replaced.
  case copy
  /// What only the run has, and not its dry run: consent, verification, rejected records.
  case run
  /// The journal.
  case record
  /// What concerns one run and its output only.
  case display
}

/// Where the options of a run are needed again.
enum OptionUse {
  /// A command that a report suggests: the same keys on the same server.
  case suggestion
  /// The run that a dry run was made for.
  case afterDryRun
  /// The comparison of a checkpoint with the scan that resumes it.
  case checkpoint
  /// The comparison of a journal with the run that resumes it. The server is compared by its address.
  case journal
  /// The command that resumes a run. What was expected still holds where nothing was removed.
  case resumption(removedNothing: Bool)

  /// True where the option is repeated or compared.
  func takes(_ role: OptionRole) -> Bool {
    switch (self, role) {
    case (.suggestion, .target), (.suggestion, .dump), (.suggestion, .keys), (.suggestion, .databases): true
    case (.afterDryRun, .target), (.afterDryRun, .keys), (.afterDryRun, .databases), (.afterDryRun, .action),
      (.afterDryRun, .pace),
      (.afterDryRun, .bound), (.afterDryRun, .copy), (.afterDryRun, .run), (.afterDryRun, .record):
      true
    case (.checkpoint, .keys), (.checkpoint, .databases), (.checkpoint, .measuring): true
    case (.journal, .keys), (.journal, .databases), (.journal, .action), (.journal, .copy): true
    case (.resumption(let removedNothing), .expectation): removedNothing
    case (.resumption, .target), (.resumption, .keys), (.resumption, .databases), (.resumption, .action),
      (.resumption, .pace),
      (.resumption, .bound), (.resumption, .copy), (.resumption, .run), (.resumption, .record):
      true
    default: false
    }
  }
}
