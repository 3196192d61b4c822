import Quantities
import RedisClient
import Reporting

/// How a command ends once its data is out.
extension Session {
  /// The failure of a run that could not even begin.
  func failure(_ error: any Error) -> any Error {
    progress.clear()
    guard let error = error as? ClientError else { return error }
    return Failure(error)
  }

  /// Tells warnings, the summary and what went wrong, the worst last; throws unless all is complete.
  ///
  /// `keys` is what the summary counts; without it there is none.
  func conclude(_ header: ReportHeader, keys: Int? = nil, failure: ClientError?) throws {
    // What ended the run is told last, as an error.
    header.warnings.filter { $0 != failure?.message }.forEach(output.warn)
    if let keys { output.note("\(NumberText.keys(keys)) in \(NumberText.elapsed(header.durationSeconds))") }
    if let failure {
      // The signal's own message and the report have said it already.
      if failure.kind == .interrupted { throw Signals.exitStatus }
      throw Failure(failure)
    }
    guard header.isComplete else { throw ExitStatus.partial }
  }
}
