import ArgumentParser

/// What `rediscache help` explains beside the commands.
enum HelpTopic: String, CaseIterable {
  case exitCodes = "exit-codes"
  case patterns
  case json
  case environment

  /// What was asked for: a topic, or a command, whose own help is then shown; nil where no help was asked
  /// for.
  ///
  /// Throws where there is no help on the word.
  static func requested(by arguments: [String]) throws -> HelpText? {
    guard arguments.first == "help" else { return nil }
    guard let word = arguments.dropFirst().first else {
      return HelpText(text: RediscacheCommand.helpMessage())
    }
    if let topic = HelpTopic(rawValue: word) { return HelpText(text: topic.text) }
    let commands = RediscacheCommand.configuration.subcommands
    if let command = commands.first(where: { $0.configuration.commandName == word }) {
      return HelpText(text: RediscacheCommand.helpMessage(for: command))
    }
    let known = commands.compactMap { $0.configuration.commandName } + allCases.map(\.rawValue)
    let nearest = Spelling.nearest(to: word, among: known).map { ". Did you mean '\($0)'?" } ?? ""
    throw Failure(
      .usage, "there is no help on '\(word)'\(nearest)",
      hints: ["there is help on \(known.joined(separator: " "))"])
  }

  private var text: String {
    switch self {
    case .exitCodes: HelpTopic.exitCodesText
    case .patterns: HelpTopic.patternsText
    case .json: HelpTopic.jsonText
    case .environment: HelpTopic.environmentText
    }
  }
}

/// A help text ready to be shown.
struct HelpText {
  let text: String
}

extension HelpTopic {
  private static let exitCodesText = """
    EXIT CODES
        0  done, complete
        1  done in part: some keys or shards are missing, or the reader of a pipe left
        2  what --fail-on names was found, or a --fail-if condition holds
       64  the arguments are wrong
       65  the data of an input file is wrong: a state file of another server
       66  an input file is missing
       69  the server cannot be reached, or is no Redis or Valkey server
       73  the output cannot be written
       75  try again: a time limit passed, or the server is loading, busy or failing over
       77  authentication failed, or a permission is missing
       78  the configuration is wrong
      130  stopped by Ctrl-C
      143  stopped by SIGTERM

      --format nagios uses 0 OK, 1 WARNING, 2 CRITICAL and 3 UNKNOWN only.

    """

  private static let patternsText = #"""
    PATTERNS
      *        any bytes, none included
      ?        one byte
      [abc]    one of these; [a-z] a range; [^a] anything but
      \*       the character itself
      \xHH     the byte with this hexadecimal value, such as \x00 or \x0a

      A pattern holds for the whole key: 'app:v2:*' and not 'app:v2:'. Quote it for the shell.
      At most 64 stars. A '[' that is never closed and a '\' at the end are read as Redis reads them, with a warning.

    HOW A KEY IS READ
      app:v2:user:123:profile   namespace app, version v2, entity app:v2:user, template app:v2:user:*:profile
      session:9f1c…             namespace session, no version
      user:42:v7:profile        namespace user:*, version v7
      user_data_new_123         no namespace; template user_data_new_*

      Numbers, UUIDs, ULIDs, hexadecimal and base64-like tokens, dates and addresses show as *, and so does a place
      that holds more than 32 different values. (A first segment that holds 100 keys and 1 % of all stays a name.)
      More than 16 versions of one namespace are generations: v*.
      --separator, --version-pattern and --schema change the reading.

    """#

  private static let jsonText = """
    JSON
      --json prints one object. Its first members are the same for every command:
        schema tool_version target started_at duration_seconds complete warnings
      "complete": false says that something is missing; the exit code is never 0 then.
      Numbers are integers, seconds, bytes, and ratios from 0 to 1. What the server does not tell is null.
      A key that is valid UTF-8 is that string; any other is shown as redis-cli quotes it, with \\xHH.

      scan adds coverage, groups, totals and findings. A group:
        namespace version entity template keys share without_ttl without_ttl_error
        ttl_seconds{min,p50,p99,max} memory_bytes memory_error avg_bytes types superseded examples
      memory_error is half the width of a 95 % interval relative to the bytes, without_ttl_error the same in keys;
      both are 0 where every key was measured.
      ttl adds coverage, groups and totals. A group:
        namespace version entity template keys without_ttl without_ttl_error vanished
        buckets[{le_seconds,keys}] p50_seconds p99_seconds waves[{at,window_seconds,keys,share}] policy
      A bucket holds the keys above the edge before it; the last has no edge (null).
      --format jsonl prints the same as one object a line, each with a "record" member.

      stats adds nodes, totals, counters_reset, subtracted_lookups and findings. The totals, and each of the nodes:
        lifetime and, where two readings exist, interval, each with
          hits misses hit_ratio evicted_keys expired_keys commands seconds
        used_memory_bytes maxmemory_bytes maxmemory_policy memory_ratio fragmentation_ratio connected_clients
        maxclients rejected_connections blocked_clients ops_per_second keys keys_with_ttl latency_p50_seconds
        latency_p95_seconds latency_p99_seconds latency_source replication_lag_seconds uptime_seconds
        lazyfree_pending_objects
      Ratios of the totals come from summed counters. maxmemory_bytes is 0 where there is no limit. latency_source is
      interval_histogram, histogram or latencystats (an approximation).

    """

  private static let environmentText = """
    ENVIRONMENT
      REDISCACHE_URI, REDIS_URL    where to connect, where no option says it
      REDISCLI_AUTH, VALKEYCLI_AUTH
                                   the password, where nothing else gives one
      COLUMNS                      the width that tables must fit
      NO_COLOR, TERM=dumb          no colours
      LC_ALL, LC_CTYPE, LANG       UTF-8 or plain ASCII drawing
      XDG_CONFIG_HOME, HOME        where the configuration is

    CONFIGURATION
      $XDG_CONFIG_HOME/rediscache/config.toml, else ~/.config/rediscache/config.toml

        [profile.prod]
        uri = "rediss://cache-1:6379/0"
        user = "audit"
        password-file = "/etc/rediscache/prod.password"
        cacert = "/etc/ssl/cache-ca.pem"

      rediscache scan -P prod. The keys of a profile are the names of the connection options.
      Options come first, then a profile named with -P, then the environment, then 127.0.0.1:6379.

    """
}
