import Bytes
import Keyspace
import RedisClient

/// What is saved of one node.
struct CheckpointShare: Sendable {
  /// The server's process, whose cursors hold nowhere else.
  var runID: String
  /// The slots that the node was asked for; nil for all.
  var slots: SlotSet?
  /// How often its keys had been flushed or swapped; nil where it does not tell.
  var flushesAndSwaps: Int?
  /// True where it has been walked to its end.
  var isDone: Bool
  /// Names that it has given.
  var seen: Int
  /// Where its walk stands, and what the visitor has.
  var body: [UInt8]

  /// True where keys of some slots may be among those of the share.
  func overlaps(_ slots: SlotSet?) -> Bool {
    guard let mine = self.slots, let slots else { return true }
    return !mine.intersection(slots).isEmpty
  }

  /// Why the walk of a node cannot be gone on with; nil where it can.
  func difference(from place: NodeCheckpoint.Place, slots: SlotSet?) -> String? {
    guard let runID = place.runID else { return "the server does not tell whether it is the same process" }
    if self.slots != slots { return "it has other slots now" }
    if self.runID != runID { return "it is another process now (a restart or a failover)" }
    if flushesAndSwaps != place.flushesAndSwaps { return "its keyspace was flushed or swapped since" }
    return nil
  }
}

extension CheckpointShare: Checkpointed {
  func write(to writer: inout CheckpointWriter) {
    writer.add(runID)
    writer.add(slots != nil)
    slots?.write(to: &writer)
    writer.add(flushesAndSwaps)
    writer.add(isDone)
    writer.add(seen)
    writer.add(body)
  }

  init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    runID = try reader.text()
    slots = try reader.flag() ? SlotSet(from: &reader) : nil
    flushesAndSwaps = try reader.optionalAmount()
    isDone = try reader.flag()
    seen = try reader.amount()
    body = try reader.piece()
  }
}

extension SlotSet {
  /// Adds the slots as ranges.
  func write(to writer: inout CheckpointWriter) {
    writer.add(ranges.count)
    for range in ranges {
      writer.add(Int(range.lowerBound.rawValue))
      writer.add(Int(range.upperBound.rawValue))
    }
  }

  /// Takes out slots.
  init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    self.init()
    for _ in 0..<(try reader.count()) {
      guard let lower = HashSlot(exactly: try reader.number()),
        let upper = HashSlot(exactly: try reader.number()), lower <= upper
      else { throw CheckpointDamage() }
      insert(lower...upper)
    }
  }
}

/// Where the walk of a node stands.
struct NodeState {
  /// The database that is walked.
  var database: Int
  /// Names that the databases before it have given.
  var seenBefore: Int
  /// How the walk went so far, but for what is still to be taken over from `mark`.
  var result: WalkResult
  /// Where the walk of the database stands.
  var mark: SourceState
}

/// Where the walk of one database stands between two pages, when no key is under way.
struct SourceState {
  /// The cursor that the next page is asked for with.
  var cursor: [UInt8]
  /// Names that the database has given.
  var seen: Int
  var filter: NameFilter
  var findings = KeyMeasurer.Findings()
}

extension NodeState {
  func write(to writer: inout CheckpointWriter) {
    writer.add(database)
    writer.add(seenBefore)
    writer.add(result)
    writer.add(mark.cursor)
    writer.add(mark.seen)
    mark.filter.write(to: &writer)
    writer.add(mark.findings)
  }

  /// Takes out where a walk stands; `filter` is an empty one of the same node.
  init(from reader: inout CheckpointReader, filter: NameFilter) throws(CheckpointDamage) {
    database = try reader.amount()
    seenBefore = try reader.amount()
    result = try reader.value()
    mark = SourceState(cursor: try reader.piece(), seen: try reader.amount(), filter: filter)
    try mark.filter.read(from: &reader)
    mark.findings = try reader.value()
  }
}

extension WalkResult: Checkpointed {
  func write(to writer: inout CheckpointWriter) {
    writer.add(isComplete)
    writer.add(Int(unavailable.rawValue))
    writer.add(warnings.count)
    for warning in warnings { writer.add(warning) }
  }

  init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    isComplete = try reader.flag()
    unavailable = KeyMeasurements(rawValue: UInt8(try reader.number(in: 0...0xff)))
    for _ in 0..<(try reader.count()) { warnings.append(try reader.text()) }
  }
}
