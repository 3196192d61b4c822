import Foundation
import TestHarness
import Testing

/// Metrics and checks of `scan`, and what several files of metrics say together.
@Suite(.overlapping) struct ScanMetricsTests {
  private static func load(_ server: RedisServer) throws {
    try server.populate(300, prefix: "shop:v1:")
    try server.populate(200, prefix: "shop:v2:", ttl: 5_000)
    try server.load(text: [["SET", #"od"d\:v1:1"#, "x"]])
  }

  /// The samples of a text: the name with its labels, and the value.
  private static func samples(_ text: String) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
        line.lastIndex(of: " ").flatMap { space in
          Double(line[line.index(after: space)...]).map { (String(line[..<space]), $0) }
        }
      })
  }

  @Test("keys, keys without TTL and bytes of each group, with target and database") func metrics() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let result = try Rediscache.scan(server, ["--format", "prometheus"])
      #expect(result.status == 0, "\(result)")
      let samples = Self.samples(result.text)
      let place = #"target="\#(server.socketPath)",db="0""#
      let first = #"{\#(place),namespace="shop",version="v1"}"#
      #expect(samples["rediscache_scan_keys\(first)"] == 300)
      #expect(samples["rediscache_scan_keys_without_ttl\(first)"] == 300)
      #expect(samples["rediscache_scan_memory_bytes\(first)"] ?? 0 > 300 * 50)
      #expect(samples[#"rediscache_scan_keys_without_ttl{\#(place),namespace="shop",version="v2"}"#] == 0)
      #expect(samples[#"rediscache_up{\#(place),command="scan"}"#] == 1)
      #expect(samples["rediscache_scan_complete{\(place)}"] == 1)
      let cut = try Rediscache.scan(server, ["--format", "prometheus", "--top", "1"])
      let few = Self.samples(cut.text)
      #expect(few.keys.count { $0.hasPrefix("rediscache_scan_keys{") } == 2, "\(cut)")
      #expect(few[#"rediscache_scan_keys{\#(place),group="rest"}"#] == 201)
    }
  }

  @Test("a server that is away is down, and not what it was") func away() throws {
    let result = try Rediscache.run(["scan", "-s", "/nonexistent.sock", "--format", "prometheus"])
    #expect(result.status == 69, "\(result)")
    #expect(
      Self.samples(result.text) == [#"rediscache_up{target="/nonexistent.sock",db="0",command="scan"}"#: 0])
  }

  @Test("a check says the worst finding, and its exit code is that of Nagios") func nagios() throws {
    try RedisServer.with { server in
      try Self.load(server)
      let check = ["--format", "nagios"]
      let warning = try Rediscache.scan(server, check)
      #expect(warning.status == 1 && warning.text.hasPrefix("REDISCACHE WARNING - "), "\(warning)")
      #expect(warning.text.contains(" | keys=501;;;0 keys_without_ttl=301;;;0 memory="), "\(warning)")
      #expect(warning.text.split(separator: "\n").count == 1)
      let quiet = try Rediscache.scan(server, check + ["--fail-on", "critical"])
      #expect(
        quiet.status == 0 && quiet.text.hasPrefix("REDISCACHE OK - 501 keys, 301 never expire"), "\(quiet)")
      for arguments in [["-s", "/nonexistent.sock"], ["-s", server.socketPath, "--nonsense"]] {
        let unknown = try Rediscache.run(["scan"] + check + arguments)
        #expect(unknown.status == 3 && unknown.text.hasPrefix("REDISCACHE UNKNOWN - "), "\(unknown)")
      }
    }
  }

  @Test("the files of two caches and three commands can stand beside each other") func together() throws {
    try RedisServer.with { one in
      try RedisServer.with { other in
        for server in [one, other] { try Self.load(server) }
        var seen: Set<String> = []
        var declared: [String: String] = [:]
        var all = ""
        for server in [one, other] {
          for command in ["scan", "ttl", "stats"] {
            let text = try Rediscache.run([command, "-s", server.socketPath, "--format", "prometheus"]).text
            for sample in Self.samples(text).keys {
              #expect(seen.insert(sample).inserted, "\(command): \(sample) is in two files")
            }
            // node_exporter refuses a name with two helps or types.
            for line in text.split(separator: "\n") where line.hasPrefix("# ") {
              let words = line.split(separator: " ", maxSplits: 3).map(String.init)
              let name = words[1] + " " + words[2]
              #expect(declared[name] == nil || declared[name] == words[3], "\(line)")
              declared[name] = words[3]
            }
            all += text
          }
        }
        guard let promtool = Tool.path(of: "promtool") else { return }
        // One text may declare a name once only, as node_exporter writes it out.
        var known: Set<Substring> = []
        let lines = all.split(separator: "\n").filter { !$0.hasPrefix("#") || known.insert($0).inserted }
        var byName: [Substring: [Substring]] = [:]
        for line in lines {
          let name =
            line.hasPrefix("#") ? line.split(separator: " ")[2] : line.prefix { $0 != "{" && $0 != " " }
          let family = ["_bucket", "_sum", "_count"].reduce(name) {
            $0.hasSuffix($1) && $0.contains("ttl_seconds") ? $0.dropLast($1.count) : $0
          }
          byName[family, default: []].append(line)
        }
        var check = Command(promtool, ["check", "metrics"])
        check.input = .bytes(
          Array(byName.sorted { $0.key < $1.key }.flatMap(\.value).joined(separator: "\n").utf8) + [10])
        let result = try check.run()
        #expect(result.status == 0 && !result.errorText.contains("error"), "\(result)")
      }
    }
  }
}
