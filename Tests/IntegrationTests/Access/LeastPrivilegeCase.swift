import Foundation
import RedisClient
import TestHarness
import Testing

/// A run of the tool, and the rows of `help acl` that it needs.
struct LeastPrivilegeCase: Sendable, CustomTestStringConvertible {
  static let user = "limited"

  /// The rule, by the name it is printed under.
  let usage: String
  /// The rows below it.
  let additions: [String]
  /// The command line without the place; `@` begins files of the test's folder.
  let arguments: [String]
  /// Words that the rows list for other data than this run meets.
  var spare: Set<String> = []
  /// Configuration of the server.
  var configuration: [String] = []

  var testDescription: String { arguments.joined(separator: " ") }

  init(
    _ usage: String, adding additions: [String] = [], _ arguments: [String], spare: Set<String> = [],
    configuration: [String] = []
  ) {
    self.usage = usage
    self.additions = additions
    self.arguments = arguments
    self.spare = spare
    self.configuration = configuration
  }

  /// True for runs that change what they find.
  var writes: Bool { arguments.first == "invalidate" || arguments.first == "warm" }

  static let all = inspections + hits + doctors + removals + warmings + exports

  private static let inspections = [
    LeastPrivilegeCase("scan", ["scan", "--json"]),
    LeastPrivilegeCase("scan", ["scan", "--json", "--by", "type", "--big", "2"]),
    LeastPrivilegeCase("scan", ["scan", "--json", "--depth", "2"]),
    LeastPrivilegeCase("scan", ["scan", "app:*", "--superseded", "--json", "--larger-than", "1"]),
    LeastPrivilegeCase("scan", ["scan", "--list", "--format", "jsonl"]),
    LeastPrivilegeCase("scan", adding: ["--idle, --idle-above, --hot"], ["scan", "--json", "--idle"]),
    LeastPrivilegeCase(
      "scan", adding: ["--idle, --idle-above, --hot"], ["scan", "--json", "--idle-above", "1h"]),
    LeastPrivilegeCase(
      "scan", adding: ["under an LFU policy"], ["scan", "app:*", "--json", "--hot", "500"],
      configuration: ["maxmemory-policy allkeys-lfu"]),
    LeastPrivilegeCase("scan", adding: ["--db"], ["scan", "--json", "-n", "2"]),
    LeastPrivilegeCase("scan", adding: ["--all-dbs"], ["scan", "--json", "--all-dbs"]),
    LeastPrivilegeCase("ttl", ["ttl", "--json"]),
    LeastPrivilegeCase("ttl", ["ttl", "--json", "--type", "string"]),
    LeastPrivilegeCase("ttl", adding: ["--by type"], ["ttl", "--json", "--by", "type"]),
    LeastPrivilegeCase("ttl", adding: ["--larger-than"], ["ttl", "--json", "--larger-than", "10"]),
    LeastPrivilegeCase("ttl", adding: ["--idle-above"], ["ttl", "--json", "--idle-above", "1h"]),
    LeastPrivilegeCase("ttl", adding: ["--db"], ["ttl", "--json", "-n", "2"]),
    LeastPrivilegeCase("ttl", adding: ["--all-dbs"], ["ttl", "--json", "--all-dbs"]),
    LeastPrivilegeCase("stats", ["stats", "--json"]),
    LeastPrivilegeCase("stats", ["stats", "--json", "--interval", "100ms"]),
    LeastPrivilegeCase("stats", adding: ["--db"], ["stats", "--json", "-n", "2"]),
    LeastPrivilegeCase("inspect", ["inspect", "app:v1:user:1", "app:v1:nothing", "--json"]),
    LeastPrivilegeCase(
      "inspect", adding: [collections], ["inspect", "--json"] + one, spare: ["+strlen"]),
    LeastPrivilegeCase(
      "inspect", adding: ["under an LFU policy"], ["inspect", "app:v1:user:1", "--json"],
      configuration: ["maxmemory-policy allkeys-lfu"]),
    LeastPrivilegeCase(
      "inspect", adding: [collections, "--value"], ["inspect", "app:v1:user:1", "--value", "--json"] + one),
    LeastPrivilegeCase(
      "inspect", adding: ["--tag-key"], ["inspect", "app:v1:user:1", "--tag-key", "tag:{tag}", "--json"]),
    LeastPrivilegeCase("inspect", adding: ["--db"], ["inspect", "app:v1:other:1", "-n", "2", "--json"]),
  ]

