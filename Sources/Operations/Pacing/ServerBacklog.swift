import Bytes
import Quantities
import RedisClient

/// How far a server's replicas and its background freeing lag behind what is written to it.
struct ServerBacklog: Equatable {
  /// A replica that has not reported for longer than this is behind. Replicas report every second.
  static let mostLagSeconds = 5
  /// Bytes that a replica may be behind. Output buffers of replicas end at 256 MB, or 64 MB for a minute
  /// (`client-output-buffer-limit`), and a replica that is cut off begins anew.
  static let mostLagBytes = 32 << 20
  /// Large values that may wait to be freed in the background.
  static let mostPendingFrees = 10_000

  /// The most replicas that are looked at.
  private static let mostReplicas = 1000

  /// Why writing should slow down, for people; nil where it need not.
  let reason: String?

  /// Reads INFO; absent fields count as no backlog.
  init(_ facts: ServerInfo) {
    if let pending = facts.integer("lazyfree_pending_objects"), pending > ServerBacklog.mostPendingFrees {
      reason = "\(NumberText.count(pending)) values wait to be freed"
      return
    }
    let offset = facts.integer("master_repl_offset")
    for replica in facts.replicas.prefix(ServerBacklog.mostReplicas) where replica.isOnline {
      let place = KeyText.sanitized("\(replica.fields["ip"] ?? "?"):\(replica.fields["port"] ?? "?")")
      if let lag = replica.lag, lag > ServerBacklog.mostLagSeconds {
        reason = "the replica \(place) has not reported for \(lag) s"
        return
      }
      if let offset, let reached = replica.offset,
        reached >= 0, offset > reached, offset - reached > ServerBacklog.mostLagBytes
      {
        reason = "the replica \(place) is \(NumberText.bytes(offset - reached)) behind"
        return
      }
    }
    reason = nil
  }
}
