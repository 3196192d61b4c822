import Foundation
import TestSupport

/// A real cluster, started for a test: each node is a ``RedisServer`` with a folder of its own.
///
/// It ends with ``stop()``, with the last reference to it, or with the test process.
package final class RedisCluster: Sendable {
  /// One server of the cluster.
  package struct Node: Sendable {
    /// The server, with its unix socket, its log and the ways to crash, pause and restart it.
    package let server: RedisServer
    /// Its plain TCP port on 127.0.0.1; the bus is on the port 10,000 above.
    package let port: Int
    /// The name that the cluster knows it by.
    package let id: String

    /// The process id; 0 when it does not run.
    package var pid: Int32 { server.pid }

    /// The port that the nodes know each other by: the TLS port where they talk TLS among themselves.
    var clusterPort: Int { server.options.configuration.contains("tls-cluster yes") ? server.tlsPort : port }
  }

  /// All nodes: first those that began as primaries, in the order of their slots, then the replicas of the first, the
  /// second and so on, then the second replicas of each.
  package let nodes: [Node]

  /// Starts a cluster and waits until every node calls it whole and lists every replica.
  ///
  /// `replicas` is their number for each primary; `base` is what all nodes have in common beside the cluster's own
  /// settings. The TLS port of each is `server.tlsPort`; Redis 7.0 tells clients of it with `tls-cluster yes` alone. Takes about 3 s, 2 of which a new primary waits by itself. Throws
  /// ``MissingTool`` or ``HarnessFailure``.
  package init(primaries: Int = 3, replicas: Int = 1, _ base: RedisServer.Options = .init()) throws {
    nodes = try (0..<primaries * (1 + replicas)).map { _ in try Self.startNode(base) }
    try form(primaries: primaries, replicas: replicas)
  }

  deinit {
    stop()
  }

  /// Starts a cluster, hands it to `body`, and stops it however `body` ends.
  package static func with<T>(
    primaries: Int = 3, replicas: Int = 1, _ base: RedisServer.Options = .init(),
    _ body: (RedisCluster) throws -> T
  ) throws -> T {
    let cluster = try RedisCluster(primaries: primaries, replicas: replicas, base)
    defer { cluster.stop() }
    return try body(cluster)
  }

  /// Ends all nodes at once and removes their folders; harmless when repeated.
  package func stop() {
    // Asked gently, a primary waits for its replicas.
    for node in nodes { node.server.crash() }
    for node in nodes { node.server.stop() }
  }

  /// Runs a command on a node; the reply may be an error reply, a redirection among them.
  @discardableResult
  package func command(_ node: Int, _ words: String...) throws -> RESPValue {
    try nodes[node].server.cliBytes(words.map { Array($0.utf8) })
  }

  /// Ends a node at once as a crash does; `nodes[node].server.restart()` brings it back.
  package func kill(_ node: Int) {
    nodes[node].server.crash()
  }

  /// Ends a primary at once and waits until the others agree on a replica that took over; gives that one's index.
  ///
  /// Takes about 3 s: the node timeout, and an election.
  package func killPrimary(_ node: Int) throws -> Int {
    let heirs = try live.filter { try ownEntry(of: $0).primary == nodes[node].id }
    guard !heirs.isEmpty else { throw HarnessFailure("node \(node) has no replica that could take over") }
    kill(node)
    var promoted: Int?
    try wait("a replica of node \(node) to take over") {
      promoted = try heirs.first { try ownEntry(of: $0).primary == nil }
      return try promoted != nil && isSettled()
    }
    return promoted ?? heirs[0]
  }

  /// The index of the node that says of itself that it owns a slot, or nil.
  package func owner(of slot: Int) throws -> Int? {
    try live.first { node in
      let own = try ownEntry(of: node)
      return own.primary == nil && own.ranges.contains { $0.contains(slot) }
    }
  }

  /// Waits until every running node calls the cluster whole and all agree on who owns which slots.
  ///
  /// `remind` is called every second until then.
  package func waitUntilSettled(remind: () throws -> Void = {}) throws {
    var next = ContinuousClock.now + .seconds(1)
    try wait("the nodes to agree") {
      if try isSettled() { return true }
      if ContinuousClock.now > next {
        try remind()
        next = .now + .seconds(1)
      }
      return false
    }
  }

  /// Creates keys, or runs any other commands with one key each, where they belong; returns how many.
  ///
  /// Throws ``HarnessFailure`` with the first error reply that is no MOVED.
  @discardableResult
  package func load(_ commands: some Sequence<[[UInt8]]>, batch: Int = 2_000) throws -> Int {
    var connections: [Int: RawConnection] = [:]
    var total = 0
    var pending: [[[UInt8]]] = []
    for command in commands {
      pending.append(command)
      if pending.count == batch {
        total += pending.count
        try deliver(&pending, &connections)
      }
    }
    total += pending.count
    try deliver(&pending, &connections)
    return total
  }

  // MARK: - Starting

  private static let busOffset = 10_000

  private static func startNode(_ base: RedisServer.Options) throws -> Node {
    var attempt = 1
    while true {
      let port = try freePort()
      var options = base
      // The last line of a name counts: these go before what the test asks for.
      options.configuration =
        [
          "port \(port)", "cluster-port \(port + busOffset)", "cluster-enabled yes",
          "cluster-config-file nodes.conf",
          "cluster-node-timeout 2000", "cluster-allow-replica-migration no", "repl-diskless-sync-delay 0",
          // Until its primary's first ping a replica of an empty primary counts as loading.
          "repl-ping-replica-period 1",
        ] + base.configuration
      do {
        let server = try RedisServer(options)
        let id = try server.cliBytes([Array("CLUSTER".utf8), Array("MYID".utf8)])
        guard let text = id.text, id.errorText == nil else { throw HarnessFailure("CLUSTER MYID: \(id)") }
        return Node(server: server, port: port, id: text)
      } catch let failure as HarnessFailure {
        guard failure.description.contains("Address already in use"), attempt < 5 else { throw failure }
        attempt += 1
      }
    }
  }

  /// A port that was free a moment ago together with the one of the bus; both lie below the range that the system hands
  /// out to clients by itself.
  private static func freePort() throws -> Int {
    for _ in 0..<200 {
      let port = Int.random(in: 12_000..<22_000)
      guard let first = try? Socket.listen(.loopback(port)) else { continue }
      defer { close(first) }
      guard let second = try? Socket.listen(.loopback(port + busOffset)) else { continue }
      close(second)
      return port
    }
    throw HarnessFailure("no two free TCP ports 10000 apart")
  }

  private func form(primaries: Int, replicas: Int) throws {
    for node in nodes.indices {
      // Different epochs from the start: no round of settling who is the elder.
      try demand(node, "CLUSTER", "SET-CONFIG-EPOCH", String(node + 1))
      if node < primaries {
        // The shares that redis-cli deals out: bounds are rounded.
        let share = 16_384 / Double(primaries)
        let (first, end) = ((Double(node) * share).rounded(), (Double(node + 1) * share).rounded())
        try demand(node, "CLUSTER", "ADDSLOTSRANGE", String(Int(first)), String(Int(end) - 1))
      }
    }
    // All with all: quicker than to let gossip introduce them.
    for node in nodes.indices {
      for other in nodes[..<node] {
        let bus = String(other.port + Self.busOffset)
        try demand(node, "CLUSTER", "MEET", "127.0.0.1", String(other.clusterPort), bus)
      }
    }
    for node in nodes.indices.dropFirst(primaries) {
      let primary = nodes[(node - primaries) % primaries]
      try wait("node \(node) to replicate") {
        let reply = try command(node, "CLUSTER", "REPLICATE", primary.id)
        guard let text = reply.errorText else { return true }
        guard text.contains("Unknown node") else { throw HarnessFailure("CLUSTER REPLICATE: \(text)") }
        return false
      }
    }
    try wait("the cluster to be whole") {
      try isSettled() && nodes.indices.allSatisfy { try listsReplicas($0, replicas) }
    }
  }

  /// Whether a node has heard from every replica that it is up to date.
  private func listsReplicas(_ node: Int, _ replicas: Int) throws -> Bool {
    let ranges = try command(node, "CLUSTER", "SLOTS").elements ?? []
    return !ranges.isEmpty && ranges.allSatisfy { $0.elements?.count == 3 + replicas }
  }

  // MARK: - What the nodes say

  /// One line of CLUSTER NODES.
  private struct Entry {
    let id: String
    let isSelf: Bool
    /// Whom it replicates; nil for a primary.
    let primary: String?
    let epoch: String
    let ranges: [ClosedRange<Int>]

    init?(_ line: Substring) {
      let words = line.split(separator: " ")
      guard words.count >= 8 else { return nil }
      id = String(words[0])
      let flags = words[2].split(separator: ",")
      isSelf = flags.contains("myself")
      primary = flags.contains("slave") ? String(words[3]) : nil
      epoch = String(words[6])
      // Slots on their way stand in brackets.
      ranges = words.dropFirst(8).filter { !$0.hasPrefix("[") }.compactMap { word in
        let ends = word.split(separator: "-").compactMap { Int($0) }
        guard let first = ends.first, let last = ends.last, first <= last else { return nil }
        return first...last
      }
    }
  }

  private var live: [Int] { nodes.indices.filter { nodes[$0].server.isRunning } }

  private func entries(of node: Int) throws -> [Entry] {
    let reply = try demand(node, "CLUSTER", "NODES")
    return (reply.text ?? "").split(separator: "\n").compactMap(Entry.init)
  }

  private func ownEntry(of node: Int) throws -> Entry {
    guard let own = try entries(of: node).first(where: \.isSelf) else {
      throw HarnessFailure("node \(node) does not list itself")
    }
    return own
  }

  /// A shard as a node sees it.
  private struct Claim: Equatable {
    var epoch: String
    var ranges: [ClosedRange<Int>]
  }

  /// Nodes that know an old epoch of another one may take slots that they are given next for that one's still.
  private func isSettled() throws -> Bool {
    var agreed: [String: Claim]?
    for node in live {
      guard try demand(node, "CLUSTER", "INFO").text?.contains("cluster_state:ok") == true else {
        return false
      }
      let owners = try entries(of: node).filter { $0.primary == nil && !$0.ranges.isEmpty }
      let view = Dictionary(owners.map { ($0.id, Claim(epoch: $0.epoch, ranges: $0.ranges)) }) { $1 }
      guard agreed == nil || agreed == view else { return false }
      agreed = view
    }
    return true
  }

  @discardableResult
  private func demand(_ node: Int, _ words: String...) throws -> RESPValue {
    let reply = try nodes[node].server.cliBytes(words.map { Array($0.utf8) })
    if let text = reply.errorText {
      throw HarnessFailure("node \(node), \(words.joined(separator: " ")): \(text)")
    }
    return reply
  }

  private func wait(
    _ purpose: String, within limit: Duration = Wait.limit, until condition: () throws -> Bool
  ) throws {
    guard try !Wait.becomesTrue(within: limit, nap: .milliseconds(30), condition) else { return }
    let views = live.map { (try? command($0, "CLUSTER", "NODES"))?.text?.prefix(2_000) ?? "no answer" }
    throw HarnessFailure(
      "waited \(limit) for \(purpose); the nodes say:\n\(views.joined(separator: "\n"))")
  }

  // MARK: - Loading

  /// Sends commands to the first running node, and again wherever it sends them to.
  private func deliver(_ pending: inout [[[UInt8]]], _ connections: inout [Int: RawConnection]) throws {
    guard let first = live.first else { throw HarnessFailure("no node runs") }
    var groups = [nodes[first].port: pending]
    pending.removeAll(keepingCapacity: true)
    for round in 0..<5 where !groups.isEmpty {
      // A slot that is just changing hands can send from one to the other for a moment.
      if round > 1 { usleep(50_000) }
      var again: [Int: [[[UInt8]]]] = [:]
      for (port, commands) in groups {
        guard let node = nodes.first(where: { $0.port == port || $0.clusterPort == port }) else {
          throw HarnessFailure("MOVED to the unknown port \(port)")
        }
        let connection = try connections[port] ?? node.server.connection()
        connections[port] = connection
        try connection.send(commands, timeout: .seconds(60))
        for command in commands {
          guard let text = try connection.receive(timeout: .seconds(60)).errorText else { continue }
          guard text.hasPrefix("MOVED "), let target = text.split(separator: ":").last.flatMap({ Int($0) })
          else { throw HarnessFailure("a command was refused while loading: \(text)") }
          again[target, default: []].append(command)
        }
      }
      groups = again
    }
    guard groups.isEmpty else { throw HarnessFailure("commands were sent from node to node") }
  }
}