  /// Three windows of MONITOR fit into the time.
  private static let hits =
    listening + [
      LeastPrivilegeCase(
        "hits --no-monitor", adding: ["under an LFU policy"],
        ["hits", "--no-monitor", "--json", "--for", "300ms"], spare: ["+object|idletime"],
        configuration: ["notify-keyspace-events Emxeg", "maxmemory-policy allkeys-lfu"])
    ]

  private static let listening = [
    "hits", "hits --no-memory", "hits --no-monitor", "hits --no-memory --no-monitor",
  ].flatMap { usage in
    let words = usage.split(separator: " ").map(String.init) + ["--json", "--for", "600ms"]
    let events = ["notify-keyspace-events Emxeg"]
    return [
      LeastPrivilegeCase(usage, words, configuration: events),
      LeastPrivilegeCase(usage, adding: ["--enable-notifications"], words + ["--enable-notifications"]),
      LeastPrivilegeCase(usage, adding: ["--db"], words + ["-n", "2"], configuration: events),
    ]
  }

  private static let doctors = [
    LeastPrivilegeCase("doctor", ["doctor", "--json", "--interval", "100ms"]),
    LeastPrivilegeCase("doctor --quick", ["doctor", "--quick", "--json", "--interval", "100ms"]),
    LeastPrivilegeCase(
      "doctor --quick", adding: ["--db"], ["doctor", "--quick", "--json", "--interval", "100ms", "-n", "2"]),
  ]

  /// A key of each kind of collection.
  private static let one = ["cart", "list", "set", "zset", "stream"].map { "app:v2:\($0):1" }

  private static let removal = ["invalidate", "app:v1:*", "--yes", "--json"]

  private static let removals = [
    LeastPrivilegeCase("invalidate", removal),
    LeastPrivilegeCase("invalidate", removal + ["--verify", "--journal", "@journal"]),
    LeastPrivilegeCase("invalidate", ["invalidate", "app:*", "--superseded", "--yes", "--json"]),
    LeastPrivilegeCase(
      "invalidate", ["invalidate", "app:v1:*", "--dry-run", "--json"], spare: ["+unlink", "%W~app:*"]),
    LeastPrivilegeCase("invalidate", adding: ["--delete"], removal + ["--delete"]),
    LeastPrivilegeCase("invalidate", adding: ["--expire-within"], removal + ["--expire-within", "1m"]),
    LeastPrivilegeCase("invalidate", adding: ["--backup"], removal + ["--backup", "@backup"]),
    LeastPrivilegeCase("invalidate", adding: ["--resume"], removal + ["--resume", "@journal"]),
    LeastPrivilegeCase("invalidate", adding: ["--type"], removal + ["--type", "string"]),
    LeastPrivilegeCase(
      "invalidate", adding: ["--no-ttl, --ttl-below, --ttl-above, --expires-after, --expires-before"],
      removal + ["--ttl-above", "1m"]),
    LeastPrivilegeCase("invalidate", adding: ["--larger-than"], removal + ["--larger-than", "10"]),
    LeastPrivilegeCase(
      "invalidate", adding: ["--idle-above"],
      ["invalidate", "app:v1:*", "--yes", "--json", "--idle-above", "1h"],
      spare: ["+unlink"]),
    LeastPrivilegeCase("invalidate", adding: ["--db"], removal + ["-n", "2"]),
    LeastPrivilegeCase(
      "invalidate --keys-from", ["invalidate", "--keys-from", "@keys", "--yes", "--json"]),
    LeastPrivilegeCase("invalidate --tag", ["invalidate", "--tag", "plain", "--yes", "--json"]),
    LeastPrivilegeCase(
      "invalidate --tag", adding: ["tags of Laravel (sorted sets)"],
      ["invalidate", "--tag", "plain", "--tag", "scored", "--yes", "--json"]),
    LeastPrivilegeCase("invalidate --bump", ["invalidate", "--bump", "app:generation", "--yes", "--json"]),
  ]

  private static let collections = "hash list set zset stream"
  private static let large = "over 250 elements or 1 MiB"

