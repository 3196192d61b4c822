import Keyspace
import RedisClient

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What one run of `stats --state` leaves for the next, server by server.
package struct StatsState: Sendable, Equatable {
  /// Why a state cannot be used.
  package enum Refusal: Error, Equatable {
    /// The bytes are no state of this tool.
    case unreadable
    /// The state is another target's, of this name.
    case otherTarget(String)
  }

  private static let currentSchema = "rediscache.state/3"
  /// The schema whose line has no seal.
  private static let unsealedSchema = "rediscache.state/2"
  /// The schema that knew one server only, whose members stood beside it.
  private static let firstSchema = "rediscache.state/1"

  /// The redacted URI of the target; nil where the file is of a version that did not note it.
  package private(set) var target: String?
  /// The servers in the order in which they were met.
  package private(set) var nodes: [StatsNodeState] = []

  /// A state of a target that has not been seen before.
  package init(target: String) { self.target = target }

  /// Reads a state file; nil where it is empty.
  package static func decode(_ bytes: [UInt8]) throws(Refusal) -> StatsState? {
    guard !bytes.isEmpty else { return nil }
    var seal = JournalSeal()
    let opened = bytes.last == UInt8(ascii: "\n") ? seal.open(bytes.dropLast()) : nil
    let content = Data(opened ?? bytes)
    guard let form = try? JSONDecoder().decode(Form.self, from: content),
      opened != nil || form.schema != currentSchema,
      let state = try? JSONDecoder().decode(StatsState.self, from: content),
      state.nodes.allSatisfy(\.isPlausible)
    else { throw .unreadable }
    return state
  }

  private struct Form: Decodable { let schema: String }

  /// The state as the bytes of its file: one line with its seal.
  package var encoded: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Encoding fails for numbers that are not finite, of which there are none.
    var seal = JournalSeal()
    return seal.close((try? encoder.encode(self)).map { Array($0) } ?? [])
  }

  /// Sees that the state is of this target: it bears its name, or one of its servers is met again, as the same process
  /// or at the same address.
  ///
  /// Behind the same name there may be other servers than before: that is a failover.
  package func check(target: String, servers: [StatsServer]) throws(Refusal) {
    guard target != self.target, !nodes.isEmpty, !servers.contains(where: { index(of: $0) != nil }) else {
      return
    }
    throw .otherTarget(name)
  }

  /// The name by which a user recognizes the target.
  private var name: String {
    nodes.count == 1 ? nodes[0].address : target ?? nodes.first?.address ?? "another target"
  }

  /// The place of a server: that of the same process, else that of the same address.
  private func index(of server: StatsServer) -> Int? {
    nodes.firstIndex { $0.runID != nil && $0.runID == server.runID }
      ?? nodes.firstIndex { $0.address == server.address }
  }

  /// Notes the lookups that a run made on a server; the run began at a moment, in seconds since 1970.
  package mutating func add(_ lookups: StatsLookups, at server: StatsServer, begun: Double) {
    guard let index = index(of: server) else {
      var node = StatsNodeState(server)
      node.add(lookups, begun: begun)
      return nodes.append(node)
    }
    nodes[index].add(lookups, begun: begun)
  }

  /// Puts the readings of a round in the place of the last ones.
  ///
  /// What could not be read keeps its place, for it may come back, and so do all others where a node of a cluster was
  /// read by itself; what is no longer part of the target goes.
  mutating func advance(to round: StatsRound, of target: String) {
    var left = nodes
    var read: [StatsNodeState] = []
    for reading in round.readings {
      let found = index(of: reading.server)
      var node = found.map { nodes[$0] } ?? StatsNodeState(reading.server)
      left.removeAll { found.map { nodes[$0].server } == $0.server }
      node.advance(to: reading.sample, address: reading.address)
      read.append(node)
    }
    let isPart = !round.isWholeCluster && round.readings.contains { $0.facts.isClusterNode }
    left.removeAll { node in !isPart && !round.faults.contains { $0.address == node.address } }
    self.target = target
    nodes = read + left
  }
}

extension StatsState: Codable {
  private enum CodingKeys: String, CodingKey { case schema, target, nodes }

  /// Reads a state of this schema or of the first.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(String.self, forKey: .schema) {
    case StatsState.currentSchema, StatsState.unsealedSchema:
      target = try container.decodeIfPresent(String.self, forKey: .target)
      nodes = try container.decode([StatsNodeState].self, forKey: .nodes)
    case StatsState.firstSchema:
      target = nil
      nodes = [try StatsNodeState(from: decoder)]
    default: throw Refusal.unreadable
    }
  }

  /// Writes the state.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(StatsState.currentSchema, forKey: .schema)
    try container.encodeIfPresent(target, forKey: .target)
    try container.encode(nodes, forKey: .nodes)
  }
}
