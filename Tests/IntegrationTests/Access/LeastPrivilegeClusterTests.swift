import Foundation
import TestHarness
import Testing

/// What a cluster, and Sentinel, add to the rules of `rediscache help acl`.
@Suite(.serialized, .overlappingApart) struct LeastPrivilegeClusterTests {
  private static let inCluster = "IN A CLUSTER"

  /// Runs a case on a cluster as it was filled anew.
  private static func run(
    _ run: LeastPrivilegeCase, _ cluster: RedisCluster, _ folder: TemporaryFolder, limited: Bool,
    more: [String] = []
  ) throws -> Command.Result {
    for node in cluster.nodes { try node.server.cli("FLUSHALL") }
    try cluster.load(
      (0..<90).map { number in
        ["SET", "app:v\(1 + number % 2):user:\(number)", "value", "EX", "9000"].map { Array($0.utf8) }
      })
    for name in ["journal", "backup"] { try? FileManager.default.removeItem(atPath: folder.file(name)) }
    let arguments = run.arguments.map { $0.hasPrefix("@") ? folder.file(String($0.dropFirst())) : $0 }
    let login = limited ? ["--user", LeastPrivilegeCase.user] : []
    return try Rediscache.run(
      arguments + ["-u", "redis://127.0.0.1:\(cluster.nodes[1].port)"] + login + more,
      environment: limited ? ["REDISCLI_AUTH": Rediscache.secret] : [:])
  }

  private static let runs = [
    LeastPrivilegeCase("scan", ["scan", "--json"]), LeastPrivilegeCase("ttl", ["ttl", "--json"]),
    LeastPrivilegeCase("stats", ["stats", "--json"]),
    LeastPrivilegeCase("invalidate", ["invalidate", "app:v1:*", "--yes", "--json", "--journal", "@journal"]),
    LeastPrivilegeCase(
      "invalidate", adding: ["--backup"],
      ["invalidate", "app:v1:*", "--yes", "--json", "--backup", "@backup", "--verify"]),
    LeastPrivilegeCase("warm", ["warm", "--yes", "@strings", "--json"]),
    LeastPrivilegeCase(
      "warm", adding: ["hash list set zset stream", "over 250 elements or 1 MiB"],
      ["warm", "--yes", "@large", "--json"]),
    LeastPrivilegeCase("export", ["export", "app:*"]),
  ]

  private static func writeSeeds(_ folder: TemporaryFolder) throws {
    let string = #"{"key":"app:v9:string","value":"text","ttl":600}"#
    let elements = (0..<2_500).map { "\"\($0)\"" }.joined(separator: ",")
    let large = #"{"key":"app:v9:large","type":"list","value":[\#(elements)],"ttl":600}"#
    try folder.write("strings", Array((string + "\n").utf8))
    try folder.write("large", Array((string + "\n" + large + "\n").utf8))
  }

  @Test("in a cluster each run succeeds under its rule and what the cluster adds") func cluster() throws {
    let rules = try LeastPrivilegeRules.printed.get()
    let always = try rules.words(under: Self.inCluster, "every command")
    let folder = try TemporaryFolder()
    try Self.writeSeeds(folder)
    try RedisCluster.with(primaries: 3, replicas: 0) { cluster in
      for run in Self.runs {
        let words = try rules.words(run.usage, run.additions) + always
        let free = try Self.run(run, cluster, folder, limited: false)
        #expect(free.status == 0, "\(free)")
        for node in cluster.nodes { try node.server.makeLimitedUser(words) }
        let limited = try Self.run(run, cluster, folder, limited: true)
        #expect(limited.status == 0, "\(limited)")
        let figures = try LeastPrivilegeFigures.of(limited, run, described: false)
        let whole = try LeastPrivilegeFigures.of(free, run, described: false)
        #expect(figures == whole, "\(run.testDescription)")
        #expect(!limited.errorText.contains("NOPERM"), "\(limited)")

        for word in always {
          for node in cluster.nodes { try node.server.makeLimitedUser(words.filter { $0 != word }) }
          let without = try Self.run(run, cluster, folder, limited: true)
          let isTold = without.status != 0 || without.errorText.contains("warning: ")
          #expect(isTold, "without \(word): \(without)")
        }
      }
    }
  }

