import RedisClient
import Synchronization

/// Finds the nodes of a cluster, and finds them again after a failover or a resharding.
///
/// Invariant behind `@unchecked`: the closures of the target may be called from several threads, as the target promises;
/// all that changes is behind a lock.
final class ClusterDirectory<Channel: CommandChannel>: @unchecked Sendable {
  private let target: WalkTarget<Channel>
  private let reach: (Endpoint) throws(ClientError) -> Channel
  let seed: Endpoint
  private let latest: Mutex<ClusterTopology>
  /// The slots that nodes report as their own, by the nodes' names.
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

  /// Reads the topology again, from the first node that answers.
  func refresh() throws(ClientError) -> ClusterTopology {
    var failure: ClientError?
    for node in candidates {
      do throws(ClientError) {
        return take(try ClusterTopology.read(from: try connect(to: node)))
      } catch {
        guard error.isWorthAnotherTry else { throw error }
        failure = error
      }
    }
    // Where no known node answers, the target that the user has named may.
    do throws(ClientError) {
      return take(try ClusterTopology.read(from: try target.connect(target.firstDatabase)))
    } catch {
      throw failure ?? error
    }
  }

  /// Reads the topology again, and believes each node about its own slots: the node that is asked may not know yet which
  /// slots have just moved.
  func refresh(believing motions: [SlotMotion]) throws(ClientError) -> ClusterTopology {
    let own = motions.compactMap { motion in motion.nodeID.flatMap { id in motion.owned.map { (id, $0) } } }
    claims.withLock { $0 = Dictionary(own) { first, _ in first } }
    return try refresh()
  }

  private func take(_ reported: ClusterTopology) -> ClusterTopology {
    let corrected = reported.corrected(by: claims.withLock { $0 })
    latest.withLock { $0 = corrected }
    return corrected
  }

  /// Primaries first: their topology is the newest.
  private var candidates: [ClusterTopology.Node] {
    let shards = topology.shards
    return shards.compactMap(\.primary) + shards.flatMap(\.replicas)
  }

  /// Connects to the node that has some slots now; `isAgain` asks for the topology first, because it may have changed.
  func connect(toOwnerOf slots: SlotSet, isAgain: Bool) throws(ClientError) -> Channel {
    let topology = isAgain ? try refresh() : topology
    // Some of the slots may have moved away: the shard is the one that has most of them.
    let shard = topology.owner(ofMostOf: slots)
    let places = (target.reading.usesReplicas ? shard?.replicas : [shard?.primary].compactMap(\.self)) ?? []
    guard !places.isEmpty else { throw noOwner(of: slots) }
    var failure: ClientError?
    for place in places {
      do throws(ClientError) {
        return try connect(to: place)
      } catch {
        guard error.isWorthAnotherTry else { throw error }
        failure = error
      }
    }
    throw failure ?? noOwner(of: slots)
  }

  private func noOwner(of slots: SlotSet) -> ClientError {
    ClientError(
      target.reading.usesReplicas ? .unreachable : .transient,
      "no \(target.reading.usesReplicas ? "replica" : "primary") of the cluster has the slots \(slots)",
      hints: ["CLUSTER SHARDS shows which nodes have failed"])
  }

  /// Connects to a node where the cluster says that it is: at its host name, or else at its IP address.
  ///
  /// The user has not named that place, so the error says who has.
  func connect(to node: ClusterTopology.Node) throws(ClientError) -> Channel {
    do throws(ClientError) {
      return try reach(topology.endpoint(of: node, like: seed))
    } catch {
      guard error.kind == .unreachable, node.mustBeResolved, node.address != seed.address else { throw error }
      if let channel = try connectByNumber(to: node) { return channel }
      let fallback = node.numericAddress.map { ", and neither can \($0)" } ?? ""
      throw ClientError(
        error.kind,
        "\(error.message)\(fallback); the cluster announces that address, as \(seed.description) says",
        hints: error.hints + [.thisNodeAlone], serverCode: error.serverCode)
    }
  }

  /// Connects to a node at its IP address; nil where the cluster does not tell it, or it cannot be reached there either.
  private func connectByNumber(to node: ClusterTopology.Node) throws(ClientError) -> Channel? {
    guard let address = node.numericAddress else { return nil }
    let numeric = ClusterTopology.Node(id: node.id, address: address, hostName: node.hostName)
    do throws(ClientError) {
      return try reach(topology.endpoint(of: numeric, like: seed))
    } catch {
      guard error.kind == .unreachable else { throw error }
      return nil
    }
  }

  /// A channel to the whole cluster.
  func router(_ context: RunContext) -> AnyChannel {
    let retryFor = target.reading.retryFor
    return AnyChannel(
      ClusterChannel<Channel>(
        seed: seed, topology: topology,
        access: .init(
          refresh: { () throws(ClientError) in try self.refresh() },
          reach: { address throws(ClientError) in try self.connect(to: self.node(at: address)) },
          wait: { attempt in
            // As long as the backoff of a node that does not answer.
            let waited = Backoff.first * attempt * attempt
            return waited < retryFor && !context.mustStop ? Backoff.first * (2 * attempt + 1) : nil
          })))
  }

  /// The node that the topology has at a place; one without a name where it has none there.
  private func node(at address: Endpoint.Address) -> ClusterTopology.Node {
    candidates.first { $0.address == address } ?? ClusterTopology.Node(address: address)
  }
}
