import TestSupport
import Testing

/// Ways to run `invalidate`.
extension Rediscache {
  /// Runs `invalidate --yes --json`; the run must end with `status` and a report whose counts balance.
  static func removal(
    _ place: [String], _ arguments: [String], status: Int32 = 0, environment: [String: String] = [:]
  ) throws -> RemovalReport {
    let result = try run(
      ["invalidate"] + place + ["--json"] + (arguments.contains("--dry-run") ? [] : ["--yes"]) + arguments,
      environment: environment)
    #expect(result.status == status, "\(arguments): \(result)")
    let report = try RemovalReport(result.stdout)
    #expect(report.schema == "rediscache.invalidate/1")
    #expect(report.dryRun || report.counts.isBalanced, "\(arguments): \(result)")
    return report
  }

  /// Runs `invalidate --yes --json` on a server's socket.
  static func removal(
    _ server: RedisServer, _ arguments: [String], status: Int32 = 0, environment: [String: String] = [:]
  ) throws -> RemovalReport {
    try removal(["-s", server.socketPath], arguments, status: status, environment: environment)
  }
}

extension RedisServer {
  /// The names of all keys as text, for keyspaces that hold only such.
  func names(_ pattern: String = "*") throws -> Set<String> {
    Set(try keys(pattern).map { String(decoding: $0, as: UTF8.self) })
  }

  /// What each key holds, as a digest, and whether it has a TTL; inside the server, the fastest way.
  func contents() throws -> [[UInt8]: [UInt8]] {
    let script = """
      local all = {}
      for _, key in ipairs(redis.call('KEYS', '*')) do
        all[#all + 1] = key
        local lasts = redis.call('PTTL', key) < 0 and 'lasts' or 'expires'
        all[#all + 1] = redis.sha1hex(redis.call('DUMP', key)) .. lasts
      end
      return all
      """
    let reply = try #require(try connection().command("EVAL", script, "0").elements)
    var contents: [[UInt8]: [UInt8]] = [:]
    for index in stride(from: 0, to: reply.count - 1, by: 2) {
      if let key = reply[index].bytes, let digest = reply[index + 1].bytes { contents[key] = digest }
    }
    return contents
  }
}
