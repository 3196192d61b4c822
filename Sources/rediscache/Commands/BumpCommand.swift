import Configuration
import Operations
import RedisClient
import Reporting

/// `rediscache invalidate --bump KEY`: a new generation.
struct BumpCommand {
  let key: [UInt8]
  let removing: InvalidateOptions
  let output: OutputOptions
  let connection: ConnectionOptions
  let profile: Profile?

  func run() throws {
    let session = try Session(connection, output, profile, writes: true)
    let guardian = WriteGuard(
      session: session, consent: removing.guards.consent, nothing: "nothing was removed")
    try guardian.check()
    let file = try ReportFile(output, removing.guards.form.format)
    let operation = BumpOperation(
      key: key, isDryRun: removing.guards.dryRun, of: session.target(allDatabases: false),
      context: session.context()
    )
    let outcome: BumpOperation<Connection>.Outcome
    let asks = guardian.mustAsk
    do {
      outcome = try operation.run { report in
        guard asks else { return true }
        StandardError.write(report.text)
        return guardian.ask("Count up \(report.keyText) on \(session.locator.description)?")
      }
    } catch { throw session.failure(error) }
    try file.write(outcome.report)
    if outcome.isDeclined { throw Failure(.partial, "not confirmed: nothing was changed") }
    try session.conclude(outcome.report.header, failure: outcome.failure)
  }
}
