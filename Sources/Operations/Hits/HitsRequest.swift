import Keyspace
package import RedisClient
package import Reporting

/// What `hits` is asked for.
package struct HitsRequest: Sendable {
  /// Which keys, chosen by their names, and how the names are read.
  package var walk = WalkRequest()
  /// What the groups are.
  package var grouping = ScanGrouping.version
  /// How many groups a table shows.
  package var top = 40
  /// The bound on groups held in memory.
  package var maximumGroups = 10_000
  /// How long to listen.
  package var duration = Duration.seconds(60)
  /// Whether a sampled scan says what the keys of each group take.
  package var measuresMemory = true
  /// Whether reads are estimated by listening with MONITOR now and then.
  package var monitors = true
  /// The part of the time, 0 to 1, in which a server is monitored.
  package var duty = 0.05
  /// Above this many commands a second a server is not monitored.
  package var mostOperations = 100_000
  /// How long a read is followed to see whether its key is filled in, where misses do not come as events; nil follows it as
  /// long as the usual windows of MONITOR allow, and an inference is then only what is left.
  package var refill: Duration?
  /// Whether a server is monitored whatever speaks against it.
  package var isForced = false
  /// Whether the servers are made to send the events that are missing, and set back afterwards.
  package var enablesNotifications = false
  /// Spells the command that sets a server back by hand.
  package var spellRestoration: @Sendable (Restoration) -> String = {
    "CONFIG SET \($0.setting) \"\($0.value)\""
  }
  /// How many of the keys that miss most are listed; nil lists none.
  package var topKeys: Int?
  /// True where only this server is meant, even if it is part of a cluster.
  package var nodeOnly = false
  /// The options that lead back to the same server and keys, for suggested commands.
  package var commandContext: [SuggestedOption] = []

  /// What sets a server back that this run has changed.
  package struct Restoration: Sendable {
    /// Which server, and as whom it is reached.
    package let endpoint: Endpoint
    /// The name of the setting.
    package let setting: String
    /// Its value before the run.
    package let value: String
  }

  /// All keys of one server, by namespace and version, for a minute.
  package init() {}

  /// The pieces of a name that the groups need.
  var level: GroupLevel {
    switch grouping {
    case .entity: .entity
    case .template: .template()
    default: .version
    }
  }
}
