import Bytes
import RedisClient

/// The part of a checkpoint that holds one node.
struct CheckpointShare: Sendable {
  /// The server's process; its cursors are valid in no other.
  var runID: String
  /// The slots that the node was asked for; nil for all.
  var slots: SlotSet?
  /// How often its keys had been flushed or swapped; nil where the server does not say.
  var flushesAndSwaps: Int?
  /// True where the node has been walked to its end.
  var isDone: Bool
  /// Names that the node has given.
  var seen: Int
  /// The ``NodeState``, and what the visitor has saved.
  var body: [UInt8]

  /// True where keys of some slots may be among those of the share.
  func overlaps(_ slots: SlotSet?) -> Bool {
    guard let mine = self.slots, let slots else { return true }
    return !mine.intersection(slots).isEmpty
  }

  /// Why the walk of a node cannot be resumed from the share; nil where it can.
  func difference(from process: NodeCheckpoint.Process, slots: SlotSet?) -> String? {
    guard let runID = process.runID else { return "the server does not say whether it is the same process" }
    if self.slots != slots { return "it has other slots now" }
    if self.runID != runID { return "it is another process now (a restart or a failover)" }
    if flushesAndSwaps != process.flushesAndSwaps { return "its keyspace was flushed or swapped since" }
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
  /// Writes the slots to a checkpoint, as ranges.
  func write(to writer: inout CheckpointWriter) {
    writer.add(ranges.count)
    for range in ranges {
      writer.add(Int(range.lowerBound.rawValue))
      writer.add(Int(range.upperBound.rawValue))
    }
  }

  /// Reads slots.
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
