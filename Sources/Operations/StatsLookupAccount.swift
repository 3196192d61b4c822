public import Keyspace
import RedisClient

/// The lookups that an inspecting command made, and on which server.
public struct StatsLookupAccount: Sendable, Equatable {
  /// Where the server was reached.
  public let address: String
  /// The server's process; nil where it does not tell.
  public let runID: String?
  /// What the server counted among its hits and misses.
  public let lookups: StatsLookups

  /// Notes the lookups in a state of the same server, or in a new one.
  ///
  /// `begun` is when the command began, in seconds since 1970. Throws where the state is another server's.
  public func noted(in state: StatsState?, begun: Double) throws(StatsState.Refusal) -> StatsState {
    try state?.check(address: address, runID: runID)
    var state = state ?? StatsState(address: address, runID: runID)
    state.add(lookups, begun: begun)
    return state
  }
}

extension KeyspaceWalker {
  /// What the walks looked up, with what was asked beside them.
  func account(adding more: StatsLookups = StatsLookups()) -> StatsLookupAccount {
    StatsLookupAccount(
      address: target.identity.endpoint.place, runID: facts.fields["run_id"], lookups: result.lookups + more)
  }
}
