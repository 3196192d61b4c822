import Bytes
import RedisClient

/// Saves the share of one node in a checkpoint; belongs to the thread that walks the node.
final class NodeCheckpoint {
  /// The process that answers for a node.
  struct Process {
    /// nil where the server does not say.
    var runID: String?
    /// How often its keys had been flushed or swapped at the first connection; nil where the server does not say.
    var flushesAndSwaps: Int?
  }

  /// What an earlier run has saved of a node.
  enum Saved {
    /// Nothing.
    case nothing
    /// Something that is no longer valid, and why.
    case invalid(String)
    /// A walk to continue; one that is done has nothing left to do.
    case resumed(NodeState, isDone: Bool)
  }

  /// The time that saving may take.
  private static let margin = Duration.milliseconds(50)

  private let checkpoint: ScanCheckpoint
  private let slots: SlotSet?
  private var due: ContinuousClock.Instant
  private var lastPage: ContinuousClock.Instant?
  /// The process that is walked.
  private var process = Process()
  // The state at the beginning of the database.
  private var database = 0
  private var seenBefore = 0
  private var result = WalkResult()

  init(_ checkpoint: ScanCheckpoint, slots: SlotSet?) {
    self.checkpoint = checkpoint
    self.slots = slots
    due = .now + checkpoint.firstInterval
  }

  /// True where the share is to be saved as soon as no key is under way.
  var isDue: Bool { ContinuousClock.now >= due }

  /// True where another page would hardly be done before a deadline: its keys would have to be walked again.
  ///
  /// To be asked once a page.
  func mustStop(before deadline: Deadline) -> Bool {
    guard let end = deadline.instant else { return false }
    let now = ContinuousClock.now
    defer { lastPage = now }
    guard let lastPage else { return false }
    return end - now < (now - lastPage) * 2 + NodeCheckpoint.margin
  }

  /// Restores the visitor from what an earlier run has saved; `filter` is an empty one of the node.
  func resume(
    _ process: Process, with filter: NameFilter, _ visitor: inout some KeyVisitor
  ) -> Saved {
    let (share, reason) = checkpoint.resume(process, slots: slots)
    guard let share else { return reason.map { .invalid($0) } ?? .nothing }
    var copy = visitor
    var reader = CheckpointReader(share.body)
    do throws(CheckpointDamage) {
      let state = try NodeState(from: &reader, filter: filter)
      try copy.restore(from: &reader)
      guard reader.isAtEnd else { throw CheckpointDamage() }
      visitor = copy
      checkpoint.noteResumed(keys: share.seen)
      return .resumed(state, isDone: share.isDone)
    } catch {
      return .invalid("what was saved of it cannot be read")
    }
  }

  /// Notes what is walked next.
  func begin(_ process: Process, database: Int, seenBefore: Int, _ result: WalkResult) {
    self.process = process
    self.database = database
    self.seenBefore = seenBefore
    self.result = result
  }

  /// Saves the share of a node whose walk has come so far.
  func save(_ source: SourceState, _ visitor: some KeyVisitor) {
    save(
      NodeState(database: database, seenBefore: seenBefore, result: result, source: source), isDone: false,
      visitor)
    due = .now + checkpoint.interval
  }

  /// Saves the share of a node that has been walked to its end.
  func finish(_ result: WalkResult, _ filter: NameFilter, seen: Int, _ visitor: some KeyVisitor) {
    let source = SourceState(cursor: [], seen: 0, filter: filter)
    save(
      NodeState(database: database, seenBefore: seen, result: result, source: source), isDone: true, visitor)
  }

  private func save(_ state: NodeState, isDone: Bool, _ visitor: some KeyVisitor) {
    var writer = CheckpointWriter()
    state.write(to: &writer)
    visitor.save(to: &writer)
    // Without a name of its process no run can know whether the server is still the same: it starts over.
    checkpoint.save(
      CheckpointShare(
        runID: process.runID ?? "", slots: slots, flushesAndSwaps: process.flushesAndSwaps, isDone: isDone,
        seen: state.seenBefore + state.source.seen, body: writer.bytes))
  }
}
