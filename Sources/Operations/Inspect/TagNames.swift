import Bytes
import Keyspace
import RedisClient

/// Collects the tags of a keyspace: the sets and sorted sets whose names fit.
struct TagNames: KeyVisitor {
  /// A tag.
  struct Tag: Hashable {
    let key: [UInt8]
    /// True for Laravel's, which are sorted sets.
    let isSorted: Bool
  }

  private let tagKey: TagKey
  /// The tags so far, each once.
  private(set) var found: Set<Tag> = []

  init(_ tagKey: TagKey) { self.tagKey = tagKey }

  func fork() -> TagNames { TagNames(tagKey) }
  mutating func merge(_ other: TagNames) { found.formUnion(other.found) }
  mutating func startOver() { found = [] }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    choice.isChosen = tagKey.mayName(Array(copying: key))
    choice.measurements = [.type]
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    guard case .measured(let measure) = outcome, let type = measure.type, type == "set" || type == "zset"
    else { return }
    found.insert(Tag(key: Array(copying: key), isSorted: type == "zset"))
  }
}
