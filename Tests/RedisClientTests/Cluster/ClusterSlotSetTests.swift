import TestSupport
import Testing

@testable import RedisClient

@Suite struct ClusterSlotSetTests {
  static func slot(_ number: Int) -> HashSlot { HashSlot(exactly: number) ?? .first }

  static func range(_ range: ClosedRange<Int>) -> ClosedRange<HashSlot> {
    slot(range.lowerBound)...slot(range.upperBound)
  }

  static func set(_ ranges: ClosedRange<Int>...) -> SlotSet {
    var set = SlotSet()
    for range in ranges { set.insert(Self.range(range)) }
    return set
  }

  static let texts: [(set: SlotSet, text: String, count: Int)] = [
    (SlotSet(), "none", 0), (.all, "0-16383", 16384), (set(0...5460, 5462...5462), "0-5460, 5462", 5462),
    (set(5...5, 6...6), "5-6", 2), (set(63...64), "63-64", 2), (set(0...0, 16383...16383), "0, 16383", 2),
    (set(0...63), "0-63", 64), (set(64...127, 10...20), "10-20, 64-127", 75),
    (set(3...9, 5...12), "3-12", 10),
  ]

  @Test(arguments: texts.indices) func description(index: Int) {
    let (set, text, count) = Self.texts[index]
    #expect(set.description == text)
    #expect(set.count == count)
    #expect(set.isEmpty == (count == 0))
    #expect(set.first == set.ranges.first?.lowerBound)
  }

  @Test func agreesWithASetOfNumbers() {
    var random = SeededGenerator(seed: 16)
    for _ in 0..<60 {
      var sets = [SlotSet(), SlotSet()]
      var models: [Set<Int>] = [[], []]
      for side in 0...1 {
        for _ in 0..<Int.random(in: 0...6, using: &random) {
          let lower = Int.random(in: 0..<16384, using: &random)
          let upper = min(16383, lower + Int.random(in: 0...random.pick(0, 1, 70, 700), using: &random))
          sets[side].insert(Self.range(lower...upper))
          models[side].formUnion(lower...upper)
        }
      }
      let probe = Self.slot(Int.random(in: 0..<16384, using: &random))
      #expect(sets[0].contains(probe) == models[0].contains(Int(probe.rawValue)))
      expect(sets[0], models[0])
      expect(sets[0].union(sets[1]), models[0].union(models[1]))
      expect(sets[0].intersection(sets[1]), models[0].intersection(models[1]))
      expect(sets[0].subtracting(sets[1]), models[0].subtracting(models[1]))
      expect(SlotSet.all.subtracting(sets[0]), Set(0..<16384).subtracting(models[0]))
      let first = Int.random(in: 0..<16384, using: &random)
      let last = min(16383, first + Int.random(in: 0...random.pick(0, 63, 5000), using: &random))
      #expect(
        sets[0].count(in: Self.range(first...last)) == models[0].count { (first...last).contains($0) })
    }
  }

  /// Topologies of a few shards with scattered ranges: what is found by their ranges is what comparing all of them finds.
  @Test func ownersAndMovesAgreeWithComparingAll() throws {
    var random = SeededGenerator(seed: 17)
    func topology() throws -> ClusterTopology {
      var slots = [SlotSet](repeating: SlotSet(), count: 5)
      var position = 0
      while position < 16384 {
        let last = min(16383, position + Int.random(in: 0...900, using: &random))
        // The fifth is for slots that nobody has.
        slots[Int.random(in: 0..<5, using: &random)].insert(Self.range(position...last))
        position = last + 1
      }
      return try ClusterTopology(
        slots.dropLast().enumerated().map { index, slots in
          let node = ClusterTopology.Node(id: "\(index)", address: .tcp(host: "10.0.0.\(index)", port: 7000))
          return ClusterTopology.Shard(primary: node, replicas: [], slots: slots)
        })
    }
    for _ in 0..<20 {
      let (now, before) = (try topology(), try topology())
      func isSame(_ one: ClusterTopology.Shard, _ other: ClusterTopology.Shard) -> Bool {
        one.primary?.id == other.primary?.id
      }
      var moved = SlotSet()
      for one in now.shards {
        for other in before.shards where !isSame(one, other) {
          moved = moved.union(one.slots.intersection(other.slots))
        }
      }
      #expect(now.slots(movedSince: before, isSame: isSame) == moved)
      for shard in before.shards {
        let owner = now.owner(ofMostOf: shard.slots)
        let counts = now.shards.map { $0.slots.intersection(shard.slots).count }
        #expect(owner?.slots.intersection(shard.slots).count == counts.max())
      }
      #expect(now.owner(ofMostOf: SlotSet()) == nil)
    }
  }

  private func expect(_ set: SlotSet, _ model: Set<Int>) {
    #expect(set.count == model.count)
    let listed = set.ranges.flatMap { Int($0.lowerBound.rawValue)...Int($0.upperBound.rawValue) }
    #expect(listed == model.sorted())
    // Neighbouring ranges are one.
    #expect(
      zip(set.ranges, set.ranges.dropFirst()).allSatisfy {
        $0.upperBound.rawValue + 1 < $1.lowerBound.rawValue
      })
  }
}
