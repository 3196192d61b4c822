import RedisClient
import Testing

@testable import Operations

@Suite struct NameFilterTests {
  /// A page's bytes, and where its names lie in them.
  private static func page(_ names: [String]) -> (bytes: [UInt8], names: [Range<Int>]) {
    var bytes: [UInt8] = []
    let ranges = names.map { name in
      let start = bytes.count
      bytes += Array(name.utf8)
      return start..<bytes.count
    }
    return (bytes, ranges)
  }

  private static func admit(_ names: [String], _ filter: inout NameFilter) -> [Bool] {
    let page = page(names)
    return filter.admit(page.names, of: page.bytes)
  }

  @Test(arguments: [0, 100]) func aNamePassesOnce(most: Int) {
    var filter = NameFilter(seed: 5, most: most)
    #expect(Self.admit(["a", "b", "a", ""], &filter) == [true, true, false, true])
    #expect(Self.admit(["", "c", "b"], &filter) == [false, true, false])
    #expect(Self.admit([], &filter).isEmpty)
  }

  @Test func aNameThatWasTakenBackPassesAgain() {
    var filter = NameFilter(seed: 5, most: 100)
    _ = Self.admit(["a", "b"], &filter)
    filter.retract(Array("a".utf8).span)
    #expect(filter.entries().count == 1)
    #expect(Self.admit(["a", "b"], &filter) == [true, false])
  }

  @Test func namesOfOtherSlotsDoNotPass() {
    var slots = SlotSet()
    slots.insert(HashSlot(key: Array("here".utf8).span))
    var filter = NameFilter(slots: slots, seed: 5)
    #expect(Self.admit(["here", "{here}:1", "elsewhere", "here"], &filter) == [true, true, false, false])
  }

  @Test func whatAnEarlierAttemptLetThroughDoesNotPass() {
    var filter = NameFilter(seed: 5, most: 2)
    _ = Self.admit(["a", "b"], &filter)
    #expect(!filter.isFull)
    filter.startOver(remembering: true)
    #expect(Self.admit(["a", "c", "d", "e"], &filter) == [false, true, true, true])
    #expect(filter.isFull)
    filter.startOver(remembering: false)
    #expect(Self.admit(["c", "a"], &filter) == [true, false])
  }
}
