import Bytes
import Operations
import RedisClient
import Reporting

/// The part of `scan` that goes on where an earlier run stood.
struct ScanCheckpointRun {
  let checkpoint: ScanCheckpoint
  private let file: CheckpointFile
  private let path: String

  /// Opens the file and sees whether the scan can go on with it; `choice` is what must be the same, in the words of the
  /// command line.
  init(_ path: String, _ request: ScanRequest, choice: [[String]], _ session: Session) throws {
    self.path = path
    file = try CheckpointFile(path)
    let header = JournalHeader(
      .scan, target: session.locator.description, choice: Array(choice.joined()),
      startedAt: session.context().startedAt)
    do {
      checkpoint = try ScanCheckpoint(in: file, saved: try file.read(), header: header, request: request)
    } catch let refusal as ScanCheckpointRefusal {
      throw file.unusable(refusal)
    }
  }

  /// Takes the file away where the scan has come to its end; else says how to go on.
  func conclude(hasFailed: Bool, _ output: OutputOptions) {
    if !hasFailed, checkpoint.isFinished {
      file.remove()
    } else if checkpoint.holdsSomething {
      let shown = KeyText.quoted(Array(path.utf8))
      output.note("to go on, run the same command again: \(shown) holds what was counted")
    }
  }
}
