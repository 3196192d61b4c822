import Operations
import RedisClient
import Reporting

/// `rediscache invalidate --bump KEY`: a new generation.
struct BumpCommand {
  let key: [UInt8]
  let removing: InvalidateOptions
  let output: OutputOptions
  let connection: ConnectionOptions

  func run() throws {
    let session = try Session(connection, output, writes: true)
    let guardian = RemovalGuard(session: session, removing: removing)
    try guardian.check()
    let file = try ReportFile(output, removing.form.format)
    let operation = BumpOperation(
      key: key, isDryRun: removing.dryRun, of: session.target(allDatabases: false), context: session.context()
    )
    let outcome: BumpOperation<Connection>.Outcome
    let asks = guardian.confirmation != nil
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
