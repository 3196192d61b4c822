/// The examples, the options and the exit codes of each command.
extension CommandHelp {
  /// The commands that connect, by their names.
  static let all: [Verb: CommandHelp] = Dictionary(
    uniqueKeysWithValues: [scan, ttl, stats, hits, doctor, inspect, invalidate, warm, export].map {
      ($0.verb, $0)
    })

  static let rootExamples = [
    Example("what is in the cache of this machine, and what is wrong with it", "rediscache scan"),
    Example("the same for a server elsewhere", "rediscache scan -H cache-1 --askpass"),
    Example("does it earn its keep", "rediscache stats --interval 10s"),
    Example("what is wrong with server, traffic and keys, the worst first", "rediscache doctor"),
    Example("look at a removal before it is made", "rediscache invalidate 'app:v1:*' --dry-run"),
  ]

  private static let common =
    "64 wrong arguments, 69 unreachable, 75 try again, 77 no permission, 78 configuration, 130 Ctrl-C"
  private static let place: [OptionName] = [.host, .socket, .profile]

  private static let scan = CommandHelp(
    verb: .scan,
    examples: [
      Example("what is in the cache, and what is wrong with it", "rediscache scan -P prod"),
      Example(
        "one namespace, by the shapes of its keys",
        "rediscache scan --namespace product --by template -P prod"),
      Example("the ten largest keys", "rediscache scan --big 10 -P prod"),
      Example("the names of keys that never expire", "rediscache scan --no-ttl --list -P prod"),
      Example("for cron: fail where something is critical", "rediscache scan -q --fail-on critical -P prod"),
    ], options: [.by, .sort, .big, .list, .exact, .namespace, .failOn, .format] + place,
    exitCodes:
      "0 complete, 1 some keys or shards are missing, 2 a finding of --fail-on, 73 the output cannot be written, "
      + common)

  private static let ttl = CommandHelp(
    verb: .ttl,
    examples: [
      Example("when the keys expire, and where too many do so at once", "rediscache ttl -P prod"),
      Example(
        "one namespace, with bars of your own",
        "rediscache ttl --namespace product --buckets 1m,10m,1h -P prod"),
      Example("for programs", "rediscache ttl --json -P prod"),
    ], options: [.by, .buckets, .waveWindow, .horizon, .namespace, .exact, .format] + place,
    exitCodes: "0 complete, 1 some keys or shards are missing, 73 the output cannot be written, " + common)

  private static let stats = CommandHelp(
    verb: .stats,
    examples: [
      Example("does the cache earn its keep", "rediscache stats --interval 10s -P prod"),
      Example("a row every two seconds", "rediscache stats --watch -P prod"),
      Example(
        "for cron: what happened since the last run, silent while all is well",
        "rediscache stats -q --state prod.stats --fail-if 'hit_ratio < 80%' -P prod"),
      Example(
        "for Nagios", "rediscache stats --format nagios --critical 'memory_ratio > 95%' -P prod"),
    ], options: [.interval, .watch, .state, .failIf, .warning, .critical, .format] + place,
    exitCodes:
      "0 complete, 1 some nodes are missing or a condition cannot be decided, 2 a condition of --fail-if holds, "
      + "65 a state file of another server, \(common); --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN"
  )

  private static let hits = CommandHelp(
    verb: .hits,
    examples: [
      Example("the hit ratio of each namespace, and why keys are missing", "rediscache hits -P prod"),
      Example(
        "the same on a server that does not send events of keys",
        "rediscache hits --enable-notifications -P prod"),
      Example(
        "the keys that miss most, without MONITOR", "rediscache hits --top-keys 20 --no-monitor -P prod"),
      Example(
        "for cron: fail where a group does badly",
        "rediscache hits --for 5m --fail-if 'product:v7: hit_ratio < 90%' -P prod"),
    ],
    options: [.listenFor, .enableNotifications, .topKeys, .by, .watch, .failIf, .noMonitor, .format]
      + place,
    exitCodes:
      "0 complete, 1 misses are known in part or not by group, a node is missing, or a condition cannot be decided, "
      + "2 a condition of --fail-if holds, 73 the output cannot be written, " + common)

