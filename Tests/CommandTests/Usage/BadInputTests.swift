import Foundation
import TestHarness
import Testing

/// What is answered to arguments that cannot be meant.
@Suite(.overlapping) struct BadInputTests {
  /// Arguments, and the words that the answer must have.
  struct Row: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    let words: [String]
    var testDescription: String { String(arguments.joined(separator: " ").prefix(60)) }

    init(_ arguments: [String], _ status: Int32, _ words: String...) {
      self.arguments = arguments
      self.status = status
      self.words = words
    }
  }

  /// Refused before any server is asked.
  static let refused = [
    Row([""], 64, "the pattern is empty", "'*'"),
    Row([String(repeating: "*a", count: 300)], 64, "300 '*'", "the limit is 64"),
    Row(["--exclude", ""], 64, "--exclude", "empty"),
    Row(["--count", "0"], 64, "--count", "from 1 to 100000"),
    Row(["--count", "-1"], 64, "--count", "from 1 to 100000"),
    Row(["--count", "1e9"], 64, "--count", "from 1 to 100000"),
    Row(["--rate", "0"], 64, "--rate", "at least 1"),
    Row(["--top", "0"], 64, "--top", "from 1"),
    Row(["--sample", "0"], 64, "--sample", "from 1"),
    Row(["--depth", "25"], 64, "--depth", "from 1 to 24"),
    Row(["--big", "many"], 64, "--big", "whole number"),
    Row(["--type", "nosuch"], 64, "nosuch", "string list set zset hash stream"),
    Row(["--by", "nosuch"], 64, "--by", "nosuch"),
    Row(["--format", "xml"], 64, "table", "jsonl", "csv"),
    Row(["--fail-on", "never"], 64, "info", "warning", "critical"),
    Row(["--exact", "--sample", "5"], 64, "--exact", "--sample"),
    Row(["--json", "--format", "csv"], 64, "--json", "--format"),
    Row(["--ttl-below", "1 month"], 64, "no fixed length", "30d"),
    Row(["--ttl-below", "90"], 64, "needs a unit", "90s"),
    Row(["--ttl-above", "2h", "--ttl-below", "1h"], 64, "swap"),
    Row(["--no-ttl", "--ttl-below", "1h"], 64, "--no-ttl"),
    Row(["--larger-than", "5X"], 64, "not a size", "512KiB"),
    Row(["--key-version", "newest"], 64, "--key-version", "v3", "none"),
    Row(["--separator", ""], 64, "--separator"),
    Row(["--version-pattern", "("], 64, "--version-pattern", "regular expression"),
    Row(["--version-pattern", "(?=v)v1"], 64, "--version-pattern", "lookahead"),
    Row(["--version-pattern", "(v)\\1"], 64, "--version-pattern", "back references"),
    Row(["--schema", "{nosuch}"], 64, "{nosuch}", "{namespace}"),
    Row(["one", "two"], 64, "two"),
    Row(["--port", "70000"], 64, "\"70000\"", "1 to 65535"),
    Row(["--port", "http"], 64, "\"http\"", "1 to 65535"),
    Row(["--db=-1"], 64, "--db"),
    Row(["-u", "redis://::1"], 64, "brackets: [::1]"),
    Row(["-u", "redis://::1:6379/0"], 64, "brackets"),
    Row(["-u", "redis://:\(Rediscache.secret)@x@cache/0"], 64, "not percent-encoded", "%40"),
    Row(["-u", "redis://user:\(Rediscache.secret)%zz@cache/0"], 64, "%25"),
    Row(["-u", "redis://user:\(Rediscache.secret)"], 64, "port", "not valid"),
    Row(["-u", "redis://user@cache/0"], 64, "user but no password"),
    Row(["-u", "\(Rediscache.secret)://cache"], 64, "scheme", "redis://"),
    Row(["-u", "redis://cache/first"], 64, "database"),
    Row(["-u", "redis://cache/0?db=1"], 64, "two databases"),
    Row(["-u", "redis://cache", "--host", "other"], 64, "--uri and --host"),
    Row(["-H", "redis://:\(Rediscache.secret)@cache"], 64, "the host is not valid", "--uri"),
    Row(["--user", "audit"], 64, "\"audit\"", "without a password"),
    Row(["--tls", "-s", "/run/redis.sock"], 64, "TLS and a Unix socket"),
    Row(["--insecure"], 64, "--insecure", "--tls"),
    Row(["--timeout", "0s"], 64, "--timeout", "1ms"),
    Row(["--askpass", "--no-input"], 64, "--no-input"),
    Row(["--quiet", "--verbose"], 64, "--quiet", "--verbose"),
    Row(["--password-file", "/nonexistent/file"], 66, "/nonexistent/file"),
    Row(["--password-file", "/dev"], 66, "directory"),
    Row(["--password-file", "/dev/zero"], 78, "64 KiB"),
    Row(["--password-file", "/dev/null"], 78, "empty"),
    Row(["--profile", "prod"], 78, "profile prod", "config.toml"),
  ]

  @Test("arguments that cannot be meant are refused by name", arguments: refused)
  func refusal(_ row: Row) throws {
    let result = try Rediscache.run(["scan"] + row.arguments)
    #expect(result.status == row.status, "\(result)")
    #expect(result.stdout.isEmpty)
    for word in row.words {
      #expect(result.errorText.lowercased().contains(word.lowercased()), "\(word) is not in: \(result)")
    }
    #expect(result.errorText.hasPrefix("error: "), "\(result)")
    #expect(!result.errorText.contains("Fatal"))
  }

  @Test("the same in the environment is a matter of configuration") func environment() throws {
    let rows = [
      ("REDISCACHE_URI", "redis://::1"), ("REDIS_URL", "http://cache"),
      ("REDIS_URL", "redis://:\(Rediscache.secret)@x@cache"),
    ]
    for (variable, value) in rows {
      let result = try Rediscache.run(["scan"], environment: [variable: value])
      #expect(result.status == 78 && result.errorText.contains(variable), "\(result)")
    }
  }

  @Test("patterns that Redis reads oddly work, with a warning that says how") func oddPatterns() throws {
    try RedisServer.with { server in
      try server.load(text: ["a", "b", "[ab", "ab\\", "app:v1:1"].map { ["SET", $0, "value"] })
      let rows = [
        ("[ab", ["a", "b"], "'[' is never closed"), ("ab\\", ["ab\\"], "nothing to escape"),
        ("[]", [], "set with nothing in it"), ("a[\\xzz]", [], "two hexadecimal digits"),
      ]
      for (pattern, keys, warning) in rows {
        let result = try Rediscache.scan(server, [pattern, "--list"])
        #expect(result.status == 0, "\(result)")
        #expect(result.text.split(separator: "\n").map(String.init).sorted() == keys, "\(pattern)")
        #expect(result.errorText.contains("warning: PATTERN: column") && result.errorText.contains(warning))
        #expect(try Rediscache.scan(server, [pattern, "--list", "-q"]).stderr.isEmpty)
      }
      let stars = try Rediscache.scan(server, [String(repeating: "*", count: 300), "--list"])
      #expect(stars.status == 0 && stars.text.split(separator: "\n").count == 5)
    }
  }

  @Test("bytes that cannot be typed are reached with \\xHH") func spelledBytes() throws {
    try RedisServer.with { server in
      let keys: [(pattern: String, key: [UInt8])] = [
        ("a\\x00b", [0x61, 0, 0x62]), ("a\\x0ab", [0x61, 0x0A, 0x62]), ("a\\xffb", [0x61, 0xFF, 0x62]),
        ("a\\x2ab", Array("a*b".utf8)),
      ]
      try server.load(keys.map { [Array("SET".utf8), $0.key, [0x31]] })
      for (pattern, key) in keys {
        // No list of names alone can carry one that holds a zero byte.
        guard !key.contains(0) else {
          let result = try Rediscache.scan(server, [pattern, "--list", "--format", "jsonl"])
          #expect(result.status == 0 && result.text.contains(#""key":"a\u0000b""#), "\(result)")
          continue
        }
        let result = try Rediscache.scan(server, [pattern, "--list", "--print0"])
        #expect(result.status == 0 && result.stdout == key + [0], "\(pattern): \(result)")
      }
    }
  }

  @Test("a pattern in which a server could drown is not sent") func refusedPatternIsNotSent() throws {
    let server = try ScriptedServer.silent()
    let result = try Rediscache.run(["scan", "-s", server.socketPath, String(repeating: "*a", count: 65)])
    #expect(result.status == 64)
    #expect(server.connections == 0)
  }

  @Test("--askpass without a terminal says what to use instead") func askpassWithoutTerminal() throws {
    let result = try Rediscache.run(["scan", "--askpass"])
    #expect(result.status == 64 && result.errorText.contains("--password-file"), "\(result)")
  }
}
