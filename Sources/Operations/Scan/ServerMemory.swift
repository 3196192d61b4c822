import RedisClient

/// The memory of one server against its limit, and what the server does there.
struct ServerMemory {
  /// The address; nil where there is only one server.
  let address: String?
  /// Bytes in use.
  let used: Int
  /// The limit on them, above 0.
  let limit: Int
  /// What gives way at the limit, such as `allkeys-lru`.
  let policy: String?
  /// Keys with a time to live in all databases; nil where INFO does not say.
  let keysWithTTL: Int?
  /// Writes refused since the counters began because memory was full; nil where errors are not counted.
  let refusals: Int?
  /// What was evicted during the run; nil where that is not known.
  let evictions: Evictions?
  /// Bytes in use that do not count against the limit, such as buffers of replicas.
  private let uncounted: Int

  /// Keys that a server has evicted within some time.
  struct Evictions: Equatable {
    /// The keys.
    let keys: Int
    /// The time in seconds, above 0.
    let seconds: Double

    /// Keys a second; nil where too few were evicted to speak of a rate.
    var rate: Double? { keys >= 10 ? Double(keys) / seconds : nil }
  }

  /// From here on memory is at its limit; what is used swings a little below it while keys are evicted.
  private static let atLimit = 0.95
  /// From here on it is full, whatever else is known.
  private static let full = 0.99

  /// Reads what a server says; nil where it has no limit or does not tell.
  init?(_ facts: ServerInfo, address: String?, evictions: Evictions?) {
    guard let used = facts.amount("used_memory"), let limit = facts.amount("maxmemory"), limit > 0 else {
      return nil
    }
    (self.address, self.used, self.limit, self.evictions) = (address, used, limit, evictions)
    policy = facts.fields["maxmemory_policy"]
    keysWithTTL =
      facts.describesKeyspace ? ServerInfo.Database(sum: facts.databases.values).expires : nil
    refusals = facts.errors("OOM")
    uncounted = facts.amount("mem_not_counted_for_evict") ?? 0
  }

  /// Counted bytes relative to the limit.
  var ratio: Double { Double(used - min(used, uncounted)) / Double(limit) }

  /// What keeps the server from evicting; nil where nothing does.
  var obstacle: String? { StatsVerdict.obstacle(policy: policy, keysWithTTL: keysWithTTL) }

  /// True where the next writes are refused, or push keys out.
  var isFull: Bool {
    if ratio >= ServerMemory.full { return true }
    let isActed = (evictions?.keys ?? 0) > 0 || obstacle != nil && (refusals ?? 0) > 0
    return ratio >= ServerMemory.atLimit && isActed
  }
}
