import Keyspace
import RedisClient
import Testing

@testable import Operations

/// How chosen keys are brought together, and what is sent.
struct InvalidateBatchTests {
  private static func users(_ count: Int) -> [FakeKey] { (0..<count).map { FakeKey("app:v1:user:\($0)") } }

  struct Size: Sendable, CustomTestStringConvertible {
    var batch: Int
    var page: Int?
    var testDescription: String { "batches of \(batch), pages of \(page ?? 1000)" }
  }

  static let sizes: [Size] = [1, 2, 3, 49, 50, 51, 400, 1000].flatMap { batch in
    [nil, 1, 7, 100, 1000].map { Size(batch: batch, page: $0) }
  }

  @Test(arguments: sizes) func oneBatchIsUnderWayAtMost(size: Size) throws {
    let server = FakeServer(Self.users(333) + (0..<40).map { FakeKey("other:\($0)") })
    // What every removal must keep to is checked beside: one batch under way, none larger than allowed.
    let report = try server.invalidate {
      $0.walk.selection.pattern = Glob("app:*")
      $0.walk.count = size.page
      $0.batchSize = size.batch
    }.report
    #expect(server.mostRemovalsUnderWay == 1)
    #expect(report.counts.removed == 333 && server.living().count == 40)
    #expect(report.batches == server.removals.count)
    #expect(server.removals.reduce(0) { $0 + $1.count } == 333, "each key is sent once")
    let fewest = (333 + size.batch - 1) / size.batch
    #expect(server.removals.count >= fewest)
    // Small pages are waited for until there are keys enough.
    let usual = min(size.batch, max(50, min(size.page ?? 1000, size.batch)))
    #expect(server.removals.count <= 1 + 333 / max(1, usual * 3 / 4), "batches are not needlessly small")
  }

