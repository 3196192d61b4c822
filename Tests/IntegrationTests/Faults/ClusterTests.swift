import Foundation
import TestHarness
import TestSupport
import Testing

extension Faults {
  /// Clusters whose slots are on the move. The tests share one cluster, one after the other.
  @Suite(.serialized, .overlappingApart) struct ClusterTests {
    private static let stage = Result { try ClusterStage() }

    @Test("fault: none, on a cluster", arguments: Verb.allCases) func whole(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb)
      try trial.expectWhole(trial.run(stage.place))
    }

    @Test("fault: first seed dead", arguments: Verb.allCases) func deadSeed(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb)
      let dead = "127.0.0.1:\(try RedisServer.freePort())"
      let result = try trial.run(["-u", "redis://\(dead),127.0.0.1:\(stage.proxies[1].port)"])
      try trial.expectWhole(result)
    }

    // MARK: - Slots that move

    /// How a redirection names the other node.
    enum Naming: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case full = "with an address", emptyHost = "with an empty host"
      var testDescription: String { rawValue }
    }

    @Test("fault: MOVED", arguments: Naming.allCases, Verb.walking) func moved(_ naming: Naming, _ verb: Verb)
      throws
    {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb, count: 600)
      if naming == .emptyHost {
        for proxy in stage.proxies {
          proxy.setReplies(
            .init(rewrite: { chunk in
              let text = String(decoding: chunk, as: UTF8.self)
              return Array(text.replacing(/-MOVED (\d+) 127\.0\.0\.1:/) { "-MOVED \($0.1) :" }.utf8)
            }))
        }
      }
      // The slots change hands behind the back of a run that has read the map already.
      trial.moment = stage.proxies[0].once(verb.word, at: 1) { _, chunk in
        try stage.move(stage.occupiedSlots(of: 0, atMost: 40), from: 0, to: 1)
        return chunk
      }
      try trial.expectWhole(trial.run(stage.place), unknown: 0)
    }

    @Test("fault: live reshard", arguments: Verb.walking) func reshard(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb, count: 1_500)
      let running = try trial.start(stage.place, ["--rate", "1500"])
      try Wait.for("the run to be under way") { stage.proxies.allSatisfy { $0.connections > 0 } }
      for (source, target) in [(0, 1), (1, 2), (2, 0)] {
        try stage.move(stage.occupiedSlots(of: source, atMost: 12), from: source, to: target)
      }
      try trial.expectWhole(running.wait(), unknown: 0)
    }

    /// No comparison of maps shows a slot that has been away: its keys were not there when the walk came by.
    @Test("fault: slots that come back", arguments: [Verb.scan, .invalidate])
    func comeBack(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb, count: 600)
      let slots = try stage.occupiedSlots(of: 0, atMost: 30)
      let last = try #require(slots.last)
      trial.moment = stage.proxies[0].once("\r\nSCAN\r\n", at: 2) { _, chunk in
        try stage.move(slots, from: 0, to: 1)
        return chunk
      }
      let running = try trial.start(stage.place, ["--rate", "300"])
      try Wait.for("the slots to be gone") {
        try stage.cluster.owner(of: last) == 1
      }
      // Half of the walk.
      Thread.sleep(forTimeInterval: 1)
      try stage.move(slots, from: 1, to: 0)
      try trial.expectWhole(running.wait(), unknown: 0)
    }

    @Test("fault: ASK", arguments: Verb.walking) func ask(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb, names: ClusterStage.tagged)
      // Four of the slots are half way between two nodes.
      let slots = try (0..<4).map { try stage.slot(of: ClusterStage.tagged($0)) }
      let moves = try slots.map { slot in
        let source = try #require(try stage.cluster.owner(of: slot))
        return ClusterStage.Move(slot: slot, source: source, target: (source + 1) % 3)
      }
      for move in moves { try stage.begin(move, movingAtMost: 13) }
      // Commands that name several keys of such a slot wait for its end; the others find each key where it is.
      let wait: Duration = verb == .invalidate ? .milliseconds(600) : .seconds(2)
      let finish = Wait.later(wait) { for move in moves { try? stage.finish(move) } }
      let result = try trial.run(stage.place)
      finish()
      try stage.cluster.waitUntilSettled()
      try trial.expectWhole(result, unknown: 0)
    }

    /// A slot of which a third of the keys have moved.
    private static func halfMoved(_ stage: ClusterStage, _ name: String) throws -> ClusterStage.Move {
      let slot = try stage.slot(of: name)
      let source = try #require(try stage.cluster.owner(of: slot))
      let move = ClusterStage.Move(slot: slot, source: source, target: (source + 1) % 3)
      try stage.begin(move, movingAtMost: 100)
      return move
    }

    @Test("fault: TRYAGAIN", arguments: Verb.main) func tryAgain(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let names = { (number: Int) in "app:v1:{one slot}:\(number)" }
      let trial = try stage.trial(verb, names: names)
      let move = try Self.halfMoved(stage, names(0))
      let finish = Wait.later(.milliseconds(600)) { try? stage.finish(move) }
      let result = try trial.run(stage.place)
      finish()
      try stage.cluster.waitUntilSettled()
      try trial.expectWhole(result, unknown: 0)
    }

    @Test("fault: TRYAGAIN for ever", arguments: [Verb.invalidate]) func tryAgainForEver(_ verb: Verb) throws
    {
      let stage = try Self.stage.get()
      let names = { (number: Int) in "app:v1:{one slot}:\(number)" }
      let trial = try stage.trial(verb, names: names)
      let move = try Self.halfMoved(stage, names(0))
      let result = try trial.run(stage.place, ["--retry-for", "400ms"])
      try stage.finish(move)
      try stage.cluster.waitUntilSettled()
      // A key alone is never asked to try again: whether the run got through is its own affair.
      if result.status == 0 { return try trial.expectWhole(result) }
      try trial.expectBroken(result, 75, words: "TRYAGAIN")
      try trial.expectResumed(stage.place, unknown: 0)
    }

    @Test("fault: ghost keys", arguments: Verb.walking) func ghosts(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb)
      // What an importing node was sent stays with it when the move is called off.
      let ghosts = (0..<40).map { "app:v1:ghost:\($0)" }
      for name in ghosts {
        let slot = try stage.slot(of: name)
        let source = try #require(try stage.cluster.owner(of: slot))
        let target = (source + 1) % 3
        try stage.cluster.beginMigration(of: slot, from: source, to: target)
        let connection = try stage.servers[target].connection()
        try connection.command("ASKING")
        #expect(try connection.command("SET", name, "ghost").text == "OK")
        for node in [source, target] {
          try stage.cluster.command(node, "CLUSTER", "SETSLOT", String(slot), "STABLE")
        }
      }
      defer { for server in stage.servers { _ = try? server.cli("FLUSHALL") } }
      let result = try trial.run(stage.place)
      #expect(result.status == 0, "\(result)")
      #expect(try trial.chosenNames().filter { $0.hasPrefix("app:v1:ghost:") }.count == 40)
      switch verb {
      case .scan: #expect(try Report(result).totals.keys == 300, "\(result)")
      case .invalidate: #expect(try RemovalReport(result.stdout).counts.removed == 300, "\(result)")
      case .warm: #expect(try LoadReport(result.stdout).counts == .init(written: 300), "\(result)")
      case .export:
        #expect(try JSONLines.objects(trial.folder.read("export.jsonl") ?? []).count == 300, "\(result)")
      case .ttl, .stats: #expect(result.text.contains("\"keys\":300"), "\(result)")
      }
    }

    @Test("fault: MOVED ping-pong", arguments: Verb.writing) func pingPong(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb, names: ClusterStage.tagged)
      let slot = try stage.slot(of: ClusterStage.tagged(0))
      let source = try #require(try stage.cluster.owner(of: slot))
      let target = (source + 1) % 3
      let ids = stage.cluster.nodes.map(\.id)
      // Each says of the other that it has the slot. Its owner must hold no key of it to say so, so it says so at once.
      trial.moment = stage.proxies[source].once(verb.word, at: 1) { _, chunk in
        let names = try stage.servers[source].cliBytes(
          ["CLUSTER", "GETKEYSINSLOT", String(slot), "1000"].map { Array($0.utf8) })
        for name in names.elements?.compactMap(\.bytes) ?? [] {
          try stage.servers[source].cliBytes([Array("DEL".utf8), name])
        }
        try stage.cluster.command(source, "CLUSTER", "SETSLOT", String(slot), "NODE", ids[target])
        return chunk
      }
      let before = stage.proxies.map(\.connections).reduce(0, +)
      let result = try trial.run(stage.place, ["--retry-for", "1s"])
      let connections = stage.proxies.map(\.connections).reduce(0, +) - before
      #expect(connections < 100, "\(connections): \(result)")
      // The owner is told the truth again.
      for node in 0..<3 {
        try stage.cluster.command(node, "CLUSTER", "SETSLOT", String(slot), "NODE", ids[source])
      }
      try stage.cluster.waitUntilSettled()
      if verb == .invalidate {
        // The keys are gone by another's hand: nothing is left to be sent from pillar to post.
        #expect([0, 1, 75].contains(result.status), "\(result)")
        #expect(try RemovalReport(result.stdout).counts.isBalanced, "\(result)")
      } else {
        #expect([1, 75].contains(result.status), "\(result)")
        let counts = try LoadReport(result.stdout).counts
        #expect(counts.isBalanced && counts.written < 300, "\(result)")
        if trial.isJournalled { try trial.expectResumed(stage.place) }
      }
    }

    // MARK: - A cluster that is down

    @Test("fault: CLUSTERDOWN", arguments: Verb.walking) func down(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb)
      let slot = String(try stage.emptySlot(of: 0))
      trial.moment = stage.proxies[0].once(verb.word, at: 1) { _, chunk in
        try stage.cluster.command(0, "CLUSTER", "DELSLOTS", slot)
        Wait.later(.milliseconds(500)) {
          _ = try? stage.cluster.command(0, "CLUSTER", "ADDSLOTS", slot)
        }
        return chunk
      }
      let result = try trial.run(stage.place)
      try stage.cluster.waitUntilSettled()
      try trial.expectWhole(result, unknown: 0)
    }

    @Test("fault: CLUSTERDOWN for long", arguments: Verb.main) func downForLong(_ verb: Verb) throws {
      let stage = try Self.stage.get()
      let trial = try stage.trial(verb)
      let slot = String(try stage.emptySlot(of: 0))
      trial.moment = stage.proxies[0].once(verb.word, at: 1) { _, chunk in
        try stage.cluster.command(0, "CLUSTER", "DELSLOTS", slot)
        return chunk
      }
      let result = try trial.run(stage.place, ["--retry-for", "400ms"])
      try stage.cluster.command(0, "CLUSTER", "ADDSLOTS", slot)
      try stage.cluster.waitUntilSettled()
      // Inspecting goes on with the other nodes.
      try trial.expectBroken(result, 1, 75)
      let reasons = ["CLUSTERDOWN", "not covered", "has slot"]
      #expect(reasons.contains { result.errorText.contains($0) }, "\(result)")
      #expect(try trial.unknown(result) <= (verb == .warm ? 200 : 20), "\(result)")
      try trial.expectResumed(stage.place, unknown: 0)
    }
  }
}
