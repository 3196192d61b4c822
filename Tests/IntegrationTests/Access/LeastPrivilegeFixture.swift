import Foundation
import TestHarness
import Testing

/// A server with keys of every kind, and the files that runs name.
struct LeastPrivilegeFixture {
  let server: RedisServer
  let folder: TemporaryFolder

  /// Starts a server for a case, hands it over loaded, and stops it.
  static func with(_ run: LeastPrivilegeCase, _ body: (LeastPrivilegeFixture) throws -> Void) throws {
    try RedisServer.with(RedisServer.Options(configuration: run.configuration)) { server in
      let fixture = LeastPrivilegeFixture(server: server, folder: try TemporaryFolder())
      try fixture.load(run)
      if run.usage == "warm" { try fixture.writeSeeds() }
      try fixture.folder.write("keys", Array("app:v1:user:1\napp:v1:user:2\n".utf8))
      try body(fixture)
    }
  }

  /// Runs the tool on the server as it is at the beginning: as the user with few rights, or as the default user.
  func run(_ run: LeastPrivilegeCase, limited: Bool) throws -> Command.Result {
    if run.writes { try reload(run) }
    let arguments = run.arguments.map {
      $0.hasPrefix("@") ? folder.file(String($0.dropFirst())) : $0
    }
    let login = limited ? ["--user", LeastPrivilegeCase.user] : []
    return try Rediscache.run(
      arguments + ["-s", server.socketPath] + login,
      environment: limited ? ["REDISCLI_AUTH": Rediscache.secret] : [:])
  }

  private func reload(_ run: LeastPrivilegeCase) throws {
    try server.cli("FLUSHALL")
    try load(run)
    for name in ["journal", "backup"] { try? FileManager.default.removeItem(atPath: folder.file(name)) }
    if run.arguments.contains("--resume") { try breakOff(run) }
  }

  /// Leaves a journal whose last batch was sent and never answered.
  private func breakOff(_ run: LeastPrivilegeCase) throws {
    let place = ["-s", server.socketPath, "--journal", folder.file("journal")]
    #expect(try Rediscache.run(["invalidate", "app:v1:*", "--yes"] + place).status == 0)
    let lines = try #require(folder.read("journal")).split(separator: UInt8(ascii: "\n"))
    let sent = try #require(lines.firstIndex { $0.starts(with: Array("{\"sent\"".utf8)) })
    let kept = lines[...sent].flatMap { Array($0) + [UInt8(ascii: "\n")] }
    try folder.write("journal", kept)
    try server.cli("FLUSHALL")
    try load(run)
    // One of its keys is gone: nobody knows who removed it.
    try server.cli("DEL", "app:v1:user:3")
  }

  private func load(_ run: LeastPrivilegeCase) throws {
    var commands: [[String]] = []
    for number in 0..<40 { commands.append(["SET", "app:v1:user:\(number)", "value", "EX", "9000"]) }
    for number in 0..<30 { commands.append(["SET", "app:v2:user:\(number)", "other", "EX", "9000"]) }
    for number in 0..<3 {
      commands.append(["HSET", "app:v2:cart:\(number)", "a", "1", "b", "2"])
      commands.append(["RPUSH", "app:v2:list:\(number)", "a", "b"])
      commands.append(["SADD", "app:v2:set:\(number)", "a", "b"])
      commands.append(["ZADD", "app:v2:zset:\(number)", "1", "a", "2", "b"])
      commands.append(["XADD", "app:v2:stream:\(number)", "1-1", "field", "value"])
    }
    // SCAN names every key: where one is not among those of the rule, a report is not complete.
    if run.arguments.contains("--tag") || run.arguments.contains("--tag-key") {
      commands.append(["SADD", "tag:plain", "app:v1:user:1", "app:v1:user:2", "app:v1:user:999"])
      commands.append(["ZADD", "tag:scored:entries", "1", "app:v1:user:1", "2", "app:v1:user:3"])
    }
    commands.append(["SET", "app:generation", "4"])
    try server.load(text: commands)
    try server.load(
      text: (0..<9).map { ["SET", "app:v1:other:\($0)", "value", "EX", "9000"] }, database: 2)
  }

  private func writeSeeds() throws {
    let string = #"{"key":"app:v9:string","value":"text","ttl":600}"#
    let small = [
      #"{"key":"app:v9:hash","type":"hash","value":{"a":"1"},"ttl":600}"#,
      #"{"key":"app:v9:list","type":"list","value":["a"]}"#,
      #"{"key":"app:v9:set","type":"set","value":["a"],"ttl":600}"#,
      #"{"key":"app:v9:zset","type":"zset","value":[["a",1]],"ttl":600}"#,
      #"{"key":"app:v9:stream","type":"stream","value":[["1-1",{"f":"v"}]],"ttl":600}"#,
    ]
    let elements = (0..<2_500).map { "\"\($0)\"" }.joined(separator: ",")
    let large = ["", #","ttl":600"#].enumerated().map { number, ttl in
      #"{"key":"app:v9:large:\#(number)","type":"list","value":[\#(elements)]\#(ttl)}"#
    }
    try seed("strings", [string])
    try seed("small", [string] + small)
    try seed("large", [string] + small + large)
    try seed(
      "tagged",
      [
        #"{"key":"app:v9:a","value":"x","ttl":600,"tags":["new"]}"#,
        #"{"key":"app:v9:b","value":"x","ttl":-1,"tags":["new"]}"#,
      ])
    let sets =
      #"{"set":"tag:back","member":"a","set_expires_at":9000000000000},"#
      + #"{"set":"tag:back:entries","member":"a","score":1}"#
    try seed("saved", [#"{"key":"app:v9:a","value":"x","memberships":[\#(sets)]}"#])
    let place = ["app:v2:cart:1", "--dump", "-s", server.socketPath, "-o", folder.file("dumped")]
    #expect(try Rediscache.run(["export"] + place).status == 0)
    let dumped = String(decoding: try #require(folder.read("dumped")), as: UTF8.self).dropLast()
    try seed("dumps", [string, String(dumped)])
    try seed("all", [string] + small + [String(dumped)])
  }

  private func seed(_ name: String, _ records: [String]) throws {
    try folder.write(name, Array(records.map { $0 + "\n" }.joined().utf8))
  }
}