  @Test func batchesAreBoundedInBytes() throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
    let server = FakeServer((0..<20).map { FakeKey(utf8("big:\($0):") + long) })
    let report = try server.invalidate {
      $0.walk.selection.pattern = Glob("big:*")
      $0.batchSize = 1000
    }.report
    #expect(report.counts.removed == 20 && report.batches == 5)
    for batch in server.removals {
      let size = batch.reduce(0) { $0 + $1.count }
      #expect(size - (batch.last?.count ?? 0) < InvalidateRequest.batchBytes, "the last key takes it over")
    }
  }

  @Test func aCommandHoldsKeysOfOneGroup() throws {
    let keys = (0..<300).map { FakeKey("app:v\($0 % 3):user:\($0)") }
    let server = FakeServer(keys)
    var commands: [[[UInt8]]] = []
    server.afterward = { if $0[0].text == "UNLINK" { commands.append(Array($0.dropFirst())) } }
    let report = try server.invalidate { $0.walk.selection.pattern = Glob("app:*") }.report
    for command in commands { #expect(Set(command.map { $0.prefix(6) }).count == 1) }
    #expect(report.groups.map(\.counts.removed) == [100, 100, 100])
    #expect(report.groups.compactMap(\.bytes) == [6400, 6400, 6400] && report.bytes == 19_200)
    #expect(report.samples.count == 10)
  }

  @Test func eachCommandIsTheOneAskedFor() throws {
    for (action, name) in [(RemovalAction.unlink, "UNLINK"), (.delete, "DEL")] {
      let server = FakeServer(Self.users(60))
      let report = try server.invalidate {
        $0.action = action
        $0.walk.selection.pattern = Glob("app:*")
      }.report
      #expect(server.names.intersection(FakeServer.writing) == [name])
      #expect(report.action == name && report.counts.removed == 60)
    }
  }

  @Test func nodesOfClustersGetOneKeyACommand() throws {
    let server = FakeServer(Self.users(60))
    server.info.append("cluster_enabled:1")
    let error = #expect(throws: ClientError.self) { try server.invalidate() }
    #expect(error?.kind == .usage && error?.hints.first == .keysOfThisNode)
    #expect(server.living().count == 60)
    _ = try server.invalidate { $0.walk.nodeOnly = true }
    #expect(server.count("UNLINK") == 60 && server.living().isEmpty)
  }

  // MARK: - The choice is checked twice

  @Test(arguments: [1, 10, 500]) func aServerThatReturnsOtherKeysRemovesNothingElse(batch: Int) throws {
    let keys = Keyspaces.mixed(20)
    let server = FakeServer(keys)
    server.faults.ignoresFilters = true
    // Names that live outside of the choice, one that does not live, and one that only begins as the pattern does.
    server.faults.intruders = [
      keys.first { $0.name.text.hasPrefix("session:") }?.name ?? [], utf8("gone:v2:x"), utf8("app:v2"), [],
    ]
    let fits: (FakeKey) -> Bool = { $0.name.text.hasPrefix("app:v2:") && $0.type == "string" && $0.ttl >= 0 }
    let report = try server.invalidate {
      $0.walk.selection.pattern = Glob("app:v2:*")
      $0.walk.selection.excluded = [Glob("*:9*")]
      $0.walk.selection.type = "string"
      $0.walk.selection.ttlAbove = 0
      $0.batchSize = batch
    }.report
    let chosen = keys.filter { fits($0) && !$0.name.text.contains(":9") }
    #expect(report.counts.removed == chosen.count && chosen.count > 100)
    #expect(Set(server.removals.joined()) == Set(chosen.map(\.name)))
    #expect(server.living().count == keys.count - chosen.count)
  }

  @Test func aServerThatTakesNoNoticeOfTypesRemovesNothingElse() throws {
    let keys = Keyspaces.mixed(10)
    let server = FakeServer(keys)
    server.faults.ignoresFilters = true
    _ = try server.invalidate { $0.walk.selection.type = "hash" }
    #expect(server.living().count == keys.count { $0.type != "hash" })
    #expect(!server.living().values.contains { $0.type == "hash" })
  }

  @Test func keysThatComeTwiceAreRemovedOnce() throws {
    let server = FakeServer(Self.users(200))
    server.faults.duplicates = 0.3
    let counts = try server.invalidate().report.counts
    #expect(counts.removed == 200 && server.living().isEmpty)
    #expect(counts.absent == 0 && server.removals.joined().count == 200)
  }

  // MARK: - What does not tell what must be known

  @Test func nothingIsRemovedOnAGuess() throws {
    let server = FakeServer((0..<100).map { FakeKey("app:v1:\($0)", ttl: 1000) })
    server.faults.error = { name, key in
      name == "PTTL" && key.text.hasSuffix("7") ? "NOPERM No permissions to access a key" : nil
    }
    let outcome = try server.invalidate { $0.walk.selection.ttlBelow = 5000 }
    #expect(outcome.report.counts.removed == 90 && outcome.report.counts.matched == 90)
    #expect(server.living().keys.allSatisfy { $0.text.hasSuffix("7") } && server.living().count == 10)
    #expect(!outcome.report.header.isComplete)
    #expect(outcome.report.header.warnings.contains { $0.hasPrefix("10 keys left alone") })
  }

  @Test(arguments: ["PTTL", "TYPE", "OBJECT IDLETIME", "MEMORY USAGE"])
  func withoutAMeasurementThatIsNeededNothingIsRemoved(command: String) throws {
    let server = FakeServer(Self.users(120))
    server.faults.error = { name, _ in name == command ? "ERR unknown command" : nil }
    let outcome = try server.invalidate {
      switch command {
      case "PTTL": $0.walk.selection.neverExpires = true
      case "TYPE": $0.walk.selection.type = "string"
      case "OBJECT IDLETIME": $0.walk.selection.idleAbove = -1
      default: $0.walk.selection.largerThan = 1
      }
    }
    #expect(outcome.failure?.message.contains(command) == true)
    #expect(server.living().count == 120 && server.removals.isEmpty)
  }

  @Test func keysThatDoNotTellTheirSizeAreRemovedAllTheSame() throws {
    let server = FakeServer(Self.users(80))
    server.faults.error = { name, _ in
      name == "MEMORY USAGE" ? "NOPERM User cache has no permissions to run the 'memory|usage' command" : nil
    }
    let report = try server.invalidate().report
    #expect(report.counts.removed == 80 && report.bytes == nil && server.living().isEmpty)
  }

  // MARK: - What sweeps

  @Test(arguments: [
    ("*", true), ("**", true), ("?*", true), ("*?*", true), ("***?", true), ("?", false), ("", false),
    ("a*", false), ("*:*", false), ("[a-z]*", false), ("\\**", false),
  ]) func aChoiceThatTakesEverythingIsKnown(pattern: String, sweeps: Bool) {
    var selection = KeySelection()
    selection.pattern = Glob(pattern)
    #expect(selection.pattern.matchesAnyContent == sweeps)
    #expect(selection.isSweeping == sweeps)
    selection.excluded = [Glob("app:*")]
    #expect(selection.isSweeping == sweeps, "what is left out narrows nothing")
    let narrowed: [(inout KeySelection) -> Void] = [
      { $0.type = "hash" }, { $0.namespaces = [NamespaceChoice("app")] },
      { $0.version = VersionChoice("none") },
      { $0.isSuperseded = true }, { $0.neverExpires = true }, { $0.ttlBelow = 1 }, { $0.ttlAbove = 1 },
      { $0.largerThan = 1 }, { $0.idleAbove = 1 },
    ]
    for narrow in narrowed {
      var narrower = selection
      narrow(&narrower)
      #expect(!narrower.isSweeping)
    }
    for widen in [{ $0.largerThan = 0 }, { $0.idleAbove = 0 }] as [(inout KeySelection) -> Void] {
      var wide = selection
      widen(&wide)
      #expect(wide.isSweeping == sweeps, "a limit that every key passes narrows nothing")
    }
  }
}
