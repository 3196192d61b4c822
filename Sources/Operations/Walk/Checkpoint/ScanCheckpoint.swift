import Bytes
import Quantities
import RedisClient
import Synchronization

/// Where a checkpoint is kept.
package protocol CheckpointStore: Sendable {
  /// Replaces the saved bytes atomically: a reader finds the old or the new ones, complete.
  func replace(with bytes: [UInt8]) throws(RecordError)
}

/// What a scan saves every few seconds, and a later run of it resumes.
///
/// The bytes are a line of JSON, the header, which shows people whose checkpoint it is; then the terms of the scan and
/// the share of each node; and at the end their hash.
package final class ScanCheckpoint: Sendable {
  /// Why a checkpoint cannot be resumed.
  package enum Refusal: Error, Equatable {
    /// The bytes are no checkpoint of this tool.
    case noCheckpoint
    /// The bytes are not those that were written.
    case damaged
    /// The checkpoint is of another scan; each line names what it has and what the run asks.
    case other([String])
  }

  private struct State {
    var terms: ScanTerms?
    var moving = SlotSet()
    /// What was saved by earlier runs.
    var earlier: [CheckpointShare] = []
    /// What is saved next; for nodes that this run has not reached yet, what was saved before.
    var shares: [CheckpointShare] = []
    /// Nodes whose walk has begun, and those that have come to their end.
    var begun = 0
    var finished = 0
    var keysResumed = 0
    var hasChanged = false
    var lastWritten: ContinuousClock.Instant?
    var interval: Duration
    var fault: String?
  }

  /// Saving takes at most one part in 20 of the time.
  private static let share = 20

  private let store: any CheckpointStore
  private let header: JournalHeader
  /// When the share of a node is saved first, counted from the beginning of its walk.
  let firstInterval: Duration
  private let shortestInterval: Duration
  private let state: Mutex<State>
  private let writing = Mutex(())

  /// Resumes from saved bytes, or begins where there are none.
  ///
  /// The header says what this run is asked to do; that of the saved bytes must say the same. The checkpoint is saved at
  /// every `interval`, and sooner the first time, so that a run that is stopped early need not start over. Throws where the
  /// headers differ, or the bytes cannot be read.
  package init(
    in store: any CheckpointStore, saved: [UInt8], header: JournalHeader, request: ScanRequest,
    first: Duration = .seconds(1), interval: Duration = .seconds(5)
  ) throws(Refusal) {
    self.store = store
    (firstInterval, shortestInterval) = (first, interval)
    guard !saved.isEmpty else {
      self.header = header
      state = Mutex(State(interval: interval))
      return
    }
    let (earlier, start) = try ScanCheckpoint.header(of: saved)
    let differences = earlier.differences(from: header)
    guard differences.isEmpty else { throw .other(differences) }
    self.header = earlier
    do {
      var reader = CheckpointReader(Array(saved.dropLast(8)), from: start)
      state = Mutex(try ScanCheckpoint.state(from: &reader, request, interval))
    } catch { throw .damaged }
  }

  /// Checks that the bytes are complete, and returns the header and where the rest begins.
  private static func header(of saved: [UInt8]) throws(Refusal) -> (JournalHeader, start: Int) {
    guard let end = saved.firstIndex(of: UInt8(ascii: "\n")),
      let header = JournalHeader.decode(Array(saved[..<end]), .scan)
    else { throw .noCheckpoint }
    guard saved.count > end + 8 else { throw .damaged }
    var reader = CheckpointReader(saved, from: saved.count - 8)
    let content = Array(saved.dropLast(8))
    guard (try? reader.fixed()) == KeyHash.value(content.span) else { throw .damaged }
    return (header, end + 1)
  }

  private static func state(
    from reader: inout CheckpointReader, _ request: ScanRequest, _ interval: Duration
  ) throws(CheckpointDamage) -> State {
    var state = State(interval: interval)
    state.terms = try ScanTerms(from: &reader, request.walk.naming)
    state.moving = try SlotSet(from: &reader)
    for _ in 0..<(try reader.count()) { state.shares.append(try reader.value()) }
    guard reader.isAtEnd else { throw CheckpointDamage() }
    state.earlier = state.shares
    return state
  }

  private func bytes(of state: State) -> [UInt8] {
    var writer = CheckpointWriter()
    state.terms?.write(to: &writer)
    state.moving.write(to: &writer)
    writer.add(state.shares.count)
    for share in state.shares { writer.add(share) }
    let content = header.line + writer.bytes
    var end = CheckpointWriter()
    end.add(fixed: KeyHash.value(content.span))
    return content + end.bytes
  }

  // MARK: - What is common to all nodes

  /// The terms of the saved scan; nil for a new one.
  var terms: ScanTerms? { state.withLock { $0.terms } }

  /// Settles the terms of a new scan.
  func begin(on terms: ScanTerms) { state.withLock { $0.terms = terms } }

  /// Slots that were on their way between nodes when the walks of this run, or of an earlier one, began.
  func noteMoving(_ slots: SlotSet) -> SlotSet {
    state.withLock { state in
      state.moving = state.moving.union(slots)
      return state.moving
    }
  }

  /// True where every node that was begun has been walked to its end.
  package var isFinished: Bool { state.withLock { $0.begun > 0 && $0.begun == $0.finished } }

  /// True where anything has been saved that a run can resume.
  package var holdsSomething: Bool { state.withLock { !$0.shares.isEmpty && $0.lastWritten != nil } }

  /// What the reader of the report must know.
  var warnings: [String] {
    state.withLock { state in
      var warnings: [String] = []
      if state.keysResumed > 0 {
        warnings.append(
          "went on from a checkpoint: \(NumberText.keys(state.keysResumed)) were walked before, by the scan that began at "
            + header.startedAt)
      }
      if let fault = state.fault { warnings.append("the checkpoint could not be saved: \(fault)") }
      return warnings
    }
  }

  // MARK: - Nodes

  /// How often a node's share is to be saved.
  var interval: Duration { state.withLock { $0.interval } }

  /// What saves the share of a node.
  func node(for slots: SlotSet?) -> NodeCheckpoint {
    state.withLock { $0.begun += 1 }
    return NodeCheckpoint(self, slots: slots)
  }

  /// The saved share of a node, or why it is no longer valid; forgets shares that are not.
  func resume(
    _ process: NodeCheckpoint.Process, slots: SlotSet?
  ) -> (share: CheckpointShare?, reason: String?) {
    state.withLock { state in
      // Its own share shows best what has changed; where it has none, keys of its slots are in that of another.
      let share =
        state.earlier.first { $0.runID == process.runID } ?? state.earlier.first { $0.overlaps(slots) }
      guard let share else { return (nil, nil) }
      guard let difference = share.difference(from: process, slots: slots) else { return (share, nil) }
      state.shares.removeAll { $0.overlaps(slots) }
      return (nil, difference)
    }
  }

  /// Notes that keys of an earlier run were resumed.
  func noteResumed(keys: Int) { state.withLock { $0.keysResumed += keys } }

  /// Takes the share of a node as it is now, and saves the checkpoint where it is time.
  func save(_ share: CheckpointShare) {
    let isTime = state.withLock { state in
      state.shares.removeAll { $0.overlaps(share.slots) }
      state.shares.append(share)
      if share.isDone { state.finished += 1 }
      state.hasChanged = true
      return state.lastWritten.map { ContinuousClock.now - $0 >= state.interval / 2 } ?? true
    }
    // Another thread that is saving is soon done, but this one has work to do meanwhile.
    if isTime { writing.withLockIfAvailable { _ in write() } }
  }

  /// Saves what has not been saved yet.
  func flush() {
    writing.withLock { _ in
      if state.withLock({ $0.hasChanged }) { write() }
    }
  }

  private func write() {
    let start = ContinuousClock.now
    let saved = state.withLock { state in
      state.hasChanged = false
      return self.bytes(of: state)
    }
    var fault: String?
    do throws(RecordError) { try store.replace(with: saved) } catch { fault = error.message }
    let end = ContinuousClock.now
    state.withLock { state in
      state.fault = fault
      state.lastWritten = end
      state.interval = max(self.shortestInterval, (end - start) * ScanCheckpoint.share)
    }
  }
}
