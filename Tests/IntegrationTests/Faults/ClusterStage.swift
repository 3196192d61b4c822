import Foundation
import Synchronization
import TestHarness
import Testing

/// A cluster of three primaries without replicas, each behind a proxy by which alone clients learn to reach it.
final class ClusterStage: Sendable {
  let cluster: RedisCluster
  let proxies: [FaultProxy]
  private let trials = Atomic(0)

  /// The names of keys that spread over ten slots.
  static let tagged: @Sendable (Int) -> String = { "app:v1:{tag \($0 % 10)}:\($0)" }

  /// Starts all and waits until each node tells of the proxies only; takes about 5 s.
  init(_ configuration: [String] = []) throws {
    let base = RedisServer.Options(
      configuration: Trial.configuration + ["masterauth \(Rediscache.secret)"] + configuration,
      login: Trial.login)
    let cluster = try RedisCluster(primaries: 3, replicas: 0, base)
    let proxies = try cluster.nodes.map { try FaultProxy(to: .loopback($0.port), on: .loopback) }
    self.cluster = cluster
    self.proxies = proxies
    for (node, proxy) in zip(cluster.nodes, proxies) {
      try node.server.cli("CONFIG", "SET", "cluster-announce-port", String(proxy.port))
    }
    let ports = Set(proxies.map(\.port))
    try Wait.for("the nodes to tell of the proxies") {
      try cluster.nodes.indices.allSatisfy { try Self.ports(cluster, $0) == ports }
    }
  }

  /// The ports that a node tells clients of.
  private static func ports(_ cluster: RedisCluster, _ node: Int) throws -> Set<Int> {
    let ranges = try cluster.command(node, "CLUSTER", "SLOTS").elements ?? []
    return Set(ranges.compactMap { $0.elements?.dropFirst(2).first?.elements?.dropFirst().first?.integer })
  }

  /// Where a run begins.
  var place: [String] { ["-u", proxies[0].uri] }

  var servers: [RedisServer] { cluster.nodes.map(\.server) }

  /// Empties the nodes, lets everything pass, and fills them for a command; without `names` the keys are in slots that
  /// no earlier test has moved.
  func trial(_ verb: Verb, count: Int = 300, names: ((Int) -> String)? = nil) throws -> Trial {
    let number = trials.wrappingAdd(1, ordering: .relaxed).newValue
    let names = names ?? { "app:v1:\(number)-\($0)" }
    for proxy in proxies { proxy.heal() }
    for server in servers { try server.cli("FLUSHALL") }
    return try Trial(verb, count, names: names, on: { self.servers }, load: load)
  }

  /// Sends commands to the first node, and what it does not own to the next.
  private func load(_ commands: [[[UInt8]]]) throws {
    var left = commands
    for server in servers where !left.isEmpty {
      let replies = try server.pipeline(left)
      left = zip(left, replies).filter { $0.1.errorText?.hasPrefix("MOVED") == true }.map(\.0)
      let error = replies.lazy.compactMap(\.errorText).first { !$0.hasPrefix("MOVED") }
      if let error { throw Refused(text: error) }
    }
    #expect(left.isEmpty)
  }

  private struct Refused: Error { let text: String }

  /// The slot of a key.
  func slot(of key: String) throws -> Int {
    try #require(try cluster.command(0, "CLUSTER", "KEYSLOT", key).integer)
  }

  /// Slots that a node owns and that hold keys.
  func occupiedSlots(of node: Int, atMost count: Int) throws -> [Int] {
    let names = try servers[node].keys("app:v1:*")
    let slots = try servers[node].pipeline(names.map { [Array("CLUSTER".utf8), Array("KEYSLOT".utf8), $0] })
    return Array(Set(slots.compactMap(\.integer)).sorted().prefix(count))
  }

  /// A slot that a node owns and that holds no key.
  func emptySlot(of node: Int) throws -> Int {
    for slot in 0..<16_384 where try cluster.owner(of: slot) == node {
      let count = try cluster.command(node, "CLUSTER", "COUNTKEYSINSLOT", String(slot))
      if count.integer == 0 { return slot }
    }
    throw Refused(text: "node \(node) has no empty slot")
  }

  /// A slot on its way from one node to another.
  struct Move: Sendable {
    var slot: Int
    var source: Int
    var target: Int
  }

  /// Begins to move a slot with some of its keys.
  func begin(_ move: Move, movingAtMost count: Int = 0) throws {
    try cluster.beginMigration(of: move.slot, from: move.source, to: move.target)
    try cluster.moveKeys(of: move.slot, from: move.source, to: move.target, atMost: count)
  }

  /// Brings a move to its end.
  func finish(_ move: Move) throws {
    try cluster.moveKeys(of: move.slot, from: move.source, to: move.target)
    try cluster.finishMigration(of: move.slot, from: move.source, to: move.target)
  }

  /// Moves slots with their keys while the cluster serves clients.
  func move(_ slots: [Int], from source: Int, to target: Int) throws {
    try cluster.raiseEpoch(of: target)
    for slot in slots {
      let move = Move(slot: slot, source: source, target: target)
      try begin(move)
      try finish(move)
    }
    // A node may have believed older news of a slot that came late.
    try cluster.waitUntilSettled {
      for slot in slots { try cluster.finishMigration(of: slot, from: source, to: target) }
    }
  }
}
