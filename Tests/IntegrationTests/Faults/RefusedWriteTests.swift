import Foundation
import TestHarness
import Testing

extension Faults {
  /// Servers that take no writes any more: inspecting goes on, writing stops and says where.
  @Suite struct RefusedWriteTests {
    /// Why a server takes no writes.
    enum Reason: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case outOfMemory = "OOM", misconfigured = "MISCONF", withoutReplicas = "NOREPLICAS", readOnly =
        "READONLY"
      var testDescription: String { rawValue }

      /// What must have happened before a run, and does no harm to it.
      func prepare(_ server: RedisServer) throws {
        guard self == .misconfigured else { return }
        let folder = server.folder + "/gone"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try server.cli("CONFIG", "SET", "dir", folder)
        try FileManager.default.removeItem(atPath: folder)
        _ = try server.connection().command("BGSAVE")
        try Wait.for("a failure to save") {
          try server.info("persistence")["rdb_last_bgsave_status"] == "err"
        }
      }

      func begin(on server: RedisServer) throws {
        switch self {
        case .outOfMemory: try server.cli("CONFIG", "SET", "maxmemory", "1")
        case .misconfigured: try server.cli("CONFIG", "SET", "save", "3600 1")
        case .withoutReplicas: try server.cli("CONFIG", "SET", "min-replicas-to-write", "1")
        case .readOnly: try server.cli("REPLICAOF", "127.0.0.1", "1")
        }
      }

      func end(on server: RedisServer) throws {
        switch self {
        case .outOfMemory: try server.cli("CONFIG", "SET", "maxmemory", "0")
        case .misconfigured: try server.cli("CONFIG", "SET", "save", "")
        case .withoutReplicas: try server.cli("CONFIG", "SET", "min-replicas-to-write", "0")
        case .readOnly: try server.cli("REPLICAOF", "NO", "ONE")
        }
      }
    }

    @Test("fault: writes refused mid-run", arguments: Reason.allCases, Verb.main)
    func midRun(_ reason: Reason, _ verb: Verb) throws {
      try RedisServer.with(Trial.server(["enable-protected-configs yes"])) { server in
        let trial = try Trial(verb, on: server)
        try reason.prepare(server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          try reason.begin(on: server)
          return chunk
        }
        let place = ["-s", proxy.socketPath]
        let result = try trial.run(place)
        try reason.end(on: server)
        // Removing is what helps a server without memory.
        if verb == .scan || (verb == .invalidate && reason == .outOfMemory) {
          return try trial.expectWhole(result)
        }
        try trial.expectBroken(
          result, reason == .outOfMemory ? 1 : 75, words: reason.rawValue, proxy.socketPath)
        if reason == .readOnly { #expect(result.errorText.contains("primary"), "\(result)") }
        if verb == .warm { #expect(try LoadReport(result.stdout).stopped?.hasPrefix("at line ") == true) }
        #expect(try trial.unknown(result) == 0, "\(result)")
        proxy.heal()
        try trial.expectResumed(place, unknown: 0)
      }
    }

    @Test("fault: writes refused from the start", arguments: Reason.allCases, Verb.main)
    func fromTheStart(_ reason: Reason, _ verb: Verb) throws {
      try RedisServer.with(Trial.server(["enable-protected-configs yes"])) { server in
        let trial = try Trial(verb, on: server)
        try reason.prepare(server)
        try reason.begin(on: server)
        let place = ["-s", server.socketPath]
        let result = try trial.run(place)
        try reason.end(on: server)
        if verb == .scan || (verb == .invalidate && reason == .outOfMemory) {
          return try trial.expectWhole(result)
        }
        try trial.expectBroken(result, reason == .outOfMemory ? 1 : 75, words: reason.rawValue)
        #expect(try trial.chosenNames().count == (verb == .warm ? 0 : 300), "\(result)")
        try trial.expectResumed(place, unknown: 0)
      }
    }
  }
}
