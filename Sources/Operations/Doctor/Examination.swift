import RedisClient
import Reporting

/// All that is known when the rules are applied: an immutable value.
struct Examination {
  let nodes: [NodeFacts]
  /// The figures of all servers together.
  let totals: StatsReport.Figures
  /// How the target was reached.
  var access = DoctorRequest.Access()
  /// Slots that no node has, and nodes that could not be read.
  var uncoveredSlots: String?
  var unread: [StatsReport.Unread] = []
  /// What a scan found, or why there was none.
  var scan: Fact<ScanReport> = .failure(.skipped("keys were not looked at"))
  /// The options that lead to the same target again, for suggested commands.
  var commandContext: [SuggestedOption] = []

  /// A command of this tool on the same target.
  func command(
    _ verb: SuggestedCommand.Verb, _ options: [SuggestedOption] = []
  ) -> SuggestedCommand? {
    CommandSuggester(verb: .doctor, context: commandContext).command(verb, options)
  }

  /// A command of the server's own.
  func server(_ node: NodeFacts, _ words: String...) -> SuggestedCommand {
    SuggestedCommand(.server, [.node(node.address), .serverCommand(words)])
  }

  /// The judge that `stats` uses, of one server: its words are the same here.
  func judge(_ node: NodeFacts) -> StatsVerdict {
    StatsVerdict(figures: node.figures, commandContext: commandContext)
  }

  /// A kind of finding of the scan.
  func scanned(_ id: String) -> [ReportFinding] {
    (try? scan.get())?.findings.filter { $0.id == id } ?? []
  }
}
