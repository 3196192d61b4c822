import Bytes
import Operations
import RedisClient
import Reporting

/// The part of `scan` that resumes an earlier run.
struct ScanCheckpointRun {
  let checkpoint: ScanCheckpoint
  private let file: LockedFile
  private let path: String

  /// Opens the file and checks that the scan can resume from it; `choice` is what must be the same, as options.
  init(_ path: String, _ request: ScanRequest, choice: [String], _ session: Session) throws {
    self.path = path
    file = try LockedFile(path, .checkpoint)
    let header = JournalHeader(
      .scan, target: session.locator.description, choice: choice,
      startedAt: session.context().startedAt)
    do {
      guard let saved = try file.read() else { throw ScanCheckpoint.Refusal.noCheckpoint }
      checkpoint = try ScanCheckpoint(in: file, saved: saved, header: header, request: request)
    } catch let refusal as ScanCheckpoint.Refusal {
      throw ScanCheckpointRun.failure(refusal, path)
    }
  }

  private static func failure(_ refusal: ScanCheckpoint.Refusal, _ path: String) -> Failure {
    let shown = KeyText.quoted(path)
    return switch refusal {
    case .noCheckpoint:
      Failure(
        .badData, "\(shown) is no checkpoint of a scan", hints: ["name another file, or remove this one"])
    case .damaged:
      Failure(
        .badData, "the checkpoint \(shown) is damaged: the scan cannot resume from it",
        hints: ["remove it to start over"])
    case .other(let differences):
      Failure(
        .usage, "\(shown) is the checkpoint of another scan: nothing was done",
        hints: differences + ["name another file, or remove this one to start over"])
    }
  }

  /// Removes the file if the scan is complete; else says how to resume.
  func conclude(hasFailed: Bool, _ output: OutputOptions) {
    if !hasFailed, checkpoint.isFinished {
      file.remove()
    } else if checkpoint.holdsSomething {
      let shown = KeyText.quoted(path)
      output.note("to resume, run the same command again: \(shown) holds what was counted")
    }
  }
}
