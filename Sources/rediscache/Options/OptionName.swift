/// Every long option of every command: the one list of them.
///
/// Its entry says what an option is for and which commands take it. From that follow
/// the commands that are suggested, the comparison of a journal with the run that resumes it, and the settings of a
/// profile. The parser's own declarations are in the option groups; a test fails where they and the table differ.
enum OptionName: String, CaseIterable {
  // Where to connect.
  case uri, host, port, socket, db, user, askpass, tls, cacert, cacertdir, cert, key, sni, insecure, profile
  case passwordFile = "password-file"
  case passwordCommand = "password-command"
  case sentinelUser = "sentinel-user"
  case sentinelPasswordFile = "sentinel-password-file"
  case nodeOnly = "node-only"
  case readFrom = "read-from"
  case maxConnections = "max-connections"
  case retryFor = "retry-for"
  case connectTimeout = "connect-timeout"
  case timeout
  case maxRuntime = "max-runtime"

  // Dump files in place of a server.
  case rdb
  case asOf = "as-of"
  case noChecksum = "no-checksum"

  // Which keys, and how their names are read.
  case exclude, type, namespace, template, role, segment, superseded, separator, schema, tag
  case keyVersion = "key-version"
  case noTTL = "no-ttl"
  case ttlBelow = "ttl-below"
  case ttlAbove = "ttl-above"
  case expiresAfter = "expires-after"
  case expiresBefore = "expires-before"
  case largerThan = "larger-than"
  case idleAbove = "idle-above"
  case versionPattern = "version-pattern"
  case tagKey = "tag-key"
  case memberKey = "member-key"
  case prune
  case keysFrom = "keys-from"
  case allDatabases = "all-dbs"
  case ignoreDatabase = "ignore-db"
  case samples

  // What is measured and shown.
  case by, depth, top, exact, sample, sort, idle, big, list, print0, buckets, horizon, value
  case maxGroups = "max-groups"
  case waveWindow = "wave-window"
  case interval, watch, state, warning, critical
  case listenFor = "for"
  case enableNotifications = "enable-notifications"
  case topKeys = "top-keys"
  case noMonitor = "no-monitor"
  case noMemory = "no-memory"
  case duty, refill, force
  case maxOps = "max-ops"
  case allFindings = "all-findings"
  case ignore, limit
  case quick, only, disable, threshold
  case failOn = "fail-on"
  case failIf = "fail-if"

  // What is written.
  case delete, bump, ttl, jitter, envelope, stale, hot, dump, partial
  case expireWithin = "expire-within"
  case ifMissing = "if-missing"
  case refreshBelow = "refresh-below"
  case inputFormat = "input-format"
  case minTTL = "min-ttl"

  // How much, how fast, and with whose consent.
  case pace, rate, count, batch, expect, all, confirm, yes, verify, strict
  case maxKeys = "max-keys"
  case dryRun = "dry-run"
  case stopOnEviction = "stop-on-eviction"

  // Files and output.
  case checkpoint, journal, resume, backup, rejects, output, format, json, color, quiet, verbose
  case noProgress = "no-progress"
  case noInput = "no-input"

  /// The option of a word that is typed; nil for another word.
  init?(word: String) {
    guard word.hasPrefix("--") else { return nil }
    self.init(rawValue: String(word.dropFirst(2)))
  }

  /// The option as it is typed.
  var word: String { "--" + rawValue }

  /// The letter by which it is typed, too.
  var letter: Character? {
    switch self {
    case .uri: "u"
    case .host: "H"
    case .port: "p"
    case .socket: "s"
    case .db: "n"
    case .profile: "P"
    case .output: "o"
    case .quiet: "q"
    case .verbose: "v"
    default: nil
    }
  }

  /// True for what is on or off, and takes no value.
  var isFlag: Bool {
    switch self {
    case .askpass, .tls, .insecure, .nodeOnly, .noChecksum, .ignoreDatabase, .superseded, .noTTL, .prune,
      .allDatabases,
      .exact, .idle, .allFindings,
      .list, .print0, .value, .watch, .delete, .ifMissing, .envelope, .dump, .partial, .all, .yes, .verify,
      .strict, .quick,
      .dryRun,
      .stopOnEviction, .enableNotifications, .noMonitor, .noMemory, .force, .json, .quiet, .verbose,
      .noProgress, .noInput:
      true
    default: false
    }
  }