// MARK: - Moving slots

extension RedisCluster {
  /// Moves slots with all their keys from one primary to another while the cluster serves clients.
  ///
  /// `pause` is called after each slot, for tests that want the move to last. Waits until all nodes agree.
  package func migrate(
    _ slots: ClosedRange<Int>, from source: Int, to target: Int, pause: (Int) throws -> Void = { _ in }
  ) throws {
    try raiseEpoch(of: target)
    for slot in slots {
      try beginMigration(of: slot, from: source, to: target)
      try moveKeys(of: slot, from: source, to: target)
      try finishMigration(of: slot, from: source, to: target)
      try pause(slot)
    }
    try waitUntilSettled()
  }

  /// Gives a node the highest epoch, and waits until all know: what it is given after that no older news takes from it.
  package func raiseEpoch(of node: Int) throws {
    try demand(node, "CLUSTER", "BUMPEPOCH")
    try waitUntilSettled()
  }

  /// Begins to move a slot: from here on the source answers ASK for keys that it has not.
  package func beginMigration(of slot: Int, from source: Int, to target: Int) throws {
    try demand(target, "CLUSTER", "SETSLOT", String(slot), "IMPORTING", nodes[source].id)
    try demand(source, "CLUSTER", "SETSLOT", String(slot), "MIGRATING", nodes[target].id)
  }

