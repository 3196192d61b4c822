import Keyspace
import RedisClient

/// The lookups that an inspecting command made, server by server.
package struct StatsLookupAccount: Sendable, Equatable {
  /// The lookups on one server.
  package struct Entry: Sendable, Equatable {
    /// Which server.
    package let server: StatsServer
    /// What the server counted among its hits and misses.
    package let lookups: StatsLookups
  }

  /// The redacted URI of the target.
  package let target: String
  /// The servers that were walked, each once.
  package let entries: [Entry]

  /// Notes the lookups in a state of the same target, or in a new one.
  ///
  /// `begun` is when the command began, in seconds since 1970. Throws where the state is another target's.
  package func noted(in state: StatsState?, begun: Double) throws(StatsState.Refusal) -> StatsState {
    try state?.check(target: target, servers: entries.map(\.server))
    var state = state ?? StatsState(target: target)
    for entry in entries where !entry.lookups.isEmpty {
      state.add(entry.lookups, at: entry.server, begun: begun)
    }
    return state
  }
}

extension KeyspaceWalk {
  /// What the walks looked up, with what was asked beside them at each address.
  func account(adding more: [String: StatsLookups] = [:]) -> StatsLookupAccount {
    // Servers without any lookups are named too: they tell whose state it is.
    var lookups: [StatsServer: StatsLookups] = [:]
    for node in nodes { lookups[node.server] = StatsLookups() }
    lookups.merge(result.lookups) { $0 + $1 }
    for (address, more) in more {
      // Of two processes at one address the one that is there now.
      let server =
        nodes.map(\.server).first { $0.address == address } ?? lookups.keys.first { $0.address == address }
        ?? StatsServer(address: address, runID: nil)
      lookups[server] = (lookups[server] ?? StatsLookups()) + more
    }
    let entries = lookups.map { StatsLookupAccount.Entry(server: $0, lookups: $1) }
    return StatsLookupAccount(target: target.identity.uri, entries: entries.sorted { $0.server < $1.server })
  }
}

extension ServerNode {
  /// Which server is walked, for the account of its lookups.
  var server: StatsServer { StatsServer(address: endpoint.place, runID: facts.runID) }
}

extension StatsServer {
  fileprivate static func < (left: StatsServer, right: StatsServer) -> Bool {
    (left.address, left.runID ?? "") < (right.address, right.runID ?? "")
  }
}