  @Test("while a slot moves ASKING is needed") func movingSlot() throws {
    let rules = try LeastPrivilegeRules.printed.get()
    let more = try rules.words(under: Self.inCluster, "while slots move")
    let always = try rules.words(under: Self.inCluster, "every command")
    let run = LeastPrivilegeCase("export", ["export", "app:*"])
    let words = try rules.words(run.usage) + always
    try RedisCluster.with(primaries: 2, replicas: 0) { cluster in
      let (slot, keys) = (HashSlots.of("{a}"), (0..<20).map { "app:v1:{a}:\($0)" })
      let source = try #require(try cluster.owner(of: slot))
      try cluster.load(keys.map { ["SET", $0, "value"].map { Array($0.utf8) } })
      try cluster.beginMigration(of: slot, from: source, to: 1 - source)
      try cluster.moveKeys(of: slot, from: source, to: 1 - source, atMost: 10)
      func exported(_ words: [String]) throws -> Command.Result {
        for node in cluster.nodes { try node.server.makeLimitedUser(words) }
        return try Rediscache.run(
          run.arguments + [
            "-u", "redis://127.0.0.1:\(cluster.nodes[0].port)", "--user", LeastPrivilegeCase.user,
          ],
          environment: ["REDISCLI_AUTH": Rediscache.secret])
      }
      let whole = try exported(words + more)
      #expect(whole.status == 0 && whole.text.split(separator: "\n").count == keys.count, "\(whole)")
      for word in more {
        let without = try exported(words + more.filter { $0 != word })
        #expect(without.status != 0 || without.errorText.contains("warning: "), "without \(word): \(without)")
      }
    }
  }

  @Test("through Sentinel, servers and sentinels have rules of their own") func sentinel() throws {
    let rules = try LeastPrivilegeRules.printed.get()
    let watched = try rules.words(under: "THROUGH SENTINEL", "every command")
    let run = LeastPrivilegeCase("scan", ["scan", "--json"])
    let words = try rules.words(run.usage) + watched
    let asking = try rules.words("at the sentinels")
    let folder = try TemporaryFolder()
    let password = try folder.write("password", Array((Rediscache.secret + "\n").utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: password)
    try RedisSentinel.with { setup in
      try setup.servers[0].populate(40, prefix: "app:v1:", ttl: 900)
      func scan(_ words: [String], _ asking: [String], _ options: [String] = []) throws -> Command.Result {
        for server in setup.servers { try server.makeLimitedUser(words) }
        for server in setup.sentinels { try server.makeLimitedUser(asking) }
        let user = LeastPrivilegeCase.user
        return try Rediscache.run(
          run.arguments + [
            "-u", setup.uri(), "--user", user, "--sentinel-user", user, "--sentinel-password-file", password,
          ] + options, environment: ["REDISCLI_AUTH": Rediscache.secret])
      }
      let whole = try scan(words, asking)
      #expect(try whole.status == 0 && Report(whole).totals.keys == 40, "\(whole)")
      let unasked = try scan(words, [])
      #expect(
        unasked.status == 77 && unasked.errorText.contains("sentinel|get-master-addr-by-name"), "\(unasked)")
      let roleless = try scan(words.filter { $0 != "+role" }, asking)
      // INFO tells the role as well, where it may be asked.
      #expect(try roleless.status == 0 && Report(roleless).totals.keys == 40, "\(roleless)")

      let replicas = try rules.words("at the sentinels", ["--read-from replica"])
      let fromReplica = try scan(words, replicas, ["--read-from", "replica"])
      #expect(fromReplica.status == 0, "\(fromReplica)")
      let hidden = try scan(words, asking, ["--read-from", "replica"])
      #expect(hidden.status == 77 && hidden.errorText.contains("sentinel|replicas"), "\(hidden)")
    }
  }
}

/// The slots of the tests' own names.
private enum HashSlots {
  /// The slot of a hash tag in braces, by the server's own CRC16 (XMODEM), bit by bit.
  static func of(_ tag: String) -> Int {
    var crc: UInt16 = 0
    for byte in tag.utf8.dropFirst().dropLast() {
      crc ^= UInt16(byte) << 8
      for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
    }
    return Int(crc) % 16_384
  }
}
