/// The rules of `doctor`, and what help says of each.
package enum DoctorRules {
  /// All rules of servers and traffic. Of two findings that are as bad, the earlier rule's comes first; those of the keys
  /// follow.
  static let all: [any DoctorRule] = [
    RefusesWritesRule(), ClusterGapsRule(), LastSaveRule(), ReplicaLinkRule(), ReplicationLagRule(),
    NoPasswordRule(), VolatileWithoutTTLRule(), MemoryHighRule(), ConnectionsRule(), KeysCommandRule(),
    HeavyCommandsRule(), ThrashingRule(), EvictingRule(), HitRatioRule(), PoorNodeRule(), LatencyRule(),
    SlowCommandsRule(),
    LatencyEventsRule(), ConnectionChurnRule(), ErrorsRule(), MonitorRule(), ClientBuffersRule(),
    ReplicaBuffersRule(), NoMaxmemoryRule(), NoEvictionRule(), FragmentationRule(), PersistenceOffRule(),
    ShardBalanceRule(), ExpiryLagRule(), ScriptsRule(), IdleClientsRule(), PersistenceOnCacheRule(),
    PeakRule(), BigInstanceRule(), DatabasesRule(), NotificationsRule(), NoTLSRule(), OldVersionRule(),
  ]

  /// What help says of a rule.
  package struct Description: Sendable {
    /// The name by which reports and options call it.
    package let id: String
    /// What it looks at.
    package let subject: String
    /// From where on it speaks.
    package let thresholds: [RuleThreshold]
    /// Where the thresholds come from.
    package let source: String
  }

  /// The rules of servers and traffic, as help describes them.
  package static var descriptions: [Description] {
    all.map { .init(id: $0.id, subject: $0.subject, thresholds: $0.thresholds, source: $0.source) }
  }

  /// The names of all rules, those of a scan included.
  package static var ids: [String] { all.map(\.id) + keyIDs }

  /// The names of the rules that a scan applies to the keys. What it says of a full memory, other rules say of each server.
  package static var keyIDs: [String] { FindingFilter.ids.filter { $0 != MemoryFullRule().id } }

  /// The threshold of a text such as `hit-ratio.warning`; nil where there is none.
  package static func threshold(_ name: String) -> RuleThreshold? {
    all.lazy.flatMap { rule in rule.thresholds.map { ("\(rule.id).\($0.name)", $0) } }
      .first { $0.0 == name }?.1
  }

  /// The names of all thresholds.
  package static var thresholdNames: [String] {
    all.flatMap { rule in rule.thresholds.map { "\(rule.id).\($0.name)" } }
  }
}
