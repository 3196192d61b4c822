import RedisClient
import Reporting
import Synchronization
import Testing

@testable import Operations

/// Whom the statistics are read from, and how often it is tried.
@Suite struct StatsReaderTests {
  private static func target(
    _ fleet: StatsFleet, isBehindSentinels: Bool = false, usesReplicas: Bool = false,
    patience: Duration = .zero
  ) -> WalkTarget<StatsFleet.Channel> {
    WalkTarget(
      identity: WalkIdentity(
        name: nil, endpoint: Endpoint(address: .tcp(host: "seed", port: 1)),
        isBehindSentinels: isBehindSentinels),
      databases: .only(0), wallClock: 1_000,
      reading: WalkReading(usesReplicas: usesReplicas, retryFor: patience),
      reach: { endpoint throws(ClientError) in try fleet.connect(to: endpoint.place) },
      connect: { _ throws(ClientError) in try fleet.connect(to: fleet.named) })
  }

  private static func reader(_ target: WalkTarget<StatsFleet.Channel>) -> StatsReader<StatsFleet.Channel> {
    StatsReader(
      of: target, nodeOnly: false,
      context: RunContext(toolVersion: "0", startedAt: "", advise: ReportWording.advice))
  }

  @Test(
    "a primary that has become a replica is looked up again behind sentinels, and only there",
    arguments: [true, false])
  func demoted(_ isBehindSentinels: Bool) throws {
    let fleet = StatsFleet(["a:1": .init(role: "master"), "b:1": .init(role: "slave")], named: "a:1")
    let reader = Self.reader(Self.target(fleet, isBehindSentinels: isBehindSentinels))
    #expect(try reader.read(retrying: false).readings.map(\.address) == ["a:1"])
    fleet.nodes["a:1"]?.role = "slave"
    fleet.nodes["b:1"]?.role = "master"
    fleet.named = "b:1"
    let round = try reader.read(retrying: false)
    #expect(round.readings.map(\.address) == [isBehindSentinels ? "b:1" : "a:1"])
    #expect(!round.isWholeCluster && round.warnings.isEmpty)
  }

  @Test("a connection that was lost while it idled is opened again, once") func lost() throws {
    let fleet = StatsFleet(["a:1": .init(role: "master")], named: "a:1")
    let reader = Self.reader(Self.target(fleet))
    _ = try reader.read(retrying: false)
    fleet.nodes["a:1"]?.closes = 1
    #expect(try reader.read(retrying: false).readings.count == 1 && fleet.connections == 2)
    fleet.nodes["a:1"]?.closes = 9
    #expect(throws: ClientError.self) { try reader.read(retrying: false) }
    #expect(fleet.connections == 3)
  }

  @Test("a state that passes is waited for where there is patience", arguments: [true, false])
  func busy(_ isPatient: Bool) throws {
    let fleet = StatsFleet(["a:1": .init(role: "master", refusals: 2)], named: "a:1")
    let reader = Self.reader(Self.target(fleet, patience: .seconds(20)))
    if isPatient {
      #expect(try reader.read(retrying: true).readings.count == 1 && fleet.connections == 3)
    } else {
      #expect(throws: ClientError.self) { try reader.read(retrying: false) }
      #expect(fleet.connections == 1)
    }
  }

  @Test("of a shard's replicas the first that answers is read, and again as long as it does") func replicas()
    throws
  {
    let fleet = StatsFleet(
      [
        "p:1": .init(role: "master", isClustered: true),
        "r:1": .init(role: "slave", isClustered: true, isAway: true),
        "r:2": .init(role: "slave", isClustered: true),
      ], named: "p:1", shards: [["p:1", "r:1", "r:2"]])
    let reader = Self.reader(Self.target(fleet, usesReplicas: true))
    let first = try reader.read(retrying: false)
    #expect(first.isWholeCluster && first.readings.map(\.address) == ["r:2"] && first.warnings.isEmpty)
    fleet.nodes["r:1"]?.isAway = false
    #expect(try reader.read(retrying: false).readings.map(\.address) == ["r:2"])
    // What the reader itself asked in between, of its own four commands a reading: CLUSTER SLOTS.
    #expect(try reader.read(retrying: false).readings.map(\.ownCommands) == [4 + 1 + 3 + 1 + 3])
    fleet.nodes["r:2"]?.isAway = true
    #expect(try reader.read(retrying: false).readings.map(\.address) == ["r:1"])
    fleet.nodes["r:1"]?.isAway = true
    #expect(throws: ClientError.self) { try reader.read(retrying: false) }
  }

