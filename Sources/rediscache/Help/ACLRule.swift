/// What one kind of run asks of a server's access rules, as words of `ACL SETUSER`.
///
/// The words are the least that suffices; a test runs each kind under exactly them.
struct ACLRule {
  /// What is typed to run it.
  let usage: String
  /// Without these the run fails, or its report has gaps.
  let words: String
  /// What options and kinds of data add.
  let additions: [Addition]
  /// What is not needed, but serves: the run goes without it and says so where it matters.
  let betterWith: String

  /// Words that are put behind a rule.
  struct Addition {
    /// The options, or the data, that ask for them.
    let what: String
    let words: String

    init(_ what: String, _ words: String) {
      self.what = what
      self.words = words
    }
  }

  init(_ usage: String, _ words: String, betterWith: String, _ additions: [Addition] = []) {
    self.usage = usage
    self.words = words
    self.betterWith = betterWith
    self.additions = additions
  }

  /// The line to paste. As it is, every server refuses it, because the placeholder of the password is two words and
  /// the second is none of `ACL SETUSER`'s: no user gets a password that a manual shows.
  var line: String { "ACL SETUSER NAME on >(the password) " + words }

  /// The rule and what is put behind it, for `help acl`.
  var text: String {
    let rows = additions.map { ($0.what, $0.words) } + [("better with", betterWith)]
    return "  \(usage)\n    \(line)\n" + rows.map { ACLRule.row($0, $1) }.joined()
  }

  /// What asks for words, and the words, in two columns.
  static func row(_ what: String, _ words: String) -> String {
    "      \(what)\(String(repeating: " ", count: max(2, 37 - what.count)))\(words)\n"
  }
}

/// The rules of all commands.
extension ACLRule {
  /// Every kind of run. `%R~` and `%W~` are for keys that are read and written; a command that only asks about a key
  /// (TYPE, EXISTS, MEMORY USAGE, OBJECT) is content with either (the key specifications of `COMMAND INFO`, Redis 7.0).
  static let all = [scan, ttl, stats] + hits + doctors + [inspect] + removals + [warm] + exports

  /// The server describes itself, tells its time, and shows who is connected.
  private static let introductions = "+info +time +client|setname"
  private static let database = Addition("--db", "+select")
  private static let databases = Addition("--all-dbs", "+info +select")
  private static let idle = "+object|idletime"
  private static let sizes = "+memory|usage"
  private static let times = "%R~app:* +pttl"

  private static let scan = ACLRule(
    "scan", "%R~app:* +scan +pttl +type +memory|usage", betterWith: introductions,
    [
      Addition("--idle, --idle-above, --hot", idle),
      Addition("  under an LFU policy", "+info +object|freq"), database, databases,
    ])

  private static let ttl = ACLRule(
    "ttl", "%R~app:* +scan +pttl", betterWith: introductions,
    [
      Addition("--by type", "+type"), Addition("--larger-than", sizes),
      Addition("--idle-above", idle), database, databases,
    ])

  private static let stats = ACLRule(
    "stats", "+info", betterWith: "+latency|histogram +client|setname", [database])

  private static let doctors = [
    ACLRule(
      "doctor", "%R~app:* +info \(questions) +select +scan +pttl +type +memory|usage",
      betterWith: "+time +latency|histogram +client|setname"),
    ACLRule(
      "doctor --quick", "+info \(questions)", betterWith: "+latency|histogram +client|setname", [database]),
  ]

  private static let questions = "+config|get +client|list +slowlog|get +latency|latest"

  private static let inspect = ACLRule(
    "inspect",
    "\(times) +type \(idle) +object|encoding \(sizes) +strlen",
    betterWith: introductions,
    [
      Addition("hash list set zset stream", "+hlen +llen +scard +zcard +xlen"),
      Addition("under an LFU policy", "+object|freq"),
      Addition("--value", "+getrange +hscan +lrange +sscan +zrange +xrange"),
      Addition("--tag-key", "%R~tag:* +scan +sismember +zscore"), database,
    ])

