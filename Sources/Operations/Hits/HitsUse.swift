import Keyspace
import RedisClient
import Reporting

/// How a sample of the keys shows which were used lately, where nobody may listen to reads.
struct HitsUse: Sendable {
  /// A key that nobody has read again has a counter up to this (LFU_INIT_VAL).
  private static let newKeysFrequency = 5

  /// Whether the server keeps the moment of the last use, or counts uses.
  let measure: HitsReport.Use.Measure
  private let caveatsOfNodes: [String]

  /// What the servers keep by their policy; nil where that is the moment of the last write.
  init?(_ servers: [ServerInfo]) {
    let policies = servers.map { $0.fields["maxmemory_policy"] ?? "" }
    guard !policies.contains(where: { $0.contains("lrm") }) else { return nil }
    measure = policies.contains { $0.contains("lfu") } ? .frequency : .idle
    caveatsOfNodes = HitsUse.caveats(of: servers, measure)
  }

  /// What is asked of a key.
  var measurements: KeyMeasurements { measure == .idle ? .idle : .frequency }

  /// True where a key was used lately; nil where it did not answer.
  func isUsed(_ measured: KeyMeasure) -> Bool? {
    switch measure {
    case .idle: measured.idleSeconds.map { $0 < HitsReport.Use.seconds }
    case .frequency: measured.frequency.map { $0 > HitsUse.newKeysFrequency }
    }
  }

  /// The share of a group's keys that were used lately; nil where none has answered.
  static func share(_ present: HitsCensus.Figures) -> HitsGroup.UsedShare? {
    guard present.asked > 0, present.keys > 0 else { return nil }
    let keys = Double(present.keys)
    let (value, variance) = SampleShare.total(
      hits: present.used, sampled: min(present.asked, present.keys), population: present.keys)
    let low = max(0, value - SampleShare.halfWidth(ofVariance: variance))
    return .init(value: min(1, value / keys), low: min(1, low / keys))
  }

  /// What makes the answers of the servers untrustworthy, given what they have answered.
  func caveats(_ all: [HitsCensus.Figures]) -> [String] {
    let isFresh = all.contains { $0.asked > 0 } && all.allSatisfy { $0.highestFrequency == 0 }
    return caveatsOfNodes
      + (measure == .frequency && isFresh
        ? ["all counters are 0: the policy was switched to LFU lately"] : [])
  }

  private static func caveats(of servers: [ServerInfo], _ measure: HitsReport.Use.Measure) -> [String] {
    var caveats: [String] = []
    if servers.contains(where: { $0.role == "replica" }) {
      caveats.append("a replica keeps its own, and does not see what is read at its primary")
    }
    if servers.contains(where: { MonitorSafety.mustWait($0) }) {
      caveats.append("a server was saving or loading, and its clocks of keys stand still meanwhile")
    }
    let uptime = servers.compactMap { $0.amount("uptime_in_seconds") }.min()
    if measure == .idle, let uptime, uptime < HitsReport.Use.seconds {
      caveats.append("the server started less than a minute ago, so every key looks used")
    }
    return caveats
  }
}
