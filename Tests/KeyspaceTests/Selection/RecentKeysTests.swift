import TestSupport
import Testing

@testable import Keyspace

@Suite struct RecentKeysTests {
  /// The lowest bits choose the row: these five share one.
  private static let rowmates = (1...5).map { UInt64($0) << 32 }

  @Test func aKeyIsNewOnce() {
    var recent = RecentKeys()
    let answers = [7, 8, 7, 7, 8].map { recent.insert($0) }
    #expect(answers == [true, true, false, false, false])
  }

  @Test func keysOfAPageAreNotedOneAfterTheOther() {
    var random = SeededGenerator(seed: 4)
    var (pages, singly) = (RecentKeys(), RecentKeys())
    // Of so few names many come again, on the same page as well.
    for _ in 0..<50 {
      let page = (0..<100).map { _ in UInt64.random(in: 1...900, using: &random) << 32 }
      #expect(pages.insert(page) == page.map { singly.insert($0) })
    }
  }

  @Test func theOldestOfARowGoesFirst() {
    var recent = RecentKeys()
    for hash in Self.rowmates { _ = recent.insert(hash) }
    // The fifth has pushed the first out; the rest is known still.
    let answers = Self.rowmates.reversed().map { recent.insert($0) }
    #expect(answers == [false, false, false, false, true])
  }

  @Test func whatComesAgainIsTheNewest() {
    var recent = RecentKeys()
    for hash in Self.rowmates.prefix(4) { _ = recent.insert(hash) }
    let answers = [Self.rowmates[0], Self.rowmates[4], Self.rowmates[0]].map { recent.insert($0) }
    #expect(answers == [false, true, false])
  }

  @Test func aForgottenKeyIsNewAgain() {
    var recent = RecentKeys()
    recent.remove(7)
    for hash in Self.rowmates.prefix(4) { _ = recent.insert(hash) }
    recent.remove(Self.rowmates[1])
    let answers = [0, 2, 3, 1].map { recent.insert(Self.rowmates[$0]) }
    #expect(answers == [false, false, false, true])
  }

  /// SCAN repeats what it gave some thousand keys ago at most.
  @Test func theLastThousandsAreKnown() {
    var random = SeededGenerator(seed: 3)
    var recent = RecentKeys()
    let hashes = (0..<300_000).map { _ in UInt64.random(in: 1...UInt64.max, using: &random) }
    let fresh = hashes.count { recent.insert($0) }
    #expect(fresh == hashes.count)
    let forgotten = hashes.suffix(5_000).count { recent.insert($0) }
    #expect(forgotten < 20)
  }
}
