import ArgumentParser
import Operations

/// Where an inspecting command notes its own lookups, so that `stats` can subtract them.
struct StatsLookupOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Note this run's own lookups in the file of stats --state, which then subtracts them.",
      valueName: "file"),
    completion: .file())
  var state: String?

  /// Sees that the file can be used, before a walk that may take long.
  func prepare() throws {
    guard let state else { return }
    _ = try StatsStateFile(state).decoded()
  }

  /// Notes what a command looked up.
  func note(_ account: StatsLookupAccount?, _ session: Session) throws {
    guard let state, let account else { return }
    let file = try StatsStateFile(state)
    do {
      try file.replace(with: account.noted(in: file.decoded(), begun: session.begun))
    } catch let refusal as StatsState.Refusal {
      throw StatsStateFile.failure(refusal, state, session)
    }
  }
}
