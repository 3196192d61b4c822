import Bytes
import Operations
import RedisClient
import Reporting
import Synchronization

/// A file of state that one run at a time holds: locked as long as this lives, and replaced whole or not at all.
///
/// The lock is on the file itself, and a new file is locked before it takes the old one's place, so that no other run
/// finds it free in between. A run that has opened the old one gets its lock late, sees that the name leads elsewhere
/// now, and opens it again. Mode 0600.
final class LockedFile: CheckpointStore {
  /// What a file is kept for.
  enum Purpose: String {
    case checkpoint
    case statsState = "state file"

    /// How long another run may hold the file before this one fails. A scan holds its checkpoint to the end, `stats` its
    /// state as long as two readings take.
    fileprivate var wait: Duration { self == .checkpoint ? .zero : .seconds(3) }

    /// The most bytes that are read: several times what a scan of a million groups saves; a state is about a kilobyte
    /// for each node.
    fileprivate var limit: Int { self == .checkpoint ? 1 << 31 : 1 << 22 }

    fileprivate var adviceWhenBusy: String {
      self == .checkpoint ? "wait until that run has ended" : "try again in a moment"
    }
  }

  private struct State {
    var file: OpenFile
    /// True where the file is new. It is removed at the end unless something was written.
    var isUnwritten: Bool
  }

  let path: String
  private let purpose: Purpose
  private let state: Mutex<State>

  /// Opens and locks the file, and makes it where there is none.
  init(_ path: String, _ purpose: Purpose) throws {
    self.path = path
    self.purpose = purpose
    let deadline = ContinuousClock.now.advanced(by: purpose.wait)
    while true {
      let opened = try LockedFile.open(path, purpose)
      if opened.file.descriptor.lock() == .held {
        guard opened.file.isStill(at: path) else { continue }
        state = Mutex(opened)
        return
      }
      guard ContinuousClock.now < deadline else {
        throw Failure(
          .tryAgain, "the \(purpose.rawValue) \(KeyText.quoted(path)) is in use by another run",
          hints: [purpose.adviceWhenBusy])
      }
      Signals.interruption.sleep(.milliseconds(20))
      if Signals.isStopRequested { throw Signals.exitStatus }
    }
  }

  deinit {
    state.withLock { if $0.isUnwritten { OpenFile.remove(path) } }
  }

  private static func open(_ path: String, _ purpose: Purpose) throws -> State {
    do {
      let state = try openOrCreate(path)
      guard FileInfo(of: state.file.descriptor)?.kind == .regular else {
        throw refusal(path, purpose, "it is not a regular file")
      }
      return state
    } catch let error as SystemError {
      throw refusal(path, purpose, error.reason)
    }
  }

  private static func openOrCreate(_ path: String) throws(SystemError) -> State {
    do { return State(file: try OpenFile(path, .updating), isUnwritten: false) } catch
      where
      error.isMissingFile
    {
      // Another run may make it at this moment.
      do {
        return State(file: try OpenFile(path, OpenFile.Access.updating.creating), isUnwritten: true)
      } catch  where error.isExistingFile {
        return State(file: try OpenFile(path, .updating), isUnwritten: false)
      }
    }
  }

  /// What the file holds, nothing where it is new; nil where that is too much to be meant.
  func read() throws -> [UInt8]? {
    do {
      return try state.withLock { state throws(SystemError) in
        try state.file.content(limit: purpose.limit)
      }
    } catch {
      throw LockedFile.refusal(path, purpose, error.reason)
    }
  }

  func replace(with bytes: [UInt8]) throws(RecordError) {
    do {
      try state.withLock { state throws(SystemError) in
        let new = try TemporaryFile(for: path)
        try new.file.descriptor.write(bytes)
        try new.replaceTarget()
        state = State(file: new.file, isUnwritten: false)
      }
    } catch {
      throw RecordError("cannot write \(KeyText.quoted(path)): \(error.reason)")
    }
  }

  /// Removes the file: nothing will be read from it again.
  func remove() { OpenFile.remove(path) }

  private static func refusal(_ path: String, _ purpose: Purpose, _ reason: String) -> Failure {
    Failure(.cannotWrite, "cannot use \(KeyText.quoted(path)) as \(purpose.rawValue): \(reason)")
  }
}
