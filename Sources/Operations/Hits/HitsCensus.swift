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

    mutating func merge(_ other: Figures) {
      keys += other.keys
      chosen += other.chosen
      sizes.merge(other.sizes)
    }
  }

  /// Keys measured per group: bytes a MiB need no more.
  private static let sample = 500

  private let request: HitsRequest
  private(set) var groups: ChosenGroups<Figures>

  init(_ request: HitsRequest) {
    self.request = request
    groups = ChosenGroups(
      request.walk, request.level, maximumGroups: request.maximumGroups, none: Figures())
  }

  func fork() -> HitsCensus { HitsCensus(request) }

  mutating func startOver() { self = HitsCensus(request) }

  mutating func merge(_ other: HitsCensus) { groups.merge(other.groups) }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    guard let group = groups.group(of: key) else { return choice }
    groups.change(group) { $0.keys += 1 }
    guard groups[group].chosen < HitsCensus.sample else { return choice }
    groups.change(group) { $0.chosen += 1 }
    choice.isChosen = true
    choice.tag = group
    choice.measurements = .memory
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    let group = groups.current(choice.tag)
    switch outcome {
    case .measured(let measure):
      if let bytes = measure.memoryBytes { groups.change(group) { $0.sizes.add(Double(bytes)) } }
    case .vanished, .moved: groups.change(group) { $0.keys -= 1 }
    case .forbidden: break
    }
  }
}
