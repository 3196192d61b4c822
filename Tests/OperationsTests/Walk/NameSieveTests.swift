import RedisClient
import Testing

@testable import Operations

@Suite struct NameSieveTests {
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

  private static func sift(_ names: [String], _ sieve: inout NameSieve) -> [Bool] {
    let page = page(names)
    return sieve.sift(page.names, of: page.bytes)
  }

  @Test(arguments: [0, 100]) func aNamePassesOnce(most: Int) {
    var sieve = NameSieve(seed: 5, most: most)
    #expect(Self.sift(["a", "b", "a", ""], &sieve) == [true, true, false, true])
    #expect(Self.sift(["", "c", "b"], &sieve) == [false, true, false])
    #expect(Self.sift([], &sieve).isEmpty)
  }

  @Test func aNameThatWasTakenBackPassesAgain() {
    var sieve = NameSieve(seed: 5, most: 100)
    _ = Self.sift(["a", "b"], &sieve)
    sieve.retract(Array("a".utf8).span)
    #expect(sieve.entries().count == 1)
    #expect(Self.sift(["a", "b"], &sieve) == [true, false])
  }

  @Test func namesOfOtherSlotsDoNotPass() {
    var slots = SlotSet()
    slots.insert(HashSlot(key: Array("here".utf8).span))
    var sieve = NameSieve(slots: slots, seed: 5)
    #expect(Self.sift(["here", "{here}:1", "elsewhere", "here"], &sieve) == [true, true, false, false])
  }

  @Test func whatAnEarlierAttemptLetThroughDoesNotPass() {
    var sieve = NameSieve(seed: 5, most: 2)
    _ = Self.sift(["a", "b"], &sieve)
    #expect(!sieve.isFull)
    sieve.startOver(remembering: true)
    #expect(Self.sift(["a", "c", "d", "e"], &sieve) == [false, true, true, true])
    #expect(sieve.isFull)
    sieve.startOver(remembering: false)
    #expect(Self.sift(["c", "a"], &sieve) == [true, false])
  }
}