  @Test("one node that is away is a fault of the round, and all are a failure") func away() throws {
    let fleet = StatsFleet(
      [
        "a:1": .init(role: "master", isClustered: true),
        "b:1": .init(role: "master", isClustered: true, isAway: true),
      ], named: "a:1", shards: [["a:1"], ["b:1"]])
    let reader = Self.reader(Self.target(fleet))
    let round = try reader.read(retrying: false)
    #expect(round.readings.map(\.address) == ["a:1"] && round.faults.map(\.address) == ["b:1"])
    #expect(
      round.warnings.count == 2 && round.warnings[0].contains("b:1 (slots 8192-16383)"), "\(round.warnings)")
    #expect(
      round.headerNodes.map(\.address) == ["a:1", "b:1"] && round.unread.map(\.slots) == ["8192-16383"])
    let header = reader.header(round, warnings: [])
    #expect(
      !header.isComplete && header.kind == "cluster" && header.warnings.prefix(2) == round.warnings[...])
    // A stop while one node is read is a stop of the run.
    fleet.nodes["b:1"]?.awayKind = .interrupted
    #expect(throws: ClientError.self) { try reader.read(retrying: false) }
    fleet.nodes["b:1"]?.isAway = false
    fleet.shards = [["a:1"], ["b:1"], ["c:1"]]
    fleet.nodes["c:1"] = .init(role: "master", isClustered: true)
    let grown = try reader.read(retrying: false)
    #expect(grown.readings.map(\.address) == ["a:1", "b:1", "c:1"] && grown.faults.isEmpty)
  }
}

/// Servers in memory that answer what statistics are read by.
final class StatsFleet: Sendable {
  struct Node {
    var role: String
    var isClustered = false
    /// No connection can be made.
    var isAway = false
    var awayKind = ClientError.Kind.unreachable
    /// So many connections are closed when something is asked.
    var closes = 0
    /// So many times INFO is refused for a state that passes.
    var refusals = 0
  }

  private struct State {
    var nodes: [String: Node]
    var named: String
    var shards: [[String]]
    var connections = 0
  }

  private let state: Mutex<State>

  init(_ nodes: [String: Node], named: String, shards: [[String]] = []) {
    state = Mutex(State(nodes: nodes, named: named, shards: shards))
  }

  var nodes: [String: Node] {
    get { state.withLock { $0.nodes } }
    set { state.withLock { $0.nodes = newValue } }
  }
  /// Where the user's own words lead.
  var named: String {
    get { state.withLock { $0.named } }
    set { state.withLock { $0.named = newValue } }
  }
  /// The members of each shard, its primary first; they share the slots evenly.
  var shards: [[String]] {
    get { state.withLock { $0.shards } }
    set { state.withLock { $0.shards = newValue } }
  }
  /// How many connections were made.
  var connections: Int { state.withLock { $0.connections } }

  func connect(to place: String) throws(ClientError) -> Channel {
    guard let node = nodes[place], !node.isAway else {
      throw ClientError(nodes[place]?.awayKind ?? .unreachable, "cannot reach \(place)")
    }
    state.withLock { $0.connections += 1 }
    return Channel(self, place)
  }

  fileprivate func answer(_ words: [String], at place: String) -> FakeReply? {
    guard let node = nodes[place], !node.isAway else { return nil }
    if node.closes > 0 {
      nodes[place]?.closes -= 1
      return nil
    }
    switch words.first {
    case "INFO" where words.count > 1: return .bulk([])
    case "INFO" where node.refusals > 0:
      nodes[place]?.refusals -= 1
      return .error("BUSY a script runs")
    case "INFO":
      let text = "run_id:\(place)\r\nrole:\(node.role)\r\ncluster_enabled:\(node.isClustered ? 1 : 0)\r\n"
      return .bulk(Array(text.utf8))
    case "CLUSTER" where words.last == "SLOTS": return slots
    default: return .error("ERR unknown command")
    }
  }

  private var slots: FakeReply {
    let shards = shards
    return .array(
      shards.indices.map { index in
        let (first, end) = (16_384 * index / shards.count, 16_384 * (index + 1) / shards.count)
        let members = shards[index].map { place in
          let halves = place.split(separator: ":")
          return FakeReply.array([.bulk(Array(halves[0].utf8)), .integer(Int64(halves[1]) ?? 0)])
        }
        return .array([.integer(Int64(first)), .integer(Int64(end - 1))] + members)
      })
  }

  /// A connection to one of the servers; once it was closed it answers nothing more.
  final class Channel: CommandChannel {
    let endpoint: Endpoint
    private let fleet: StatsFleet
    private let place: String
    private var waiting: [FakeReply?] = []

    init(_ fleet: StatsFleet, _ place: String) {
      self.fleet = fleet
      self.place = place
      let halves = place.split(separator: ":")
      endpoint = Endpoint(address: .tcp(host: String(halves[0]), port: UInt16(halves[1]) ?? 0))
    }

    func send(_ commands: CommandBuffer) throws(ClientError) {
      for command in commands.commands { waiting.append(fleet.answer(command.map(\.text), at: place)) }
    }

    func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
      for reply in waiting.prefix(count) {
        guard let reply else { throw ClientError(.closed, "\(place) closed the connection") }
        reply.append(to: replies)
      }
      waiting.removeFirst(count)
    }

    func pause(_ duration: Duration) {}
  }
}
