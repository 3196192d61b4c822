package import Reporting

/// What `stats` is asked for.
package struct StatsRequest: Sendable {
  /// What the counters are compared with.
  package enum Comparison: Sendable {
    /// Nothing: the figures since the start.
    case none
    /// A second reading after a while.
    case after(Duration)
    /// What an earlier run left; nil where this is the first.
    case state(StatsState?)
  }

  /// The time between two readings where none was asked for: what only counts since the start says nothing of now.
  package static let shortSample = Duration.seconds(1)

  /// What the counters are compared with.
  package var comparison = Comparison.none
  /// The time between two readings where a state holds no earlier one.
  package var sampling = StatsRequest.shortSample
  /// True where one node of a cluster is meant to stand for itself.
  package var nodeOnly = false
  /// The options that lead to the same server again, for suggested commands.
  package var commandContext: [SuggestedOption] = []

  /// One reading of a server that stands for itself.
  package init() {}
}
