import TestSupport
import Testing

@testable import Keyspace

@Suite struct GoneNamesTests {
  @Test func remembersWhyANameWent() {
    var names = GoneNames(most: 100)
    names.note(5 << 40, .expired)
    names.note(6 << 40, .evicted)
    names.note(5 << 40, .deleted)
    #expect(names.answer(5 << 40) == .gone(.deleted), "the last reason counts")
    #expect(names.answer(6 << 40) == .gone(.evicted))
    #expect(names.answer(7 << 40) == .unseen)
    #expect(names.share == 1)
  }

  @Test func beyondItsRoomItFollowsAShareOfAllNames() {
    var generator = SeededGenerator(seed: 1)
    var names = GoneNames(most: 10_000)
    let hashes = (0..<100_000).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
    for (index, hash) in hashes.enumerated() {
      names.note(hash, index.isMultiple(of: 4) ? .evicted : .expired)
    }
    #expect((1.0 / 32...1.0 / 8).contains(names.share), "\(names.share)")
    let answers = hashes.map { names.answer($0) }
    let followed = answers.filter { $0 != .notFollowed }.count
    #expect(!answers.contains(.unseen), "a name that is followed is never forgotten")
    #expect(abs(Double(followed) / 100_000 - names.share) < 0.01)
    let evicted = Double(answers.filter { $0 == .gone(.evicted) }.count) / Double(followed)
    #expect(abs(evicted - 0.25) < 0.03, "the part holds for all: \(evicted)")
  }
}
