import Bytes
import Keyspace
import Reporting

/// What a removal has counted so far, by namespace and version.
struct RemovalTally {
  /// One group.
  struct Figures {
    var counts = RemovalCounts()
    /// Keys whose size was asked for, and what they took together.
    var sampledKeys = 0
    var sampledBytes = 0

    mutating func add(_ other: Figures) {
      counts.add(other.counts)
      sampledKeys += other.sampledKeys
      sampledBytes += other.sampledBytes
    }
  }

  /// The number of keys of a group whose size is asked for.
  static let sizeSample = 200
  /// The number of keys that a report shows.
  static let samplesShown = 10

  private var tree: GroupTree
  private(set) var figures: [Figures] = []
  /// The first keys that were chosen.
  private(set) var samples: [[UInt8]] = []

  init(separator: String?) {
    tree = GroupTree(level: .version, separator: separator)
  }

  /// The sum of all groups.
  var total: RemovalCounts { figures.reduce(into: RemovalCounts()) { $0.add($1.counts) } }

  /// The group of a key that has been read.
  mutating func group(for reading: borrowing KeyReading) -> Int {
    let group = tree.group(for: reading)
    while group >= figures.count { figures.append(Figures()) }
    apply(tree.takeMerges())
    return tree.current(group)
  }

  /// The living group that a key was counted in.
  func current(_ group: Int) -> Int { tree.current(group) }

  /// Changes the counts of a group.
  mutating func count(in group: Int, _ change: (inout RemovalCounts) -> Void) {
    change(&figures[tree.current(group)].counts)
  }

  /// Forgets keys that were met and live on: a walk from the start meets them again.
  mutating func forgetLiving() {
    for group in figures.indices { (figures[group].counts.failed, figures[group].counts.kept) = (0, 0) }
  }

  mutating func noteSize(_ bytes: Int, in group: Int) {
    figures[group].sampledKeys += 1
    figures[group].sampledBytes += bytes
  }

  mutating func noteSample(_ key: Span<UInt8>) {
    if samples.count < RemovalTally.samplesShown { samples.append(Array(copying: key)) }
  }

  /// The groups with their labels, those with most keys first.
  mutating func groups() -> [(label: GroupLabel, figures: Figures)] {
    tree.settle()
    apply(tree.takeMerges())
    var places: [GroupLabel: Int] = [:]
    var groups: [(label: GroupLabel, figures: Figures)] = []
    // The tree distinguishes whole names, the report namespaces and versions.
    for group in tree.livingGroups where group < figures.count && figures[group].counts.matched > 0 {
      let label = tree.label(of: group).byVersion
      if let place = places[label] {
        groups[place].figures.add(figures[group])
      } else {
        places[label] = groups.count
        groups.append((label, figures[group]))
      }
    }
    return groups.sorted { $0.figures.counts.matched > $1.figures.counts.matched }
  }

  /// Adds what another worker has counted.
  mutating func merge(_ other: RemovalTally) {
    let places = tree.absorb(other.tree)
    while figures.count < tree.groupCount { figures.append(Figures()) }
    apply(tree.takeMerges())
    for (theirs, mine) in places where theirs < other.figures.count {
      figures[tree.current(mine)].add(other.figures[theirs])
    }
    samples = Array((samples + other.samples).prefix(RemovalTally.samplesShown))
  }

  private mutating func apply(_ merges: [GroupTree.Merge]) {
    for merge in merges {
      let from = figures[merge.from]
      figures[merge.from] = Figures()
      figures[merge.into].add(from)
    }
  }
}
