import Foundation
import TestSupport
import Testing

/// Ways to run `warm` and `export`.
extension Rediscache {
  /// The command line of the tool with bytes on its standard input.
  static func command(
    _ arguments: [String], input: [UInt8], environment: [String: String] = [:]
  ) -> Command {
    var command = command(arguments, environment: environment)
    command.input = .bytes(input)
    return command
  }

  /// Runs `warm --json` on a file; the run must end with `status` and a report whose counts balance.
  static func warm(
    _ place: [String], file: String, _ arguments: [String] = [], status: Int32 = 0, input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws -> LoadReport {
    var command = command(["warm", file] + place + ["--json"] + arguments, environment: environment)
    if file == "-" { command.input = .bytes(input) }
    let result = try command.run()
    expectSecrecy(result)
    #expect(result.status == status, "\(arguments): \(result)")
    let report = try LoadReport(result.stdout)
    #expect(report.schema == "rediscache.warm/1")
    #expect(report.dryRun || report.counts.isBalanced, "\(arguments): \(result)")
    #expect(report.complete == (status == 0), "\(arguments): \(result)")
    return report
  }

  /// Runs `warm --json` on a seed that comes through standard input.
  static func warm(
    _ server: RedisServer, _ seed: String, _ arguments: [String] = [], status: Int32 = 0,
    environment: [String: String] = [:]
  ) throws -> LoadReport {
    try warm(
      ["-s", server.socketPath], file: "-", arguments, status: status, input: Array(seed.utf8),
      environment: environment)
  }

  /// Runs `export` into a file on a server's socket.
  @discardableResult
  static func export(
    _ server: RedisServer, to file: String, _ arguments: [String] = [], status: Int32 = 0
  ) throws -> Command.Result {
    let result = try run(["export", "-s", server.socketPath, "-o", file] + arguments)
    #expect(result.status == status, "\(arguments): \(result)")
    return result
  }

  /// Runs `export` with its records on standard output; the run must end with `status`.
  static func exported(
    _ server: RedisServer, _ arguments: [String] = [], status: Int32 = 0
  ) throws -> (records: [[String: Any]], result: Command.Result) {
    let result = try run(["export", "-s", server.socketPath] + arguments)
    #expect(result.status == status, "\(arguments): \(result)")
    return (try JSONLines.objects(result.stdout), result)
  }
}

/// JSON lines, written and read without the tool.
enum JSONLines {
  /// One object to a line.
  static func text(_ records: [[String: Any]]) throws -> String {
    try records.map { record in
      let data = try JSONSerialization.data(withJSONObject: record, options: [.sortedKeys])
      return String(decoding: data, as: UTF8.self) + "\n"
    }.joined()
  }

  static func objects(_ bytes: [UInt8]) throws -> [[String: Any]] {
    try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }
  }

  /// Strings `prefix0`, `prefix1`, … with some value each, and more members as they stand.
  static func strings(
    _ count: Int, _ prefix: String = "app:v2:", length: Int = 20, members: String = ""
  ) -> String {
    let filler = String(repeating: "v", count: length)
    let more = members.isEmpty ? "" : "," + members
    return (0..<count).map { #"{"key":"\#(prefix)\#($0)","value":"\#($0) \#(filler)"\#(more)}"# + "\n" }
      .joined()
  }
}

extension RedisServer {
  /// What is left of a key in milliseconds; -1 for ever, -2 where there is none.
  func remaining(_ key: String) throws -> Int {
    try #require(try connection().command("PTTL", key).integer)
  }

  /// What is left of many keys.
  func remaining(_ keys: [String]) throws -> [Int] {
    try pipeline(keys.map { [Array("PTTL".utf8), Array($0.utf8)] }).map { try #require($0.integer) }
  }
}

extension RedisServer {
  /// What each key holds, as a digest that does not depend on how a table lies in memory, and whether it expires.
  func sortedContents(besides pattern: String? = nil) throws -> [[UInt8]: [UInt8]] {
    let script = """
      local function read(key, kind)
        if kind == 'hash' then
          local pairs, flat = {}, redis.call('HGETALL', key)
          for i = 1, #flat, 2 do pairs[#pairs + 1] = flat[i] .. '=' .. flat[i + 1] end
          table.sort(pairs)
          return table.concat(pairs, '\\0')
        elseif kind == 'set' then
          local members = redis.call('SMEMBERS', key)
          table.sort(members)
          return table.concat(members, '\\0')
        end
        return redis.call('DUMP', key)
      end
      local all, left = {}, {}
      if ARGV[1] ~= '' then for _, key in ipairs(redis.call('KEYS', ARGV[1])) do left[key] = true end end
      for _, key in ipairs(redis.call('KEYS', '*')) do
        if not left[key] then
          local kind = redis.call('TYPE', key).ok
          local lasts = redis.call('PTTL', key) < 0 and 'lasts' or 'expires'
          all[#all + 1] = key
          all[#all + 1] = kind .. redis.sha1hex(read(key, kind)) .. lasts
        end
      end
      return all
      """
    let reply = try connection().command("EVAL", script, "0", pattern ?? "", timeout: .seconds(30))
    let all = try #require(reply.elements, "\(reply)")
    var contents: [[UInt8]: [UInt8]] = [:]
    for index in stride(from: 0, to: all.count - 1, by: 2) {
      if let key = all[index].bytes, let digest = all[index + 1].bytes { contents[key] = digest }
    }
    return contents
  }
}

extension [UInt8] {
  /// The bytes as text, with U+FFFD for what is not UTF-8.
  var text: String { String(decoding: self, as: UTF8.self) }
}

extension RunningCommand {
  /// Waits for the end, and tells the most memory that the program was seen to hold, in KiB; nil where the system does
  /// not tell.
  ///
  /// The peak that comes with a process' end also holds what its parent had when it was started.
  func waitWatchingMemory(timeout: Duration = Patience.limit) -> (result: Command.Result, peak: Int?) {
    let deadline = ContinuousClock.now + timeout
    var peak: Int?
    while isRunning, ContinuousClock.now < deadline {
      let status = FileManager.default.contents(atPath: "/proc/\(pid)/status") ?? Data()
      let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
        $0.hasPrefix("VmHWM:")
      }
      if let size = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
        peak = size
      }
      usleep(2_000)
    }
    return (wait(), peak)
  }
}
