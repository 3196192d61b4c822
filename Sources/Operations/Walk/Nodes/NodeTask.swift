import Keyspace
import RedisClient

/// What the walk of one node has to do.
struct NodeTask {
  var request: WalkRequest
  var databases: [Int]
  var sources: [KeySource] = [.database]
  /// The slots whose keys are looked at; nil for all.
  var slots: SlotSet?
  /// Names that other walks have visited already.
  var known: Set<NameFilter.Entry> = []
  /// The seed of the hashes of names, the same for all walks of a run.
  var seed: UInt64
  /// The bound on the admitted names that are remembered.
  var mostRemembered = 0
  /// The number of nodes that share the allowed rate.
  var nodes = 1
  /// Saves the state of the walk for a later run.
  var checkpoint: ScanCheckpoint?

  /// What to ask a source for.
  func plan<Channel: CommandChannel>(for source: KeySource) -> SourceWalk<Channel>.Plan {
    var plan = SourceWalk<Channel>.Plan(source: source, pace: request.makePace(sharedBy: nodes))
    plan.memorySamples = request.memorySamples
    // The server can choose among the names only where they are the keys themselves.
    if source.namesLiveKeys {
      let pattern = request.selection.pattern
      plan.pattern = pattern.matchesEverything ? nil : pattern.bytes
      plan.type = request.selection.typeIsMeasured ? nil : request.selection.type
    }
    return plan
  }

  /// A filter for each database; `isIrrevocable` remembers the names even if nothing else needs them.
  func makeFilters(isIrrevocable: Bool) -> [NameFilter] {
    // What cannot be undone must be remembered, in case the walk starts over.
    let most = isIrrevocable ? max(mostRemembered, NameFilter.most / nodes) : mostRemembered
    return databases.map { _ in
      var filter = NameFilter(slots: slots, seed: seed, most: most)
      filter.known = known
      return filter
    }
  }
}
