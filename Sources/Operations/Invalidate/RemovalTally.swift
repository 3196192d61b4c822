import Bytes
import Keyspace
import Reporting

/// What a removal has counted so far, by namespace and version.
struct RemovalTally {
  /// One group.
  struct Figures: GroupedFigures {
    var counts = RemovalCounts()
    /// Keys whose size was asked for, and what they took together.
    var sampledKeys = 0
    var sampledBytes = 0

    mutating func merge(_ other: Figures) {
      counts.add(other.counts)
      sampledKeys += other.sampledKeys
      sampledBytes += other.sampledBytes
    }
  }

  /// The number of keys of a group whose size is asked for.
  static let sizeSample = 200
  /// The number of keys that a report shows.
  static let samplesShown = 10

  private var byGroup: FiguresByGroup<Figures>
  /// The first keys that were chosen.
  private(set) var samples: [[UInt8]] = []

  init(separator: String?) {
    byGroup = FiguresByGroup(GroupTree(level: .version, separator: separator), none: Figures())
  }

  /// What was counted, by the numbers of groups.
  var figures: [Figures] { byGroup.figures }

  /// The sum of all groups.
  var total: RemovalCounts { figures.reduce(into: RemovalCounts()) { $0.add($1.counts) } }

  /// The group of a key that has been read.
  mutating func group(for reading: borrowing KeyReading) -> Int {
    byGroup.group(for: reading)
  }

  /// The living group that a key was counted in.
  func current(_ group: Int) -> Int { byGroup.tree.current(group) }

  /// Changes the counts of a group.
  mutating func count(in group: Int, _ change: (inout RemovalCounts) -> Void) {
    change(&byGroup.figures[byGroup.tree.current(group)].counts)
  }

  /// Forgets keys that were met and live on: a walk from the start meets them again.
  mutating func forgetLiving() {
    for group in byGroup.figures.indices {
      (byGroup.figures[group].counts.failed, byGroup.figures[group].counts.kept) = (0, 0)
    }
  }

  mutating func noteSize(_ bytes: Int, in group: Int) {
    byGroup.figures[group].sampledKeys += 1
    byGroup.figures[group].sampledBytes += bytes
  }

  mutating func noteSample(_ key: Span<UInt8>) {
    if samples.count < RemovalTally.samplesShown { samples.append(Array(copying: key)) }
  }

  /// The groups with their labels, those with most keys first.
  mutating func groups() -> [(label: GroupLabel, figures: Figures)] {
    byGroup.settle()
    // The tree distinguishes whole names, the report namespaces and versions.
    return byGroup.labelled(\.byVersion).filter { $0.figures.counts.matched > 0 }
      .sorted { $0.figures.counts.matched > $1.figures.counts.matched }
  }

  /// Adds what another worker has counted.
  mutating func merge(_ other: RemovalTally) {
    byGroup.merge(other.byGroup)
    samples = Array((samples + other.samples).prefix(RemovalTally.samplesShown))
  }
}