  private static let doctor = CommandHelp(
    verb: .doctor,
    examples: [
      Example("what is wrong, the worst first", "rediscache doctor -P prod"),
      Example("the server alone, without a look at the keys", "rediscache doctor --quick -P prod"),
      Example(
        "for cron: what happened since the last run, and an exit code",
        "rediscache doctor --state prod.doctor --fail-on warning -P prod"),
      Example("a bound of your own", "rediscache doctor --threshold hit-ratio.warning=70% -P prod"),
      Example("for Nagios", "rediscache doctor --quick --format nagios -P prod"),
    ],
    options: [.quick, .interval, .state, .only, .disable, .threshold, .failOn, .format] + place,
    exitCodes:
      "0 complete, 1 a rule could not be checked for want of a right, or nodes or keys are missing, 2 a finding of "
      + "--fail-on, 65 a state file of another server, 73 the output cannot be written, \(common); "
      + "--format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN")

  private static let inspect = CommandHelp(
    verb: .inspect,
    examples: [
      Example("what is this key", "rediscache inspect app:v2:user:1:profile -P prod"),
      Example("and what does it hold", "rediscache inspect app:v2:user:1:profile --value -P prod"),
      Example("which tags name it", "rediscache inspect app:v2:user:1 --tag-key 'tag:{tag}' -P prod"),
    ], options: [.value, .tagKey, .schema, .format] + place,
    exitCodes:
      "0 complete, also where a key is absent, 1 the server does not say all, 73 the output cannot be written, "
      + common)

  private static let invalidate = CommandHelp(
    verb: .invalidate,
    examples: [
      Example(
        "look first: counts, samples and the command to run",
        "rediscache invalidate 'app:v1:*' --dry-run -P prod"),
      Example(
        "the versions that were replaced, with a way back",
        "rediscache invalidate --superseded --backup old.jsonl --dry-run -P prod"),
      Example(
        "soon, but not at once",
        "rediscache invalidate --namespace product --expire-within 10m --dry-run -P prod"),
      Example("what a tag names", "rediscache invalidate --tag user:1 --dry-run -P prod"),
    ],
    options: [
      .dryRun, .namespace, .keyVersion, .superseded, .expireWithin, .backup, .yes,
    ] + place,
    exitCodes:
      "0 complete, 1 keys were refused, never answered or found again, or nothing was removed because the count or "
      + "the answer said so, 65 a list without keys, 73 a journal or backup cannot be written, \(common); 64 also: --yes, "
      + "--all or --confirm is missing")

  private static let warm = CommandHelp(
    verb: .warm,
    examples: [
      Example("look first", "rediscache warm seed.jsonl --dry-run -P prod"),
      Example(
        "fill what is not there, and spread the TTLs",
        "rediscache warm seed.jsonl --ttl 6h --jitter 10% --if-missing --yes -P prod"),
      Example("bring back what a removal has saved", "rediscache warm old.jsonl --yes -P prod"),
    ],
    options: [.dryRun, .ttl, .jitter, .ifMissing, .rejects, .backup, .verify, .yes]
      + place,
    exitCodes:
      "0 complete, 1 records were rejected, refused or never answered, or the server was full, 65 no seed, or one "
      + "that breaks off, 66 no such file, 73 a journal, backup or file of rejects cannot be written, "
      + common)

  private static let export = CommandHelp(
    verb: .export,
    examples: [
      Example("one namespace", "rediscache export 'app:v2:*' -o app.jsonl.gz -P prod"),
      Example("the keys that are used most", "rediscache export --hot 50000 -o hot.jsonl.gz -P prod"),
      Example("every value byte for byte", "rediscache export --dump -o all.jsonl.gz -P prod"),
    ], options: [.output, .hot, .minTTL, .dump, .partial, .namespace, .json] + place,
    exitCodes: "0 complete, 1 some keys could not be exported, 73 the output cannot be written, " + common)
}
