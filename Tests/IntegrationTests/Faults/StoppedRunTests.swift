import Foundation
import Synchronization
import TestHarness
import Testing

extension Faults {
  /// Runs that are stopped from outside, and what they leave to their successors.
  @Suite struct StoppedRunTests {
    /// How a run is stopped.
    enum Stop: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case interrupt = "Ctrl-C", terminate = "SIGTERM", kill = "SIGKILL"
      var testDescription: String { rawValue }

      var signal: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .kill: SIGKILL
        }
      }
    }

    /// Starts a run through a proxy that stops it before the third batch passes.
    private static func runStopped(_ trial: Trial, _ proxy: FaultProxy, _ stop: Stop) throws -> Command.Result
    {
      let box = Box()
      trial.moment = proxy.once(trial.verb.word, at: 3) { _, chunk in
        // The run may have come so far before its handle is in place.
        try Wait.for("the run's handle") { box.command != nil }
        box.command?.signal(stop.signal)
        usleep(50_000)
        return chunk
      }
      let running = try trial.start(["-s", proxy.socketPath])
      box.command = running
      return running.wait()
    }

    /// A handle that threads share.
    private final class Box: Sendable {
      private let value = Mutex<RunningCommand?>(nil)
      var command: RunningCommand? {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
      }
    }

    @Test("fault: signal", arguments: Stop.allCases, Verb.walking) func stopped(_ stop: Stop, _ verb: Verb)
      throws
    {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        let result = try Self.runStopped(trial, proxy, stop)
        try proxy.waitUntilIdle()
        try server.settle()
        if stop == .kill {
          #expect(result.signal == SIGKILL && result.stdout.isEmpty, "\(result)")
          try trial.expectHarmless(result, at: #_sourceLocation)
          if verb == .export { #expect(trial.folder.read("export.jsonl") == Trial.oldExport) }
          if verb.isWriting { #expect(trial.isJournalled) }
          // The end of the last line may be missing.
          let result = try trial.run(["-s", proxy.socketPath], goingOn: trial.isJournalled)
          try trial.expectWhole(result, unknown: 20)
        } else {
          try trial.expectBroken(result, 128 + stop.signal)
          #expect(try trial.unknown(result) == 0, "the batch in flight is accounted for: \(result)")
          if verb.isWriting { #expect(trial.isJournalled) }
          try trial.expectResumed(["-s", proxy.socketPath], unknown: 0)
        }
      }
    }

    // MARK: - Files

    @Test("fault: disk full", arguments: Verb.walking) func diskFull(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let place = ["-s", server.socketPath]
        // Inspection writes its output; the others their journal, and have no other file.
        if verb == .scan || verb == .ttl { trial.options = ["-o", trial.folder.file("export.jsonl")] }
        // A limit on the size of files stands for a full disk: it counts in KiB.
        let script = "ulimit -f \(verb.isWriting ? 1 : 0); trap '' XFSZ; exec \"$0\" \"$@\""
        let command = Command(
          "/bin/bash", ["-c", script, Rediscache.executable] + trial.words(place),
          environment: Rediscache.command([], environment: trial.environment).environment)
        let result = try command.run()
        #expect(result.status == 73, "\(result)")
        #expect(result.errorText.contains(verb.isWriting ? "journal" : "export.jsonl"), "\(result)")
        #expect(result.errorText.lowercased().contains("file too large"), "\(result)")
        try trial.expectHarmless(result, at: #_sourceLocation)
        #expect(trial.folder.read("export.jsonl") == Trial.oldExport)
        let names = Set(trial.files().map(\.0))
        #expect(names.isSubset(of: ["export.jsonl", "seed", "journal"]), "\(names)")
        if verb.isWriting {
          #expect(result.errorText.contains("to resume  rediscache"), "\(result)")
          let rest = try trial.run(place, goingOn: true)
          try trial.expectWhole(rest, unknown: 20)
        }
      }
    }

    @Test("fault: closed pipe", arguments: Verb.allCases) func closedPipe(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server, count: 3_000)
        var words = trial.words(["-s", server.socketPath])
        if verb == .scan { words = words.filter { $0 != "--json" } + ["--list"] }
        if verb == .export { words.removeSubrange(1...2) }
        var command = Rediscache.command(words, environment: trial.environment)
        command.outputLimit = 0
        let result = try command.run()
        try trial.expectHarmless(result, at: #_sourceLocation)
        #expect(result.status == 1 && result.signal == nil, "\(result)")
        #expect(!result.errorText.contains("error:"), "a reader who leaves is no error: \(result)")
        // What writes has done its work all the same.
        if verb.isWriting {
          #expect(try trial.chosenNames().count == (verb == .warm ? 3_000 : 0), "\(result)")
        }
      }
    }

    @Test("fault: two runs at once", arguments: Verb.walking) func twoRuns(_ verb: Verb) throws {
      try RedisServer.with(Trial.server()) { server in
        let trial = try Trial(verb, on: server)
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        let (isThere, mayGoOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        trial.moment = proxy.once(verb.word, at: 3) { _, chunk in
          isThere.signal()
          _ = mayGoOn.wait(timeout: .now() + Wait.limit / .seconds(1))
          return chunk
        }
        let first = try trial.start(["-s", proxy.socketPath], ["--timeout", "60s"])
        #expect(isThere.wait(timeout: .now() + Wait.limit / .seconds(1)) == .success)
        let second = try trial.run(["-s", proxy.socketPath], goingOn: verb.isWriting)
        if verb.isWriting {
          #expect(second.status == 75 && second.errorText.contains("in use by another run"), "\(second)")
          #expect(second.stdout.isEmpty, "\(second)")
        } else {
          try trial.expectWhole(second)
        }
        mayGoOn.signal()
        try trial.expectWhole(first.wait())
      }
    }
  }
}
