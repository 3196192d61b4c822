import RedisClient
import Synchronization

/// Finds the nodes of a cluster, and finds them again after a failover or a resharding.
///
/// Invariant behind `@unchecked`: the closures of the target may be called from several threads, as the target promises;
/// what changes lies behind a lock.
final class ClusterDirectory<Channel: CommandChannel>: @unchecked Sendable {
  private let target: WalkTarget<Channel>
  private let reach: (Endpoint) throws(ClientError) -> Channel
  let seed: Endpoint
  private let latest: Mutex<ClusterTopology>
  /// The slots that nodes said they have, by the nodes' names.
  private let claims = Mutex<[String: SlotSet]>([:])

  /// Reads the topology from the node that was met first.
  init(
    _ target: WalkTarget<Channel>, reach: @escaping (Endpoint) throws(ClientError) -> Channel,
    from channel: Channel
  ) throws(ClientError) {
    self.target = target
    self.reach = reach
    seed = channel.endpoint
    latest = Mutex(try ClusterTopology.read(from: channel))
  }

  /// The topology as it was read last.
  var topology: ClusterTopology { latest.withLock { $0 } }

  /// Reads the topology anew, from the first node that tells it.
  func refresh() throws(ClientError) -> ClusterTopology {
    var failure: ClientError?
    for node in candidates {
      do throws(ClientError) {
        return take(try ClusterTopology.read(from: try reach(topology.endpoint(of: node, like: seed))))
      } catch {
        guard error.isWorthAnotherTry else { throw error }
        failure = error
      }
    }
    // Where nobody of those known answers, the user's own words may lead to somebody.
    do throws(ClientError) {
      return take(try ClusterTopology.read(from: try target.connect(target.firstDatabase)))
    } catch {
      throw failure ?? error
    }
  }

  /// Reads the topology anew, and believes each node about its own slots: the one that is asked may not have heard yet of
  /// those that have just changed hands.
  func refresh(_ motions: [SlotMotion]) throws(ClientError) -> ClusterTopology {
    let own = motions.compactMap { motion in motion.nodeID.flatMap { id in motion.owned.map { (id, $0) } } }
    claims.withLock { $0 = Dictionary(own) { first, _ in first } }
    return try refresh()
  }

  private func take(_ told: ClusterTopology) -> ClusterTopology {
    let corrected = told.corrected(by: claims.withLock { $0 })
    latest.withLock { $0 = corrected }
    return corrected
  }

  /// Primaries first: they know best.
  private var candidates: [ClusterTopology.Node] {
    let shards = topology.shards
    return shards.compactMap(\.primary) + shards.flatMap(\.replicas)
  }

  /// Connects to the node that has some slots now; `isAgain` asks for the topology first, because it may have changed.
  func connect(toOwnerOf slots: SlotSet, isAgain: Bool) throws(ClientError) -> Channel {
    let topology = isAgain ? try refresh() : topology
    // Some of the slots may have moved away: the shard is the one that most of them are at.
    let shards = topology.shards.map { ($0, $0.slots.intersection(slots).count) }.filter { $0.1 > 0 }
    let shard = shards.max { $0.1 < $1.1 }?.0
    let places = (target.reading.usesReplicas ? shard?.replicas : [shard?.primary].compactMap(\.self)) ?? []
    var failure = ClientError(
      target.reading.usesReplicas ? .unreachable : .transient,
      "no \(target.reading.usesReplicas ? "replica" : "primary") of the cluster has the slots \(slots)",
      hints: ["CLUSTER SHARDS tells which nodes have failed"])
    for place in places {
      do throws(ClientError) {
        return try reach(topology.endpoint(of: place, like: seed))
      } catch {
        guard error.isWorthAnotherTry else { throw error }
        failure = error
      }
    }
    throw failure
  }

  /// Connects to a node whose name in the cluster is known.
  func connect(to node: ClusterTopology.Node) throws(ClientError) -> Channel {
    try reach(topology.endpoint(of: node, like: seed))
  }

  /// A channel to the whole cluster.
  func router(_ context: RunContext) -> AnyChannel {
    let retryFor = target.reading.retryFor
    return AnyChannel(
      ClusterChannel<Channel>(
        seed: seed, topology: topology,
        access: .init(
          refresh: { () throws(ClientError) in try self.refresh() },
          reach: { address throws(ClientError) in try self.reach(self.endpoint(at: address)) },
          wait: { attempt in
            // As the backoff of a node that does not answer, and no longer.
            let waited = Backoff.first * attempt * attempt
            return waited < retryFor && !context.mustStop ? Backoff.first * (2 * attempt + 1) : nil
          })))
  }

  /// How to talk to a place: as to the node that the topology has there, if it has one.
  private func endpoint(at address: Endpoint.Address) -> Endpoint {
    let node = candidates.first { $0.address == address } ?? ClusterTopology.Node(address: address)
    return topology.endpoint(of: node, like: seed)
  }
}

extension ClusterTopology {
  /// The same with the slots that primaries say they have, by their names.
  ///
  /// While a slot changes hands both say so for a moment; its keys are at the one that it is new to.
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

  /// The slots whose shard is another one than in an earlier topology. A replica that was promoted is of the same shard:
  /// the keys have not moved.
  func moved(since earlier: ClusterTopology) -> SlotSet {
    var moved = SlotSet()
    for shard in shards {
      for before in earlier.shards where !shard.isSame(as: before) {
        for range in shard.slots.intersection(before.slots).ranges { moved.insert(range) }
      }
    }
    return moved
  }
}

extension ClusterTopology.Shard {
  /// True where the primary of one is in the other, or where nobody serves one of them: keys do not leave a shard that is down.
  fileprivate func isSame(as other: Self) -> Bool {
    guard let primary, let earlier = other.primary else { return true }
    // After a failover the old primary is a replica, or was one that the new one stood beside.
    return members.contains { $0.name == earlier.name } || other.members.contains { $0.name == primary.name }
  }

  /// Its primary, and the replicas.
  var members: [ClusterTopology.Node] { [primary].compactMap(\.self) + replicas }
}

extension ClusterTopology.Node {
  fileprivate var name: String { id ?? address.description }
}
