extension ACLRule {
  /// Every kind of run. `%R~` and `%W~` stand for keys that are read and written; a command that only asks about a key
  /// (TYPE, EXISTS, MEMORY USAGE, OBJECT) is content with either (the key specifications of `COMMAND INFO`, Redis 7.0).
  static let all = [scan, ttl, stats] + removals + [warm] + exports

  /// The server describes itself, tells its time, and shows who is connected.
  private static let introductions = "+info +time +client|setname"
  private static let database = Addition("--db", "+select")
  private static let databases = Addition("--all-dbs", "+info +select")
  private static let idle = "+object|idletime"
  private static let sizes = "+memory|usage"
  private static let times = "%R~app:* +pttl"

  private static let scan = ACLRule(
    "scan", "%R~app:* +scan +pttl +type +memory|usage", betterWith: introductions,
    [Addition("--idle, --idle-above", idle), database, databases])

  private static let ttl = ACLRule(
    "ttl", "%R~app:* +scan +pttl", betterWith: introductions,
    [
      Addition("--by type", "+type"), Addition("--larger-than", sizes),
      Addition("--idle-above", idle), database, databases,
    ])

  private static let stats = ACLRule(
    "stats", "+info", betterWith: "+latency|histogram +client|setname", [database])

  private static let removals = [
    ACLRule(
      "invalidate", "%W~app:* +scan +unlink", betterWith: introductions + " " + sizes,
      removalAdditions + [Addition("--resume", "+exists")]),
    ACLRule(
      "invalidate --keys-from", "%W~app:* +unlink", betterWith: introductions + " " + sizes),
    ACLRule(
      "invalidate --tag", "%W~app:* ~tag:* +unlink +type +scard +sscan +srem",
      betterWith: introductions + " " + sizes,
      [Addition("tags of Laravel (sorted sets)", "+zcard +zscan +zrem")]),
    ACLRule("invalidate --bump", "~app:generation +get +incr", betterWith: introductions),
  ]

  private static let removalAdditions = [
    Addition("--delete", "-unlink +del"),
    Addition("--expire-within", "-unlink +pexpire \(times)"),
    Addition("--backup", "\(times) +dump"),
    Addition("--no-ttl, --ttl-below, --ttl-above", times),
    Addition("--type", "+type"), Addition("--larger-than", sizes), Addition("--idle-above", idle), database,
  ]

  private static let warm = ACLRule(
    "warm", "%W~app:* +set", betterWith: introductions,
    [
      Addition(
        "hash list set zset stream", "+multi +exec +unlink +pexpire +hset +rpush +sadd +zadd +xadd"),
      Addition("  over 250 elements or 1 MiB", "~app:* +rename +pttl +persist"),
      Addition("  with --if-missing", "~app:* +renamenx"),
      Addition("dump", "+restore"),
      Addition("tags, --tag", "~tag:* +sadd +pttl +pexpire +persist"),
      Addition("--refresh-below", times),
      Addition("--if-missing --dry-run", times),
      Addition("--verify", "%R~app:* +type +get +hscan +lrange +sscan +zrange +xrange +dump"),
      Addition("--stop-on-eviction", "+info"), database,
    ])

  private static let exports = [
    ACLRule(
      "export", "%R~app:* +scan +pttl +get +type +hscan +lrange +sscan +zrange +xrange",
      betterWith: introductions, choices),
    ACLRule(
      "export --dump", "%R~app:* +scan +pttl +dump", betterWith: introductions,
      [Addition("--type", "+type")] + choices),
  ]

  private static let choices = [
    Addition("--hot", idle), Addition("  under an LFU policy", "+info +object|freq"),
    Addition("--larger-than", sizes), Addition("--idle-above", idle), database,
  ]

  /// What a cluster adds to each rule. Before Redis 7 there is CLUSTER SLOTS only.
  static let cluster = [
    Addition("every command", "+info +cluster|shards"),
    Addition("while slots move", "+cluster|nodes +asking"),
    Addition("--read-from replica", "+readonly"),
    // A name in the slot of its key begins with a brace.
    Addition("warm, over 250 elements or 1 MiB", "~{app:*"),
  ]

  /// What Sentinel adds to each rule, on the servers that it watches.
  static let watched = [Addition("every command", "+role")]

  /// What the sentinels themselves must allow.
  static let sentinel = ACLRule(
    "at the sentinels", "+sentinel|get-master-addr-by-name", betterWith: "+client|setname +sentinel|masters",
    [Addition("--read-from replica", "+sentinel|replicas")])
}
