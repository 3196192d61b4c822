import TestHarness
import Testing

/// Choosing keys on a real server: what is counted, and what is listed.
@Suite(.overlapping) struct SelectionTests {
  /// A choice, and the keys that it must leave of those that ``load(_:)`` makes.
  struct Choice: Sendable, CustomTestStringConvertible {
    var options: [String]
    var keys: Int
    var testDescription: String { options.joined(separator: " ") }

    init(_ keys: Int, _ options: String...) {
      self.options = options
      self.keys = keys
    }
  }

  private static func load(_ server: RedisServer) throws {
    try server.populate(100, prefix: "app:v1:user:")
    try server.populate(200, prefix: "app:v2:user:", ttl: 7_200)
    try server.populate(300, prefix: "app:v10:user:", ttl: 1_800)
    try server.load(text: (0..<50).map { ["HSET", "session:\($0)", "name", "value"] })
    try server.load(
      text: (0..<3).map { ["SET", "big:\($0)", String(repeating: "x", count: 30_000), "EX", "1800"] })
  }

  @Test("every way to choose keys counts and lists the same ones") func choices() throws {
    let choices = [
      Choice(653), Choice(653, "*"), Choice(600, "app:*"), Choice(3, "big:?"),
      Choice(3, "--larger-than", "20KB"),
      Choice(453, "--exclude", "app:v2:*"), Choice(53, "--exclude", "app:v?:*", "--exclude", "app:v1?:*"),
      Choice(50, "--type", "hash"), Choice(0, "--type", "zset"), Choice(600, "--namespace", "app"),
      Choice(200, "--key-version", "v2"), Choice(300, "--key-version", "<v10"),
      Choice(53, "--key-version", "none"),
      Choice(300, "--superseded"), Choice(100, "--superseded", "--no-ttl"), Choice(150, "--no-ttl"),
      Choice(303, "--ttl-below", "1h"), Choice(200, "--ttl-above", "1h"), Choice(0, "--idle-above", "1h"),
      Choice(300, "--ttl-above", "2m", "--ttl-below", "1h", "--namespace", "app"),
      Choice(1, "\\x61pp:v1:user:7"),
    ]
    try RedisServer.with { server in
      try Self.load(server)
      for choice in choices {
        let report = try Rediscache.report(server, choice.options)
        #expect(report.totals.keys == choice.keys, "\(choice.options)")
        let list = try Rediscache.scan(server, choice.options + ["--list"])
        #expect(list.text.split(separator: "\n").count == choice.keys, "--list \(choice.options)")
        #expect(list.status == 0)
      }
    }
  }
}
