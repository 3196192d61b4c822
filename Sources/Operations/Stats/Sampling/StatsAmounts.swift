import Bytes
import RedisClient
import Reporting

/// The amounts of one server, or of several added up, from which gauges are computed.
///
/// Ratios of several servers come from summed amounts: an average of ratios would weigh an idle server like a
/// busy one.
struct StatsAmounts: Sendable {
  private var gauges = StatsGauges()
  private var residentMemory: Int?
  /// The limit of the first server.
  private var limit: Int?

  /// Reads the amounts from INFO.
  init(_ facts: ServerInfo) {
    gauges.usedMemory = facts.amount("used_memory")
    gauges.uncountedMemory = facts.amount("mem_not_counted_for_evict")
    gauges.maxmemory = facts.amount("maxmemory")
    limit = gauges.maxmemory
    gauges.maxmemoryPolicy = facts.fields["maxmemory_policy"]
    residentMemory = facts.amount("used_memory_rss")
    gauges.fragmentation = facts.decimal("mem_fragmentation_ratio")
    gauges.connectedClients = facts.amount("connected_clients")
    gauges.maxclients = facts.amount("maxclients")
    gauges.rejectedConnections = facts.amount("rejected_connections")
    gauges.blockedClients = facts.amount("blocked_clients")
    gauges.operationsPerSecond = facts.amount("instantaneous_ops_per_sec")
    if facts.describesKeyspace {
      let all = ServerInfo.Database(sum: facts.databases.values)
      (gauges.keys, gauges.keysWithTTL) = (all.keys, all.expires)
    }
    gauges.uptime = facts.amount("uptime_in_seconds")
    gauges.lazyfreePending = facts.amount("lazyfree_pending_objects")
    gauges.replicationLag = StatsAmounts.lag(facts)
    gauges.isUnreplicated = facts.role == "primary" && facts.amount("connected_slaves") == 0
  }

  private init(_ gauges: StatsGauges) { self.gauges = gauges }

  /// A replica's own lag, or that of a primary's furthest replica, in seconds.
  private static func lag(_ facts: ServerInfo) -> Int? {
    if facts.role == "replica" {
      if let down = facts.amount("master_link_down_since_seconds") { return down }
      // An idle primary says nothing but a ping every ten seconds (repl-ping-replica-period).
      return facts.amount("master_last_io_seconds_ago").map { $0 <= 10 ? 0 : $0 }
    }
    let lags = facts.replicas.compactMap { replica -> Int? in
      // A replica that has everything is not behind, however long ago it reported that.
      if let offset = replica.offset, let end = facts.amount("master_repl_offset"), offset >= end {
        return 0
      }
      return replica.lag
    }
    return lags.max()
  }

  /// The gauges, without latencies.
  var values: StatsGauges {
    var result = gauges
    if result.fragmentation == nil, let residentMemory, let used = gauges.usedMemory, used > 0 {
      result.fragmentation = Double(residentMemory) / Double(used)
    }
    return result
  }

  /// All servers together; an amount that one of them lacks is lacking.
  static func total(_ all: [StatsAmounts]) -> StatsAmounts {
    guard let first = all.first, all.count > 1 else { return all.first ?? StatsAmounts(StatsGauges()) }
    return all.dropFirst().reduce(first) { $0.adding($1) }
  }

  private func adding(_ other: StatsAmounts) -> StatsAmounts {
    func sum(_ path: KeyPath<StatsGauges, Int?>) -> Int? {
      gauges[keyPath: path].plus(other.gauges[keyPath: path])
    }
    var result = StatsGauges()
    result.usedMemory = sum(\.usedMemory)
    result.uncountedMemory = sum(\.uncountedMemory)
    result.limitsDiffer =
      gauges.limitsDiffer || other.gauges.limitsDiffer || limit != other.limit
    // One server without a limit leaves the sum without one.
    result.maxmemory = gauges.maxmemory == 0 || other.gauges.maxmemory == 0 ? 0 : sum(\.maxmemory)
    let policies = [gauges.maxmemoryPolicy, other.gauges.maxmemoryPolicy]
    result.maxmemoryPolicy = policies[0] == policies[1] ? policies[0] : "mixed"
    result.connectedClients = sum(\.connectedClients)
    result.maxclients = sum(\.maxclients)
    result.rejectedConnections = sum(\.rejectedConnections)
    result.blockedClients = sum(\.blockedClients)
    result.operationsPerSecond = sum(\.operationsPerSecond)
    result.keys = sum(\.keys)
    result.keysWithTTL = sum(\.keysWithTTL)
    result.lazyfreePending = sum(\.lazyfreePending)
    result.uptime = [gauges.uptime, other.gauges.uptime].compactMap { $0 }.min()
    result.replicationLag = [gauges.replicationLag, other.gauges.replicationLag].compactMap { $0 }.max()
    result.isUnreplicated = gauges.isUnreplicated && other.gauges.isUnreplicated
    var amounts = StatsAmounts(result)
    amounts.limit = limit
    amounts.residentMemory = residentMemory.plus(other.residentMemory)
    return amounts
  }
}
