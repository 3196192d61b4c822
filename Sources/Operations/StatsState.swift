public import Keyspace

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What one run of `stats --state` leaves for the next: the reading, and the lookups that inspecting commands
/// made since, which the server counted among its users'.
public struct StatsState: Sendable, Equatable, Codable {
  /// Why a state cannot be used.
  public enum Refusal: Error, Equatable {
    /// The bytes are no state of this tool.
    case unreadable
    /// The state is another server's, at this address.
    case otherTarget(String)
  }

  private static let currentSchema = "rediscache.state/1"

  private var schema = StatsState.currentSchema
  /// Where the server was reached.
  public private(set) var address: String
  /// The server's process when last seen; nil where it does not tell.
  public private(set) var runID: String?
  /// The last reading of `stats`; nil before the first.
  public private(set) var sample: StatsSample?
  /// All lookups ever noted, like a counter of the server's.
  public private(set) var lookups = StatsLookups()
  /// What `lookups` was at the last reading.
  public private(set) var lookupsAtSample = StatsLookups()
  /// When the run began that noted lookups last, in seconds since 1970.
  public private(set) var lastRunBegan: Double?

  private enum CodingKeys: String, CodingKey {
    case schema
    case address
    case runID = "run_id"
    case sample
    case lookups
    case lookupsAtSample = "lookups_at_sample"
    case lastRunBegan = "last_run_began_seconds"
  }

  /// A state of a server that has not been seen before.
  public init(address: String, runID: String?) {
    self.address = address
    self.runID = runID
  }

  /// Reads a state file; nil where it is empty.
  public static func decode(_ bytes: [UInt8]) throws(Refusal) -> StatsState? {
    guard !bytes.isEmpty else { return nil }
    guard let state = try? JSONDecoder().decode(StatsState.self, from: Data(bytes)),
      state.schema == currentSchema
    else { throw .unreadable }
    return state
  }

  /// The state as the bytes of its file.
  public var encoded: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Encoding fails for numbers that are not finite, of which there are none.
    return ((try? encoder.encode(self)).map { Array($0) } ?? []) + [UInt8(ascii: "\n")]
  }

  /// Sees that the state is of this server: the same process, or at least the same address, where another
  /// process is a restart or a failover.
  public func check(address: String, runID: String?) throws(Refusal) {
    if let runID, runID == self.runID { return }
    guard address == self.address else { throw .otherTarget(self.address) }
  }

  /// The lookups noted since the last reading.
  public var lookupsSinceSample: StatsLookups { lookups - lookupsAtSample }

  /// True where a run noted lookups of which some belong before the last reading.
  public var straddlesSample: Bool {
    guard let sample, let lastRunBegan, lookups != lookupsAtSample else { return false }
    return lastRunBegan < sample.localSeconds
  }

  /// Notes the lookups of a run that began at a moment, in seconds since 1970.
  public mutating func add(_ lookups: StatsLookups, begun: Double) {
    // Of several runs since the last reading the one that began first tells whether any straddles it.
    lastRunBegan = self.lookups == lookupsAtSample ? begun : min(begun, lastRunBegan ?? begun)
    self.lookups = self.lookups + lookups
  }

  /// Puts a new reading in the place of the last.
  public mutating func advance(to sample: StatsSample, address: String) {
    self.address = address
    runID = sample.runID ?? runID
    self.sample = sample
    lookupsAtSample = lookups
  }
}
