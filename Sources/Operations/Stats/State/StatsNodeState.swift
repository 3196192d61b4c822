import Keyspace

/// What a state holds of one server: the last reading, and the lookups that inspecting commands made since, which the
/// server counted among its users'.
package struct StatsNodeState: Sendable, Equatable, Codable {
  /// Where the server was reached.
  package private(set) var address: String
  /// The server's process when last seen; nil where it does not tell.
  package private(set) var runID: String?
  /// The last reading of `stats`; nil before the first.
  package private(set) var sample: StatsSample?
  /// All lookups ever noted, like a counter of the server's.
  package private(set) var lookups = StatsLookups()
  /// What `lookups` was at the last reading.
  package private(set) var lookupsAtSample = StatsLookups()
  /// When the run began that noted lookups last, in seconds since 1970.
  package private(set) var lastRunBegan: Double?

  private enum CodingKeys: String, CodingKey {
    case address
    case runID = "run_id"
    case sample
    case lookups
    case lookupsAtSample = "lookups_at_sample"
    case lastRunBegan = "last_run_began_seconds"
  }

  /// What is held of a server that has not been seen before.
  package init(_ server: StatsServer) {
    address = server.address
    runID = server.runID
  }

  /// Which server it is.
  package var server: StatsServer { StatsServer(address: address, runID: runID) }

  /// The lookups noted since the last reading.
  package var lookupsSinceSample: StatsLookups { lookups - lookupsAtSample }

  /// False for figures, from a file, that no server can have had.
  var isPlausible: Bool {
    (sample?.isPlausible ?? true) && lookups.isPlausible && lookupsAtSample.isPlausible
      && (lookups - lookupsAtSample).isPlausible && (lastRunBegan?.isFinite ?? true)
  }

  /// True where a run noted lookups of which some belong before the last reading.
  package var straddlesSample: Bool {
    guard let sample, let lastRunBegan, lookups != lookupsAtSample else { return false }
    return lastRunBegan < sample.localSeconds
  }

  /// What the next reading is compared with; nil before the first.
  var earlier: StatsEarlier? {
    sample.map { StatsEarlier(address: address, sample: $0, lookups: lookupsSinceSample) }
  }

  /// Notes the lookups of a run that began at a moment, in seconds since 1970.
  package mutating func add(_ lookups: StatsLookups, begun: Double) {
    // Of several runs since the last reading the one that began first tells whether any straddles it.
    lastRunBegan = self.lookups == lookupsAtSample ? begun : min(begun, lastRunBegan ?? begun)
    self.lookups = self.lookups + lookups
  }

  /// Puts a new reading in the place of the last.
  package mutating func advance(to sample: StatsSample, address: String) {
    self.address = address
    runID = sample.runID ?? runID
    // What no server can have said would be refused when the state is read again.
    self.sample = sample.isPlausible ? sample : nil
    lookupsAtSample = lookups
  }
}

/// Which server: where it was reached, and its process.
package struct StatsServer: Sendable, Hashable {
  /// Where the server was reached.
  package let address: String
  /// The server's process, which it names by chance at each start; nil where it does not tell.
  package let runID: String?

  /// Makes a server from its parts.
  package init(address: String, runID: String?) {
    self.address = address
    self.runID = runID
  }
}
