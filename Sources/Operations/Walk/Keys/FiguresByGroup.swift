import Keyspace

/// What is counted of one group of keys.
protocol GroupedFigures: Sendable {
  /// Adds what was counted of another group, which is part of this one now.
  mutating func merge(_ other: Self)
}

/// Groups of names and the figures of each, which stay together while more names show that two groups are one.
struct FiguresByGroup<Figures: GroupedFigures>: Sendable {
  /// The groups.
  var tree: GroupTree
  /// The figures by the numbers of groups; of a group that was merged, those of one without keys.
  var figures: [Figures] = []
  /// The figures of a group without keys.
  private let none: Figures

  /// No groups yet.
  init(_ tree: GroupTree, none: Figures) {
    self.tree = tree
    self.none = none
  }

  /// The group of a name that has been read.
  mutating func group(for reading: borrowing KeyReading) -> Int {
    let group = tree.group(for: reading)
    while group >= figures.count { figures.append(none) }
    let merges = tree.takeMerges()
    guard !merges.isEmpty else { return group }
    apply(merges)
    return tree.current(group)
  }

  /// Completes the grouping after the last name.
  mutating func settle() {
    tree.settle()
    apply(tree.takeMerges())
  }

  /// Adds the groups of names that another one has met.
  mutating func merge(_ other: FiguresByGroup) {
    let places = tree.absorb(other.tree)
    while figures.count < tree.groupCount { figures.append(none) }
    apply(tree.takeMerges())
    // Always in the same order: sums of fractions, and which keys are shown, depend on it.
    for (theirs, mine) in places.sorted(by: { $0.key < $1.key }) where theirs < other.figures.count {
      figures[tree.current(mine)].merge(other.figures[theirs])
    }
  }

  private mutating func apply(_ merges: [GroupTree.Merge]) {
    for merge in merges {
      let from = figures[merge.from]
      figures[merge.from] = none
      figures[merge.into].merge(from)
    }
  }

  /// The same groups with other figures.
  func map<Other>(none: Other, _ change: (Figures) -> Other) -> FiguresByGroup<Other> {
    var other = FiguresByGroup<Other>(tree, none: none)
    other.figures = figures.map(change)
    return other
  }

  /// The living groups by the names that `grouping` makes of theirs; those that have one name then are one.
  func labelled(_ grouping: (GroupLabel) -> GroupLabel) -> [(label: GroupLabel, figures: Figures)] {
    var places: [GroupLabel: Int] = [:]
    var groups: [(label: GroupLabel, figures: Figures)] = []
    for group in tree.livingGroups where group < figures.count {
      let label = grouping(tree.label(of: group))
      if let place = places[label] {
        groups[place].figures.merge(figures[group])
      } else {
        places[label] = groups.count
        groups.append((label, figures[group]))
      }
    }
    return groups
  }
}