  /// Moves keys of a slot, all of them or at most so many; returns how many.
  @discardableResult
  package func moveKeys(of slot: Int, from source: Int, to target: Int, atMost limit: Int = .max) throws
    -> Int
  {
    var moved = 0
    while moved < limit {
      let wanted = min(100, limit - moved)
      let keys = try demand(source, "CLUSTER", "GETKEYSINSLOT", String(slot), String(wanted)).elements ?? []
      if keys.isEmpty { break }
      var words = ["MIGRATE", "127.0.0.1", String(nodes[target].clusterPort), "", "0", "5000"]
      if let login = nodes[source].server.options.login { words += ["AUTH2", login.user, login.password] }
      let command = (words + ["KEYS"]).map { Array($0.utf8) } + keys.compactMap(\.bytes)
      let reply = try nodes[source].server.cliBytes(command)
      if let text = reply.errorText { throw HarnessFailure("MIGRATE of slot \(slot): \(text)") }
      moved += keys.count
    }
    return moved
  }

  /// Hands a slot over, once its keys have moved.
  package func finishMigration(of slot: Int, from source: Int, to target: Int) throws {
    // The new owner first: were it to die now, no slot would be without one.
    for node in [target, source] {
      try demand(node, "CLUSTER", "SETSLOT", String(slot), "NODE", nodes[target].id)
    }
    // The rest would hear of it by gossip; replicas refuse the command.
    for node in live where node != source && node != target {
      try command(node, "CLUSTER", "SETSLOT", String(slot), "NODE", nodes[target].id)
    }
  }
}
