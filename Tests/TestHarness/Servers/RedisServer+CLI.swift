import Foundation
import TestSupport

extension RedisServer {
  /// Runs redis-cli on the server's unix socket and returns what it prints, without the last line end.
  ///
  /// Throws ``MissingTool`` without redis-cli, and ``HarnessFailure`` when it fails or the server answers with an
  /// error.
  @discardableResult
  package func cli(_ arguments: String...) throws -> String {
    try cli(arguments)
  }

  /// Runs redis-cli on the server's unix socket and returns what it prints, without the last line end.
  @discardableResult
  package func cli(_ arguments: [String], timeout: Duration = Wait.limit) throws -> String {
    // -e: an error reply becomes an exit status instead of looking like data.
    var command = Command("redis-cli", ["-e", "-s", socketPath] + arguments)
    // The password travels in the environment: arguments are visible to every user of the machine.
    command.environment = Command.environment(changing: ["REDISCLI_AUTH": options.login?.password])
    if let user = options.login?.user { command.arguments.insert(contentsOf: ["--user", user], at: 0) }
    let result = try command.run(timeout: timeout)
    guard result.status == 0 else {
      throw HarnessFailure("redis-cli \(arguments.joined(separator: " ")): \(result)")
    }
    return result.text.hasSuffix("\n") ? String(result.text.dropLast()) : result.text
  }

  /// A new plain connection, logged in where the options name a user.
  package func connection() throws -> RawConnection {
    let connection = try RawConnection(to: .unix(socketPath))
    if let login = options.login {
      let reply = try connection.command("AUTH", login.user, login.password)
      if let text = reply.errorText { throw HarnessFailure("AUTH as \(login.user): \(text)") }
    }
    return connection
  }

  /// Sends one command with binary-safe arguments over a new connection; the reply may be an error reply.
  @discardableResult
  package func cliBytes(_ arguments: [[UInt8]]) throws -> RESPValue {
    try connection().command(arguments)
  }

  /// Sends commands with binary-safe arguments at once over a new connection and returns their replies.
  @discardableResult
  package func pipeline(_ commands: [[[UInt8]]]) throws -> [RESPValue] {
    let connection = try connection()
    try connection.send(commands)
    return try commands.map { _ in try connection.receive() }
  }

  /// Sends many commands in pipelines, into one database, and checks that none is refused.
  ///
  /// Returns how many commands were sent. Throws ``HarnessFailure`` with the first error reply.
  @discardableResult
  package func load(_ commands: some Sequence<[[UInt8]]>, database: Int = 0) throws -> Int {
    let connection = try connection()
    if database != 0 { try connection.load([["SELECT", String(database)].map { Array($0.utf8) }]) }
    return try connection.load(commands)
  }

  /// Sends many commands given as text in pipelines and checks that none is refused.
  @discardableResult
  package func load(text commands: some Sequence<[String]>, database: Int = 0) throws -> Int {
    try load(commands.lazy.map { command in command.map { Array($0.utf8) } }, database: database)
  }

  /// Creates `count` string keys `prefix0`, `prefix1`, … inside the server, the fastest way to have many.
  ///
  /// `ttl` in seconds gives all of them the same time to live.
  package func populate(_ count: Int, prefix: String = "key:", value: String = "v", ttl: Int? = nil) throws {
    let script = """
      for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
        if ARGV[5] == '' then redis.call('SET', ARGV[3] .. i, ARGV[4])
        else redis.call('SET', ARGV[3] .. i, ARGV[4], 'EX', ARGV[5]) end
      end
      """
    // In pieces, so that no script runs into the time limit of slow scripts.
    let pieces = stride(from: 0, to: count, by: 50_000).map { first in
      let last = min(first + 50_000, count) - 1
      return ["EVAL", script, "0", String(first), String(last), prefix, value, ttl.map(String.init) ?? ""]
    }
    try load(text: pieces)
  }

  /// For how long each command has held the server, by name: the calls, and all of them together in microseconds.
  package func commandTimes() throws -> [String: (calls: Int, microseconds: Int)] {
    try info("commandstats").reduce(into: [:]) { times, field in
      guard field.key.hasPrefix("cmdstat_") else { return }
      let figures = field.value.split(separator: ",").compactMap { pair -> (Substring, Int)? in
        let parts = pair.split(separator: "=")
        return parts.count == 2 ? Int(parts[1]).map { (parts[0], $0) } : nil
      }
      let values = Dictionary(figures, uniquingKeysWith: { first, _ in first })
      times[String(field.key.dropFirst(8))] = (values["calls"] ?? 0, values["usec"] ?? 0)
    }
  }

  /// How often the server has run each command since it started or since `CONFIG RESETSTAT`.
  ///
  /// Names are in lower case, subcommands as in `config|get`. The counts include the commands this library sends
  /// itself (at least `ping` while starting, and `auth` where the options name a user).
  package func commandStats() throws -> [String: Int] {
    try commandTimes().mapValues(\.calls)
  }

  /// Waits until the server has run a command so often; see ``commandStats()`` for its name.
  package func waitForCalls(of command: String, atLeast count: Int) throws {
    try Wait.for("\(command) to be called \(count) times") {
      try commandStats()[command] ?? 0 >= count
    }
  }

  /// The fields of a section of INFO, such as `stats` or `keyspace`.
  package func info(_ section: String) throws -> [String: String] {
    let reply = try connection().command("INFO", section)
    guard let bytes = reply.bytes else { throw HarnessFailure("INFO \(section): \(reply)") }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    return lines.reduce(into: [:]) { fields, line in
      guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { return }
      fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
    }
  }
}
