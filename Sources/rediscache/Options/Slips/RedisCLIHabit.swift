import Bytes
import Reporting

/// What people type by habit, from redis-cli and elsewhere, and what does the same here.
enum RedisCLIHabit {
  /// The command that does what a word does in redis-cli, in a sentence and as it is typed; nil for other words.
  static func command(_ word: String) -> (meaning: String, example: String)? {
    switch word.lowercased() {
    case "keys", "ls", "list":
      ("scan --list lists keys", "rediscache scan --list 'app:*'")
    case "del", "delete", "unlink", "rm", "remove", "flush", "flushdb", "flushall", "purge", "clear":
      ("invalidate removes keys", "rediscache invalidate 'app:*' --dry-run")
    case "expire", "pexpire", "expireat":
      ("invalidate shortens TTLs", "rediscache invalidate 'app:*' --expire-within 10m --dry-run")
    case "info", "ping", "monitor", "latency", "slowlog", "stat", "top":
      ("stats reads INFO and latencies", "rediscache stats")
    case "dump", "backup", "save", "bgsave":
      ("export writes keys and values to a file", "rediscache export 'app:*' -o app.jsonl")
    case "get", "mget", "hgetall", "lrange", "smembers":
      ("inspect --value shows what a key holds", "rediscache inspect --value app:v2:user:1")
    case "restore", "load", "import", "set", "mset", "seed":
      ("warm loads keys from a file", "rediscache warm app.jsonl --dry-run")
    case "type", "object", "memory", "strlen", "debug", "show", "exists", "pttl":
      ("inspect says everything about single keys", "rediscache inspect app:v2:user:1")
    case "bigkeys", "memkeys":
      ("scan --big lists the largest keys", "rediscache scan --big 20")
    case "dbsize", "count", "size", "audit", "analyze", "analyse":
      ("scan counts keys by namespace", "rediscache scan")
    default: nil
    }
  }

  /// What does here what an option of redis-cli does, or of other programs; nil for other words.
  static func option(_ word: String) -> String? {
    let name = String(word.prefix { $0 != "=" }.drop { $0 == "-" })
    if word.hasPrefix("-a"), !word.hasPrefix("--") { return password }
    switch name {
    case "pass", "password", "auth": return password
    case "k":
      return "--insecure accepts any certificate, --key names a client's private key; scan --list lists keys"
    case "c", "cluster": return "a cluster is followed by itself; --node-only looks at one node"
    case "i": return "--rate and --pace slow a walk down; stats --watch --interval 5s repeats"
    case "r", "stat", "latency": return "rediscache stats --watch repeats, with latencies"
    case "pattern": return "the pattern is an argument: rediscache scan 'app:*'"
    case "scan": return "rediscache scan --list 'app:*' lists keys"
    case "bigkeys", "memkeys": return "rediscache scan --big 20 lists the largest keys"
    case "hotkeys": return "rediscache export --hot 20 -o hot.jsonl writes the keys used most"
    case "csv": return "--format csv writes CSV"
    case "raw", "no-raw": return "--format jsonl writes keys as JSON; --list --print0 writes them as they are"
    case "no-auth-warning": return "--password-file and REDISCLI_AUTH give a password without a warning"
    case "sentinel": return "--uri redis-sentinel://h1:26379,h2:26379/NAME asks sentinels"
    case "t": return "--connect-timeout and --timeout bound the waits"
    case "V": return "rediscache --version"
    default: return nil
    }
  }

  private static let password =
    "other users see a command line: give a password with --askpass, --password-file FILE or REDISCLI_AUTH"

  /// What to say where `-h` is meant as a host; nil where it asks for help.
  static func misplacedHost(in arguments: [String]) -> Failure? {
    let words = Array(arguments.prefix { $0 != "--" })
    guard let place = words.firstIndex(of: "-h"), place + 1 < words.count else { return nil }
    let host = words[place + 1]
    let commands = Verb.allCases.map(\.rawValue)
    guard !host.hasPrefix("-"), !commands.contains(host), !host.contains(where: { "*?[".contains($0) })
    else { return nil }
    let command = words.first { commands.contains($0) } ?? Verb.scan.rawValue
    let options = TypedAddress(host)?.options ?? "-H \(KeyText.shellQuoted(host))"
    return Failure(
      .usage, "-h shows help; a host is given with -H, behind the command",
      hints: ["rediscache \(command) \(options)"])
  }
}

/// Notices an option that is given twice although it has one value: the parser would take the last one and say nothing.
enum RepeatedOption {
  /// What to say; nil where nothing is given twice. Values are not repeated: they may hold a password.
  static func failure(for arguments: [String]) -> Failure? {
    var seen: Set<OptionName> = []
    for word in arguments.prefix(while: { $0 != "--" }) {
      guard let option = option(word), option.isSingle, !seen.insert(option).inserted else { continue }
      let letter = option.letter.map { " (-\($0))" } ?? ""
      return Failure(
        .usage, "\(option.word)\(letter) is given twice, and it takes one value",
        hints: [option.role == .target ? "run once for each of them" : "leave out one of them"])
    }
    return nil
  }

  /// The option that a word names, by its long name or its letter, with or without a value.
  private static func option(_ word: String) -> OptionName? {
    let name = String(word.prefix { $0 != "=" })
    if let option = OptionName(word: name) { return option }
    guard name.count == 2, name.first == "-", let letter = name.last else { return nil }
    return OptionName.allCases.first { $0.letter == letter }
  }
}
