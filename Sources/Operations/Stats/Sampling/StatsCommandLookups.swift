import Bytes
import RedisClient

/// What INFO commandstats tells of the lookups behind `keyspace_hits` and `keyspace_misses`.
///
/// Seen on Redis 7.0: PTTL, TYPE, OBJECT and their kin count as lookups although they use no value; MEMORY USAGE does not
/// count, and commands that write do not.
struct StatsCommandLookups {
  /// Lookups by commands that inspect keys.
  let inspections: Int
  /// Lookups by commands that read values: at least one a call that did not fail.
  let reads: Int
  /// Calls of SCAN.
  let scans: Int
  /// The time of the calls of SCAN in microseconds.
  let scanMicroseconds: Int?

  /// Commands that look up one key, and leave it and its use as they are. DUMP is a copy, not a use.
  private static let inspecting = [
    "pttl", "ttl", "pexpiretime", "expiretime", "type", "object", "object|encoding", "object|freq",
    "object|idletime", "object|refcount", "dump", "hpttl", "httl", "hpexpiretime", "hexpiretime",
  ]

  /// Commands that look up at least one key for its value.
  private static let reading = [
    "get", "mget", "getrange", "substr", "strlen", "getbit", "bitcount", "bitpos", "getex", "getdel", "hget",
    "hmget", "hgetall", "hlen", "hexists", "hkeys", "hvals", "hstrlen", "hscan", "hrandfield", "lrange",
    "llen", "lindex", "lpos", "smembers", "sismember", "smismember", "scard", "srandmember", "sscan",
    "zrange", "zrangebyscore", "zrevrange", "zrevrangebyscore", "zscore", "zmscore", "zcard", "zcount",
    "zrank", "zrevrank", "zscan", "xlen", "xrange", "xrevrange", "exists", "touch",
  ]

  /// Reads the statistics of commands; nil where there are none.
  init?(_ commandStats: ServerInfo) {
    guard commandStats.countsCommands else { return nil }
    func sum(_ commands: [String], _ figure: (String) -> Int) -> Int {
      commands.map { Int?.some(figure($0)) }.known ?? .max
    }
    inspections = sum(StatsCommandLookups.inspecting) { commandStats.calls(of: $0) ?? 0 }
    reads = sum(StatsCommandLookups.reading) { commandStats.successes(of: $0) }
    scans = commandStats.calls(of: "scan") ?? 0
    scanMicroseconds = commandStats.microseconds(of: "scan")
  }
}
