import ArgumentParser

/// The root of the command tree: what it offers, by purpose.
struct RediscacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rediscache",
    abstract: "Audit and invalidate Redis and Valkey caches.",
    discussion: "Topics: rediscache help \(HelpTopic.allCases.map(\.rawValue).joined(separator: " | "))",
    version: ToolVersion.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Inspect",
        subcommands: [
          ScanCommand.self, TTLCommand.self, StatsCommand.self, HitsCommand.self, DoctorCommand.self,
          InspectCommand.self,
        ]),
      CommandGroup(
        name: "Operate", subcommands: [InvalidateCommand.self, WarmCommand.self, ExportCommand.self]),
      CommandGroup(name: "Settings", subcommands: [ProfileCommand.self]),
    ],
    helpNames: [.short, .long]
  )

  /// Without a subcommand: what there is to do.
  func run() throws { try StandardOutput.write(CommandHelp.root) }
}

/// The version of the tool.
enum ToolVersion {
  static let text = "0.1.0"
}
