import Bytes
import Keyspace

/// The keys that are there, by group: how many they are, and what a sample of each group takes.
///
/// Names that are heard of later find their groups in the same tree.
struct HitsCensus: KeyVisitor {
  /// What is there of a group.
  struct Figures: GroupedFigures {
    var keys = 0
    /// The keys that were picked for measuring.
    var chosen = 0
    var sizes = SampleMoments()
    /// The keys that have answered when, or how often, they were used, and those of them that were used lately.
    var (asked, used) = (0, 0)
    var highestFrequency = 0

    mutating func merge(_ other: Figures) {
      keys += other.keys
      chosen += other.chosen
      sizes.merge(other.sizes)
      asked += other.asked
      used += other.used
      highestFrequency = max(highestFrequency, other.highestFrequency)
    }
  }

  /// Keys measured per group: bytes a MiB need no more.
  private static let sample = 500

  private let request: HitsRequest
  private let use: HitsUse?
  private(set) var groups: ChosenGroups<Figures>

  /// `use` also asks which keys were used lately.
  init(_ request: HitsRequest, use: HitsUse? = nil) {
    self.request = request
    self.use = use
    groups = ChosenGroups(
      request.walk, request.level, maximumGroups: request.maximumGroups, none: Figures())
  }

  func fork() -> HitsCensus { HitsCensus(request, use: use) }

  mutating func startOver() { self = HitsCensus(request, use: use) }

  mutating func merge(_ other: HitsCensus) { groups.merge(other.groups) }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    guard let group = groups.group(of: key) else { return choice }
    groups.change(group) { $0.keys += 1 }
    guard groups[group].chosen < HitsCensus.sample else { return choice }
    groups.change(group) { $0.chosen += 1 }
    choice.isChosen = true
    choice.tag = group
    choice.measurements = use.map { $0.measurements.union(.memory) } ?? .memory
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    let group = groups.current(choice.tag)
    switch outcome {
    case .measured(let measure):
      if let bytes = measure.memoryBytes { groups.change(group) { $0.sizes.add(Double(bytes)) } }
      if let isUsed = use?.isUsed(measure) { note(isUsed, measure, in: group) }
    case .vanished, .moved: groups.change(group) { $0.keys -= 1 }
    case .forbidden: break
    }
  }

  private mutating func note(_ isUsed: Bool, _ measure: KeyMeasure, in group: Int) {
    groups.change(group) { figures in
      figures.asked += 1
      figures.used += isUsed ? 1 : 0
      figures.highestFrequency = max(figures.highestFrequency, measure.frequency ?? 0)
    }
  }
}
