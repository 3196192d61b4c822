import RedisClient

/// How the slots of a cluster move between its shards.
extension ClusterTopology {
  /// The slots that some node has.
  var owned: SlotSet { SlotSet.all.subtracting(uncovered) }

  /// The topology with the slots that primaries report as their own, by the primaries' names.
  ///
  /// While a slot moves both primaries report it for a moment; its keys are at the one that has it newly.
  func corrected(by claims: [String: SlotSet]) -> ClusterTopology {
    var gains = shards.map { shard in
      shard.primary?.id.flatMap { claims[$0] }.map { $0.subtracting(shard.slots) } ?? SlotSet()
    }
    var gained = SlotSet()
    for index in gains.indices {
      gains[index] = gains[index].subtracting(gained)
      gained = gained.union(gains[index])
    }
    guard !gained.isEmpty else { return self }
    let corrected = zip(shards, gains).map { shard, gain in
      Shard(
        primary: shard.primary, replicas: shard.replicas, slots: shard.slots.subtracting(gained).union(gain))
    }
    return (try? ClusterTopology(corrected)) ?? self
  }

  /// The slots that had another shard in an earlier topology. A replica that was promoted is of the same shard: the keys
  /// have not moved.
  func moved(since earlier: ClusterTopology) -> SlotSet {
    slots(movedSince: earlier) { $0.isSame(as: $1) }
  }
}

extension ClusterTopology.Shard {
  /// True where the primary of one is in the other, or where one has no primary: keys do not leave a shard that is down.
  fileprivate func isSame(as other: Self) -> Bool {
    guard let primary, let earlier = other.primary else { return true }
    // After a failover the old primary is a replica of the new one, or the new one was a replica of it.
    return members.contains { $0.name == earlier.name } || other.members.contains { $0.name == primary.name }
  }

  /// Its primary, and the replicas.
  var members: [ClusterTopology.Node] { [primary].compactMap(\.self) + replicas }
}

extension ClusterTopology.Node {
  fileprivate var name: String { id ?? address.description }
}
