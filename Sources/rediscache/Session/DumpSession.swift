import Bytes
import Operations
import Quantities
import RedisClient
import Reporting

/// What a command needs that reads dump files in place of a server.
struct DumpSession {
  let dump: DumpOptions
  let connection: ConnectionOptions
  let output: OutputOptions
  let progress = ProgressLine()

  /// The files, opened.
  func request(allDatabases: Bool) throws -> DumpRequest {
    var request = DumpRequest(files: try dump.files.map(open), wallClock: Environment.wallClock)
    request.databases = allDatabases ? .all : .only(connection.db ?? 0)
    request.databasesAreChosen = allDatabases || connection.db != nil
    request.moment = dump.asOf ?? .written
    request.checksChecksums = !dump.noChecksum
    return request
  }

  private func open(_ path: String) throws -> DumpFile {
    if path == "-", Descriptor.standardInput.isTerminal {
      throw Failure(
        .usage, "standard input is a terminal", hints: ["send a dump: redis-cli --rdb - | rediscache …"])
    }
    let file = try SeedFile(path)
    guard file.identity != nil else { return DumpFile(path: name(path), source: file, reopen: nil) }
    return DumpFile(path: name(path), source: file) { () throws(SeedSourceError) in
      do { return try SeedFile(path) } catch {
        throw SeedSourceError("cannot read \(KeyText.quoted(path)) again")
      }
    }
  }

  private func name(_ path: String) -> String { path == "-" ? "standard input" : path }

  /// The run's bounds, and where its progress goes.
  func context() -> RunContext {
    .ofProcess(output, deadline: RunLimit.deadline, progress)
  }

  /// Reports warnings, the summary and what went wrong, the worst last; throws unless all is complete.
  func conclude(_ header: ReportHeader, keys: Int, failure: DumpFailure?) throws {
    try output.conclude(header, keys: keys, failure: failure.map(thrown), said: failure?.message)
  }

  /// The failure of a run that could not even begin.
  func failure(_ error: any Error) -> any Error {
    progress.clear()
    return (error as? DumpFailure).map(thrown) ?? error
  }

  private func thrown(_ failure: DumpFailure) -> any Error {
    switch failure.kind {
    case .stopped(let error) where error.kind == .interrupted: Signals.exitStatus
    case .stopped(let error): Failure(error)
    case .badData: Failure(.badData, failure.message)
    case .unreadable: Failure(.inputMissing, failure.message)
    case .usage: Failure(.usage, failure.message, hints: ["write it to a file first"])
    }
  }
}