  private static let warmings = [
    LeastPrivilegeCase("warm", ["warm", "--yes", "@strings", "--json"]),
    LeastPrivilegeCase("warm", ["warm", "--yes", "@strings", "--json", "--if-missing", "--envelope"]),
    LeastPrivilegeCase(
      "warm", ["warm", "--yes", "@strings", "--json", "--dry-run"], spare: ["+set", "%W~app:*"]),
    LeastPrivilegeCase("warm", adding: [collections], ["warm", "--yes", "@small", "--json"]),
    LeastPrivilegeCase("warm", adding: [collections, large], ["warm", "--yes", "@large", "--json"]),
    LeastPrivilegeCase(
      "warm", adding: [collections, "with --if-missing"],
      ["warm", "--yes", "@small", "--json", "--if-missing"]),
    LeastPrivilegeCase(
      "warm", adding: [collections, large, "with --if-missing"],
      ["warm", "--yes", "@large", "--json", "--if-missing"],
      spare: ["+rename"]),
    LeastPrivilegeCase("warm", adding: ["dump"], ["warm", "--yes", "@dumps", "--json"]),
    LeastPrivilegeCase("warm", adding: ["tags, --tag"], ["warm", "--yes", "@tagged", "--json"]),
    LeastPrivilegeCase(
      "warm", adding: ["backups of invalidate --tag"], ["warm", "--yes", "@saved", "--json"]),
    LeastPrivilegeCase(
      "warm", adding: ["backups of invalidate --tag", "--verify", "with --verify"],
      ["warm", "--yes", "@saved", "--json", "--verify"],
      spare: ["+hscan", "+lrange", "+sscan", "+zrange", "+xrange", "+dump"]),
    LeastPrivilegeCase(
      "warm", adding: ["--refresh-below"], ["warm", "--yes", "@strings", "--json", "--refresh-below", "10%"]),
    LeastPrivilegeCase(
      "warm", adding: ["--if-missing --dry-run"],
      ["warm", "--yes", "@strings", "--json", "--if-missing", "--dry-run"],
      spare: ["+set", "%W~app:*"]),
    LeastPrivilegeCase(
      "warm", adding: [collections, "dump", "--verify"], ["warm", "--yes", "@all", "--json", "--verify"]),
    LeastPrivilegeCase(
      "warm", adding: ["--backup"], ["warm", "--yes", "@strings", "--json", "--backup", "@backup"]),
    LeastPrivilegeCase(
      "warm", adding: ["--stop-on-eviction"], ["warm", "--yes", "@strings", "--json", "--stop-on-eviction"]),
    LeastPrivilegeCase("warm", adding: ["--db"], ["warm", "--yes", "@strings", "--json", "-n", "2"]),
  ]

  private static let dump = ["export", "app:v2:*", "--dump"]

  private static let exports = [
    LeastPrivilegeCase("export", adding: ["streams"], ["export", "app:*"]),
    LeastPrivilegeCase("export", ["export", "app:v2:*", "--type", "hash"], spare: everyRead),
    LeastPrivilegeCase("export", adding: ["streams"], ["export", "app:v2:*", "--min-ttl", "1m"]),
    LeastPrivilegeCase("export", adding: ["streams", "--hot"], ["export", "app:v2:*", "--hot", "500"]),
    LeastPrivilegeCase(
      "export", adding: ["streams", "under an LFU policy"], ["export", "app:v2:*", "--hot", "500"],
      configuration: ["maxmemory-policy allkeys-lfu"]),
    LeastPrivilegeCase(
      "export", adding: ["streams", "--larger-than"], ["export", "app:v2:*", "--larger-than", "1"]),
    LeastPrivilegeCase(
      "export", adding: ["--idle-above"], ["export", "app:v2:*", "--idle-above", "1h"],
      spare: everyRead.union(["+get", "+hscan", "+type"])),
    LeastPrivilegeCase(
      "export", adding: ["--db"], ["export", "app:*", "-n", "2"], spare: everyRead.union(["+hscan", "+type"])),
    LeastPrivilegeCase("export --dump", dump),
    LeastPrivilegeCase("export --dump", adding: ["--hot"], dump + ["--hot", "500"]),
    LeastPrivilegeCase(
      "export --dump", adding: ["under an LFU policy"], dump + ["--hot", "500"],
      configuration: ["maxmemory-policy allkeys-lfu"]),
    LeastPrivilegeCase("export --dump", adding: ["--type"], dump + ["--type", "hash"]),
    LeastPrivilegeCase("export --dump", adding: ["--larger-than"], dump + ["--larger-than", "1"]),
    LeastPrivilegeCase(
      "export --dump", adding: ["--idle-above"], dump + ["--idle-above", "1h"], spare: ["+dump"]),
    LeastPrivilegeCase("export --dump", adding: ["--db"], ["export", "app:*", "--dump", "-n", "2"]),
  ]

  private static let everyRead: Set = ["+lrange", "+sscan", "+zrange"]
}