  private static let hits = [
    ACLRule(
      "hits", "%R~app:* &__keyevent* +info +subscribe +monitor +scan +memory|usage",
      betterWith: heard + " +time +command", hitsAdditions),
    ACLRule(
      "hits --no-memory", "&__keyevent* +info +subscribe +monitor", betterWith: heard + " +command",
      hitsAdditions),
    ACLRule(
      "hits --no-monitor", "%R~app:* &__keyevent* +info +subscribe +scan +memory|usage +object|idletime",
      betterWith: heard + " +time", hitsAdditions + [Addition("under an LFU policy", "+object|freq")]),
    ACLRule(
      "hits --no-memory --no-monitor", "&__keyevent* +info +subscribe", betterWith: heard, hitsAdditions),
  ]

  private static let heard = "+config|get +client|setname"

  private static let hitsAdditions = [
    Addition("--enable-notifications", "+config|get +config|set"), database,
  ]

  private static let removals = [
    ACLRule(
      "invalidate", "%W~app:* +scan +unlink", betterWith: introductions + " " + sizes,
      removalAdditions + [Addition("--resume", "+exists")]),
    ACLRule(
      "invalidate --keys-from", "%W~app:* +unlink", betterWith: introductions + " " + sizes),
    ACLRule(
      "invalidate --tag", "%W~app:* ~tag:* +unlink +type +scard +sscan +sismember +srem +sadd",
      betterWith: introductions + " " + sizes,
      [Addition("tags of Laravel (sorted sets)", "+zcard +zscan +zscore +zrem +zadd")]),
    ACLRule("invalidate --bump", "~app:generation +get +incr", betterWith: introductions),
  ]

  private static let removalAdditions = [
    Addition("--delete", "-unlink +del"),
    Addition("--expire-within", "-unlink +pexpire \(times)"),
    Addition("--backup", "\(times) +dump"),
    Addition("--no-ttl, --ttl-below, --ttl-above, --expires-after, --expires-before", times),
    Addition("--type", "+type"), Addition("--larger-than", sizes + " +type"),
    Addition("--idle-above", idle), database,
  ]

  private static let warm = ACLRule(
    "warm", "%W~app:* +set", betterWith: introductions + " +type",
    [
      Addition(
        "hash list set zset stream", "+multi +exec +unlink +pexpire +hset +rpush +sadd +zadd +xadd"),
      Addition("  over 250 elements or 1 MiB", "~app:* +rename +pttl +persist"),
      Addition("  with --if-missing", "~app:* +renamenx"),
      Addition("dump", "+restore"),
      Addition("tags, --tag", "~tag:* +sadd +pttl +pexpire +persist"),
      Addition("backups of invalidate --tag", "~tag:* +sadd +zadd +pttl +pexpire"),
      Addition("  with --verify", "+sismember +zscore"),
      Addition("--refresh-below", times),
      Addition("--if-missing --dry-run", "+type"),
      Addition("--backup", "\(times) +dump"),
      Addition("--verify", "%R~app:* +type +get +hscan +lrange +sscan +zrange +xrange +dump"),
      Addition("--stop-on-eviction", "+info"), database,
    ])

  private static let exports = [
    ACLRule(
      "export", "%R~app:* +scan +pttl +get +type +hscan +lrange +sscan +zrange",
      betterWith: introductions, [Addition("streams", "+xrange +xinfo|stream")] + choices),
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
  ]

  /// What Sentinel adds to each rule, on the servers that it watches.
  static let watched = [Addition("every command", "+role")]

  /// What the sentinels themselves must allow.
  static let sentinel = ACLRule(
    "at the sentinels", "+sentinel|get-master-addr-by-name", betterWith: "+client|setname +sentinel|masters",
    [Addition("--read-from replica", "+sentinel|replicas")])
}
