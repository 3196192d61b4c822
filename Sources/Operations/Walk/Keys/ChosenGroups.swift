import Keyspace

/// The groups of the names that are chosen, with figures of each.
///
/// It decides once which names are chosen: for keys that a walk meets, and for names that are only heard of and that nothing
/// else is known of.
struct ChosenGroups<Figures: GroupedFigures> {
  private var chooser: KeyChooser
  private(set) var groups: FiguresByGroup<Figures>

  /// No groups yet, of the names that a request chooses; at a level and up to a number.
  init(_ request: WalkRequest, _ level: GroupLevel, maximumGroups: Int, none: Figures) {
    chooser = KeyChooser(request, superseded: nil, readsNames: true, showsStrangers: true)
    groups = FiguresByGroup(
      GroupTree(level: level, separator: request.naming.separator, maximumGroups: maximumGroups), none: none)
  }

  private init(_ chooser: KeyChooser, _ groups: FiguresByGroup<Figures>) {
    self.chooser = chooser
    self.groups = groups
  }

  /// The group of a name; nil where it is not chosen.
  mutating func group(of name: Span<UInt8>) -> Int? {
    guard chooser.admits(name) else { return nil }
    return groups.group(for: chooser.reader.reading)
  }

  /// The living group that a group's keys belong to now.
  func current(_ group: Int) -> Int { groups.tree.current(group) }

  subscript(group: Int) -> Figures { groups.figures[group] }

  /// Changes the figures of a group in place.
  mutating func change(_ group: Int, _ body: (inout Figures) -> Void) { body(&groups.figures[group]) }

  /// Adds the groups of names that another one has met.
  mutating func merge(_ other: ChosenGroups) { groups.merge(other.groups) }

  /// The same choice and the same groups with other figures.
  func map<Other>(none: Other, _ change: (Figures) -> Other) -> ChosenGroups<Other> {
    ChosenGroups<Other>(chooser.fork(), groups.map(none: none, change))
  }

  /// The groups by the names that `grouping` makes of theirs, by what has been seen of names until now.
  func labelled(_ grouping: (GroupLabel) -> GroupLabel) -> [(label: GroupLabel, figures: Figures)] {
    // The tree decides once, at the end, what is a name; whoever goes on counting does so with the one that is open.
    var settled = groups
    settled.settle()
    return settled.labelled(grouping)
  }
}
