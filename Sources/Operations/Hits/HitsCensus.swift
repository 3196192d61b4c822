import Bytes
import Keyspace

/// The keys that are there, by group: how many they are, and what a sample of each group takes.
///
/// Names that are heard of later find their groups in the same tree.
struct HitsCensus: KeyVisitor {
  /// What is there of a group.
  struct Figures: Sendable {
    var keys = 0
    /// The keys that were picked for measuring.
    var chosen = 0
    var sizes = SampleMoments()

    mutating func merge(_ other: Figures) {
      keys += other.keys
      chosen += other.chosen
      sizes.merge(other.sizes)
    }
  }

  /// Keys measured per group: bytes a MiB need no more.
  private static let sample = 500

  private let request: HitsRequest
  private var reader: KeyReader
  private(set) var tree: GroupTree
  private(set) var figures: [Figures] = []

  init(_ request: HitsRequest) {
    self.request = request
    reader = request.walk.naming.makeReader()
    tree = GroupTree(
      level: request.level, separator: request.walk.naming.separator, maximumGroups: request.maximumGroups)
  }

  func fork() -> HitsCensus { HitsCensus(request) }

  mutating func startOver() { self = HitsCensus(request) }

  mutating func merge(_ other: HitsCensus) {
    let places = tree.absorb(other.tree)
    while figures.count < tree.groupCount { figures.append(Figures()) }
    apply(tree.takeMerges())
    for (theirs, mine) in places where theirs < other.figures.count {
      figures[tree.current(mine)].merge(other.figures[theirs])
    }
  }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    guard let group = group(of: key) else { return choice }
    figures[group].keys += 1
    guard figures[group].chosen < HitsCensus.sample else { return choice }
    figures[group].chosen += 1
    choice.isChosen = true
    choice.tag = group
    choice.measurements = .memory
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    let group = tree.current(choice.tag)
    switch outcome {
    case .measured(let measure):
      if let bytes = measure.memoryBytes { figures[group].sizes.add(Double(bytes)) }
    case .vanished, .moved: figures[group].keys -= 1
    case .forbidden: break
    }
  }

  /// The group of a name; nil where it is not chosen.
  mutating func group(of name: Span<UInt8>) -> Int? {
    let selection = request.walk.selection
    guard selection.admits(name) else { return nil }
    reader.read(name)
    guard selection.admits(reader.reading) else { return nil }
    let group = tree.group(for: reader.reading)
    while group >= figures.count { figures.append(Figures()) }
    let merges = tree.takeMerges()
    guard !merges.isEmpty else { return group }
    apply(merges)
    return tree.current(group)
  }

  private mutating func apply(_ merges: [GroupTree.Merge]) {
    for merge in merges {
      let from = figures[merge.from]
      figures[merge.from] = Figures()
      figures[merge.into].merge(from)
    }
  }
}