  /// True for what may be given several times, each time with another value.
  var isRepeatable: Bool {
    switch self {
    case .rdb, .exclude, .namespace, .template, .role, .schema, .tag, .warning, .critical, .failIf, .ignore,
      .limit, .only, .disable, .threshold:
      true
    default: false
    }
  }

  /// True where a second value would silently change which server or keys are meant, or what becomes of them.
  var isSingle: Bool {
    guard !isFlag, !isRepeatable else { return false }
    switch role {
    case .target, .dump, .keys, .databases, .action, .bound, .expectation, .copy, .record, .run: return true
    case .time, .measuring, .pace, .display: return false
    }
  }

  /// What the option is for.
  var role: OptionRole { entry.role }

  /// The commands that take the option.
  var verbs: Set<Verb> { entry.verbs }

  /// True for what a profile of the configuration may set.
  var isSetting: Bool {
    switch self {
    case .schema, .separator, .pace, .ignore, .limit: true
    default: (role == .target || role == .time) && self != .profile && self != .askpass
    }
  }

  private var entry: (role: OptionRole, verbs: Set<Verb>) {
    switch self {
    case .uri, .host, .port, .socket, .db, .user, .askpass, .tls, .cacert, .cacertdir, .cert, .key, .sni,
      .insecure, .profile, .passwordFile, .passwordCommand, .sentinelUser, .sentinelPasswordFile, .nodeOnly,
      .readFrom,
      .maxConnections, .retryFor:
      (.target, .all)
    case .connectTimeout, .timeout, .maxRuntime: (.time, .all)
    case .rdb, .asOf, .noChecksum: (.dump, [.scan, .ttl, .export])

    case .exclude, .namespace, .keyVersion:
      (.keys, .walking.union([.hits]))
    case .type, .template, .role, .segment, .superseded, .noTTL, .ttlBelow, .ttlAbove, .expiresAfter,
      .expiresBefore,
      .largerThan, .idleAbove, .samples:
      (.keys, .walking)
    case .separator, .versionPattern, .schema: (.keys, .walking.union([.hits, .doctor, .inspect]))
    case .tag: (.keys, .writing)
    case .tagKey: (.keys, .writing.union([.inspect]))
    case .value: (.display, [.inspect])
    case .keysFrom, .memberKey, .prune: (.keys, [.invalidate])
    case .allDatabases: (.databases, .grouping.union([.warm]))
    case .ignoreDatabase: (.databases, [.warm])

    case .by, .maxGroups: (.measuring, .grouping.union([.hits]))
    case .depth, .exact, .sample: (.measuring, .grouping)
    case .idle, .big: (.measuring, [.scan])
    case .top: (.display, .grouping.union([.hits]))
    case .listenFor, .enableNotifications, .topKeys, .noMonitor, .noMemory, .duty, .refill, .maxOps,
      .force:
      (.display, [.hits])
    case .failOn: (.display, [.scan, .doctor])
    case .quick, .only, .disable, .threshold: (.display, [.doctor])
    case .sort, .list, .print0, .allFindings, .ignore, .limit: (.display, [.scan])
    case .buckets, .horizon, .waveWindow: (.display, [.ttl])
    case .failIf: (.display, [.stats, .hits])
    case .watch: (.display, [.stats, .hits])
    case .interval: (.display, [.stats, .doctor])
    case .warning, .critical: (.display, [.stats])
    case .state: (.display, [.scan, .ttl, .stats, .hits, .doctor])

    case .delete, .expireWithin: (.action, [.invalidate])
    case .bump: (.display, [.invalidate])
    case .inputFormat, .ttl, .jitter, .ifMissing, .refreshBelow, .envelope, .stale: (.action, [.warm])
    case .hot: (.display, [.scan, .export])
    case .minTTL, .dump, .partial: (.display, [.export])

    case .pace, .rate: (.pace, [.scan, .ttl, .doctor, .invalidate, .warm, .export])
    case .count: (.pace, .walking)
    case .batch: (.bound, .writing)
    case .maxKeys, .confirm: (.bound, .writing)
    case .all: (.bound, [.invalidate])
    case .strict, .stopOnEviction: (.bound, [.warm])
    case .expect: (.expectation, .writing)
    case .yes, .verify: (.run, .writing)
    case .dryRun: (.display, .writing)

    case .backup: (.copy, .writing)
    case .rejects: (.run, [.warm])
    case .journal, .resume: (.record, .writing)
    case .checkpoint: (.display, [.scan])
    case .json, .output, .color, .quiet, .verbose, .noProgress, .noInput: (.display, .all)
    case .format: (.display, Set.all.subtracting([.export]))
    }
  }
}
