import Foundation
import TestHarness
import TestSupport
import Testing

@testable import rediscache

/// The commands of the README do what it says.
@Suite(.overlapping) struct ReadmeTests {
  /// The commands of the blocks in `sh` below a heading, up to the next heading of its level or above.
  private static func commands(below heading: String) throws -> [String] {
    let lines = try Repository.text("README.md").split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0 == heading }, "there is no \(heading)")
    let level = heading.prefix { $0 == "#" }.count
    let end = lines[(start + 1)...].firstIndex { line in
      let marks = line.prefix { $0 == "#" }.count
      return marks > 0 && marks <= level && line.dropFirst(marks).first == " "
    }
    var isCode = false
    var commands: [String] = []
    for line in lines[start..<(end ?? lines.count)] {
      if line.hasPrefix("```") { isCode = line == "```sh" } else if isCode { commands.append(String(line)) }
    }
    return commands
  }

  /// Two servers, the profiles `prod` and `new`, and a folder to work in.
  private struct Stage {
    let prod: RedisServer
    let new: RedisServer
    let folder: TemporaryFolder
    let environment: [String: String]

    static func with(_ body: (Stage) throws -> Void) throws {
      let folder = try TemporaryFolder()
      try RedisServer.with(RedisServer.Options(configuration: ["maxmemory 256mb"])) { prod in
        try RedisServer.with { new in
          let environment = try folder.configure(
            "prod",
            [
              "socket = \"\(prod.socketPath)\"", "protected = true", "[profile.new]",
              "socket = \"\(new.socketPath)\"",
            ])
          try prod.populate(300, prefix: "product:v6:")
          try prod.populate(2_000, prefix: "product:v7:", ttl: 50_000)
          try prod.populate(200, prefix: "session:", ttl: 900)
          try body(Stage(prod: prod, new: new, folder: folder, environment: environment))
        }
      }
    }

    /// Runs a command of the README in the folder; intervals are shorter, so that the test is.
    @discardableResult
    func run(_ line: String, statuses: Set<Int32> = [0]) throws -> Command.Result {
      let shortened = line.replacing("--interval 10s", with: "--interval 100ms")
        .replacing("-H cache-1 --askpass", with: "-s \(prod.socketPath)")
      let result = try Rediscache.shell("cd \(folder.path) && \(shortened)", environment: environment)
      #expect(result.status.map(statuses.contains) == true, "\(line): \(result)")
      #expect(!result.errorText.contains("error:"), "\(line): \(result)")
      return result
    }

    func count(_ pattern: String) throws -> Int { try prod.keys(pattern).count }

    func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: folder.file(file)) }
  }

  @Test("the first look works") func firstLook() throws {
    let commands = try Self.commands(below: "## First look")
    #expect(commands.count >= 5)
    try Stage.with { stage in
      for line in commands where line.hasPrefix("rediscache") { try stage.run(line) }
    }
  }

  @Test("memory is full: what is superseded goes, and is kept in a file") func memoryIsFull() throws {
    try Stage.with { stage in
      for line in try Self.commands(below: "### Memory is full") { try stage.run(line) }
      #expect(try stage.count("product:v6:*") == 0 && stage.count("product:v7:*") == 2_000)
      let saved = try #require(stage.folder.read("superseded.jsonl"))
      #expect(saved.count { $0 == UInt8(ascii: "\n") } == 300)
    }
  }

  @Test("stale after a deploy: a version goes, and comes back") func stale() throws {
    try Stage.with { stage in
      var fewest = 2_000
      for line in try Self.commands(below: "### Stale after a deploy") {
        try stage.run(line)
        fewest = min(fewest, try stage.count("product:v7:*"))
      }
      #expect(try fewest == 0 && stage.count("product:v7:*") == 2_000)
    }
  }

  @Test("the hit ratio is down: three looks that change nothing") func hitRatio() throws {
    try Stage.with { stage in
      let writes = try stage.prod.writes {
        for line in try Self.commands(below: "### The hit ratio is down") { try stage.run(line) }
      }
      // What listens, and the notifications that are switched on for as long.
      let expected: Set = ["subscribe", "monitor", "config|set", "latency|histogram"]
      #expect(Set(writes.keys).isSubset(of: expected), "\(writes)")
      let flags = try stage.prod.cli("CONFIG", "GET", "notify-keyspace-events")
      #expect(flags.split(separator: "\n") == ["notify-keyspace-events"])
    }
  }

  @Test("a cold node: the keys that live long enough are on the new server") func coldNode() throws {
    try Stage.with { stage in
      for line in try Self.commands(below: "### A cold node") { try stage.run(line) }
      #expect(try stage.new.size() == stage.prod.size())
    }
  }

  @Test("every week and every five minutes: silent, and with files for collectors") func cron() throws {
    try Stage.with { stage in
      for line in try Self.commands(below: "### Every week, and every five minutes") {
        // The conditions of a check may hold here: no one reads these keys.
        let isCheck = line.contains("nagios") || line.contains("--fail-if")
        let result = try stage.run(line, statuses: isCheck ? [0, 1, 2] : [0])
        if line.contains(" -q "), !line.contains("--fail-if") {
          #expect(result.stdout.isEmpty && result.stderr.isEmpty, "\(line): \(result)")
        }
      }
      #expect(
        ["stats-prod.prom", "ttl-prod.prom", "scan-prod.prom", "removed.txt", "scan.txt"].allSatisfy(
          stage.exists))
      #expect(try stage.count("product:v6:*") == 0)
    }
  }

  @Test("every command of the README names options that its command takes") func options() throws {
    let lines = try Repository.text("README.md").split(separator: "\n").map(String.init)
    var seen = 0
    for line in lines {
      // What is behind a bar or a # is of another command, or none.
      for part in line.split(separator: "|") {
        guard let start = part.firstRange(of: "rediscache ") else { continue }
        let words = part[start.upperBound...].prefix { $0 != "#" && $0 != "`" }.split(separator: " ").map(
          String.init)
        guard let verb = words.first.flatMap(Verb.init) else { continue }
        for word in words.dropFirst() where word.hasPrefix("--") && word.count > 2 {
          let name = String(word.prefix { $0 != "=" && $0 != "," && $0 != ")" && $0 != "'" })
          guard !["--help", "--version"].contains(name) else { continue }
          seen += 1
          #expect(OptionName(word: name)?.verbs.contains(verb) == true, "\(name): \(line)")
        }
      }
    }
    #expect(seen > 100)
  }
}
