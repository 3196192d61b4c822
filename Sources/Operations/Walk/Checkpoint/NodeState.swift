import Bytes

/// How far the walk of a node has come, as a checkpoint saves it.
struct NodeState {
  /// The database that is walked.
  var database: Int
  /// Names that the databases before it have given.
  var seenBefore: Int
  /// How the walk went so far, without what `source` still holds.
  var result: WalkResult
  /// How far the walk of the database has come.
  var source: SourceState
}

/// How far the walk of one database has come, between two pages, when no key is under way.
struct SourceState {
  /// The cursor with which the next page is asked for.
  var cursor: [UInt8]
  /// Names that the database has given.
  var seen: Int
  var filter: NameFilter
  var findings = KeyMeasurer.Findings()
}

extension NodeState {
  /// Writes the state to a checkpoint.
  func write(to writer: inout CheckpointWriter) {
    writer.add(database)
    writer.add(seenBefore)
    writer.add(result)
    writer.add(source.cursor)
    writer.add(source.seen)
    source.filter.write(to: &writer)
    writer.add(source.findings)
  }

  /// Reads a state; `filter` is an empty one of the same node.
  init(from reader: inout CheckpointReader, filter: NameFilter) throws(CheckpointDamage) {
    database = try reader.amount()
    seenBefore = try reader.amount()
    result = try reader.value()
    source = SourceState(cursor: try reader.piece(), seen: try reader.amount(), filter: filter)
    try source.filter.read(from: &reader)
    source.findings = try reader.value()
  }
}
