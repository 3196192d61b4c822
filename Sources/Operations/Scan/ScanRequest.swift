import Keyspace
import RedisClient
package import Reporting

/// What `scan` is asked to do.
package struct ScanRequest: Sendable {
  /// How many keys are measured.
  package enum Measuring: Sendable, Equatable {
    /// Every key.
    case exact
    /// At most this many keys of each group.
    case sample(Int)
    /// Every key of a small database, else the default sample of each group.
    case automatic

    /// The default number of keys measured per group.
    package static let defaultSample = 2500
    /// Databases of up to this many keys are measured completely.
    package static let smallDatabase = 200_000
  }

  /// The order of the groups.
  package enum Order: String, Sendable, CaseIterable {
    /// Most keys first.
    case keys
    /// Most bytes first.
    case memory
    /// Soonest to expire first, by the median.
    case ttl
    /// By name.
    case name
  }

  /// Which keys, and how much of the server's time the scan takes.
  package var walk = WalkRequest()
  /// What the groups are.
  package var grouping = ScanGrouping.version
  /// Whether a table shows namespaces that hold a good part of the keys by entity.
  package var splitsLarge = false
  /// Templates are cut to this many segments; nil keeps them complete.
  package var depth: Int?
  /// How many keys are measured.
  package var measuring = Measuring.automatic
  /// Whether the time since the last use is asked for.
  package var measuresIdle = false
  /// How many of the largest keys are listed; nil lists none.
  package var biggest: Int?
  /// How many of the keys that are used most are listed; nil lists none.
  package var hottest: Int?
  /// The order of the groups.
  package var order = Order.keys
  /// How many groups a table shows.
  package var top = 40
  /// Which findings are left out.
  package var filter = FindingFilter()
  /// The bound on groups held in memory.
  package var maximumGroups = 10_000
  /// The options that lead back to the same server and keys, for suggested commands.
  package var commandContext: [SuggestedOption] = []

  /// What is counted about expiry in addition to the distribution of TTLs.
  var expiry = ExpiryPlan()
  /// True where the server counts uses, so that those decide which keys are used most, and not the last one.
  var usesFrequency = false
  /// False where only TTLs are wanted: neither memory nor types are asked for, and names are not judged.
  var isAudit = true

  /// The defaults.
  package init() {}

  /// What the groups of the report are: cut templates where a depth is given.
  var reportedGrouping: ScanGrouping { depth == nil ? grouping : .template }

  /// What shows which keys are used most.
  var heat: KeyMeasurements { hottest == nil ? [] : usesFrequency ? .frequency : .idle }

  /// True where a group's key must be measured before it is known to be chosen.
  var choosesByMeasure: Bool { !walk.selection.neededMeasurements.isEmpty }

  /// The pieces of a name that the groups need.
  var level: GroupLevel {
    // Whatever the groups are, findings look at templates.
    .template(depth: depth)
  }
}

/// How finely the moments at which keys expire are counted.
struct ExpiryPlan: Sendable {
  /// The edges, in milliseconds, between which TTLs are counted; none counts none.
  var edges: [Int64] = []
  /// How far ahead waves are looked for, in seconds.
  var horizon = 24 * 3600
  /// The bound on timelines that are counted to the second; each takes 4 bytes a second of the horizon.
  var fineTimelines = 0
  /// The bound on all timelines; the later ones count in steps of half a minute.
  var timelines = 500
}
