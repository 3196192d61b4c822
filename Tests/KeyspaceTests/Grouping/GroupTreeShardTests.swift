import TestSupport
import Testing

@testable import Keyspace

/// Trees of several shards come to what one tree over all their keys says.
@Suite struct GroupTreeShardTests {
  @Test(arguments: GroupTreeTests.allLevels) func shardsAddUpToTheWhole(level: GroupLevel) {
    var random = SeededGenerator(seed: 21)
    for round in 0..<12 {
      let keys = GroupTreeTests.mixture(1200, seed: UInt64(round))
      let shardCount = 2 + round % 3
      var shards = (0..<shardCount).map { _ in KeyGrouping(level) }
      // Uneven shards, so that a place varies in one and not in another.
      for key in keys {
        let shard =
          Int.random(in: 0..<4, using: &random) == 0 ? Int.random(in: 0..<shardCount, using: &random) : 0
        shards[shard].add(key)
      }
      if round % 2 == 1 { shards.reverse() }
      var whole = shards[0]
      for shard in shards.dropFirst() { whole.absorb(shard) }
      whole.settle()
      #expect(whole.names == KeyGrouping.names(keys, level))
    }
  }

  @Test func absorbsACollapseOfEitherSide() {
    let few = GroupTreeTests.names(40).suffix(5).flatMap { ["app:\($0):x", "app:\($0)"] }
    let many = GroupTreeTests.names(35).flatMap { ["app:\($0):x", "app:\($0)"] }
    for (first, second) in [(few, many), (many, few)] {
      for level in [GroupLevel.entity, .template()] {
        var whole = KeyGrouping(level)
        var other = KeyGrouping(level)
        for key in first { whole.add(key) }
        for key in second { other.add(key) }
        whole.absorb(other)
        whole.settle()
        #expect(whole.names == (level == .entity ? ["app": 80] : ["app:*": 40, "app:*:x": 40]))
      }
    }
  }

  @Test func absorbsNothingAndIntoNothing() {
    let keys = GroupTreeTests.mixture(500, seed: 4)
    var whole = KeyGrouping(.template())
    for key in keys { whole.add(key) }
    let expected = whole.names
    whole.absorb(KeyGrouping(.template()))
    #expect(whole.names == expected)
    var empty = KeyGrouping(.template())
    empty.absorb(whole)
    #expect(empty.names == expected)
  }

  @Test func absorbingKeepsTheTotalThroughOverflow() {
    var random = SeededGenerator(seed: 30)
    let keys =
      GroupTreeTests.mixture(3000, seed: 6)
      + (0..<9000).map { "\(GroupTreeTests.name($0)):\(GroupTreeTests.name($0 % 40)):x" }
    for maximumGroups in [1, 5, 50, 500] {
      for level in GroupTreeTests.allLevels {
        var shards = [
          KeyGrouping(level, maximumGroups: maximumGroups), KeyGrouping(level, maximumGroups: maximumGroups),
        ]
        for key in keys { shards[Int.random(in: 0...1, using: &random)].add(key) }
        shards[0].absorb(shards[1])
        shards[0].settle()
        #expect(shards[0].total == keys.count)
        #expect(shards[0].tree.livingGroups.count <= maximumGroups + 1)
      }
    }
  }
}
