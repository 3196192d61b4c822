import Bytes
import RedisClient

/// Keeps the share of one node in a checkpoint; belongs to the thread that walks the node.
final class NodeCheckpoint {
  /// Which process answers for a node.
  struct Place {
    /// nil where the server does not tell.
    var runID: String?
    /// How often its keys had been flushed or swapped when it was seen first; nil where it does not tell.
    var flushesAndSwaps: Int?
  }

  /// What an earlier run has left of a node.
  enum Beginning {
    /// Nothing.
    case anew
    /// Something that does not hold any more, and why.
    case startedOver(String)
    /// A walk to go on with; one that is done has nothing left to do.
    case goesOn(NodeState, isDone: Bool)
  }

  private let checkpoint: ScanCheckpoint
  private let slots: SlotSet?
  private var due: ContinuousClock.Instant
  private var lastPage: ContinuousClock.Instant?
  /// What saving may take.
  private static let margin = Duration.milliseconds(50)
  /// The process that is walked.
  private var place = Place()
  /// Where the walk stood when the database was begun.
  private var database = 0
  private var seenBefore = 0
  private var result = WalkResult()

  init(_ checkpoint: ScanCheckpoint, slots: SlotSet?) {
    self.checkpoint = checkpoint
    self.slots = slots
    due = .now + checkpoint.firstInterval
  }

  /// True where the share is to be brought as soon as no key is under way.
  var isDue: Bool { ContinuousClock.now >= due }

  /// True where another page would hardly be through before a deadline: its keys would have to be walked again.
  ///
  /// To be asked once a page.
  func mustStop(before deadline: Deadline) -> Bool {
    guard let end = deadline.instant else { return false }
    let now = ContinuousClock.now
    defer { lastPage = now }
    guard let lastPage else { return false }
    return end - now < (now - lastPage) * 2 + NodeCheckpoint.margin
  }

  /// Gives the visitor what an earlier run has left; `filter` is an empty one of the node.
  func takeUp(_ place: Place, _ filter: NameFilter, _ visitor: inout some KeyVisitor) -> Beginning {
    let (share, reason) = checkpoint.takeUp(place, slots: slots)
    guard let share else { return reason.map { .startedOver($0) } ?? .anew }
    var copy = visitor
    var reader = CheckpointReader(share.body)
    do throws(CheckpointDamage) {
      let stand = try NodeState(from: &reader, filter: filter)
      try copy.restore(from: &reader)
      guard reader.isAtEnd else { throw CheckpointDamage() }
      visitor = copy
      checkpoint.noteTakenUp(keys: share.seen)
      return .goesOn(stand, isDone: share.isDone)
    } catch {
      return .startedOver("what was saved of it cannot be read")
    }
  }

  /// Notes what is walked next.
  func begin(_ place: Place, database: Int, seenBefore: Int, _ result: WalkResult) {
    self.place = place
    self.database = database
    self.seenBefore = seenBefore
    self.result = result
  }

  /// Brings the share of a node whose walk stands at a mark.
  func keep(_ mark: SourceState, _ visitor: some KeyVisitor) {
    keep(NodeState(database: database, seenBefore: seenBefore, result: result, mark: mark), visitor)
    due = .now + checkpoint.interval
  }

  /// Brings the share of a node that has been walked to its end.
  func finish(_ result: WalkResult, _ filter: NameFilter, seen: Int, _ visitor: some KeyVisitor) {
    let mark = SourceState(cursor: [], seen: 0, filter: filter)
    keep(
      NodeState(database: database, seenBefore: seen, result: result, mark: mark), isDone: true, visitor)
  }

  private func keep(_ stand: NodeState, isDone: Bool = false, _ visitor: some KeyVisitor) {
    var writer = CheckpointWriter()
    stand.write(to: &writer)
    visitor.save(to: &writer)
    // Without a name of its process no run can tell whether the server is still the same: it starts over.
    checkpoint.keep(
      CheckpointShare(
        runID: place.runID ?? "", slots: slots, flushesAndSwaps: place.flushesAndSwaps, isDone: isDone,
        seen: stand.seenBefore + stand.mark.seen, body: writer.bytes))
  }
}
