import ArgumentParser

/// Where a run that writes records what it has done, so that another can resume it.
struct JournalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Record what is done in this new file, for --resume.", valueName: "file"),
    completion: .file())
  var journal: String?
  @Option(help: ArgumentHelp("Resume the run of this journal.", valueName: "file"), completion: .file())
  var resume: String?

  func validate() throws {
    if journal != nil, resume != nil {
      throw ValidationError("--resume has its own journal: leave out --journal")
    }
  }

  var isGiven: Bool { path != nil }

  /// The journal, be it new or not.
  var path: String? { resume ?? journal }

  /// The files that no other option may name.
  var files: [(option: OptionName?, path: String?)] { [(.journal, journal), (.resume, resume)] }
}
