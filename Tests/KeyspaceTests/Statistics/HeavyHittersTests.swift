import Bytes
import TestSupport
import Testing

@testable import Keyspace

@Suite struct HeavyHittersTests {
  /// Adds a name by its number.
  private func add(_ number: Int, to sketch: inout HeavyHitters) {
    let name = Array("key:\(number)".utf8)
    sketch.add(name, hash: KeyHash.tableValue(name.span, seed: 7))
  }

  @Test func isExactWhereAllNamesFit() {
    var sketch = HeavyHitters(most: 100)
    for number in 1...50 { for _ in 0..<number { add(number, to: &sketch) } }
    let top = sketch.top(3)
    #expect(top.map { String(decoding: $0.name, as: UTF8.self) } == ["key:50", "key:49", "key:48"])
    #expect(top.map(\.count) == [50, 49, 48])
    #expect(top.allSatisfy { $0.error == 0 })
  }

  @Test func findsWhatIsHeavyAmongManyMoreNames() {
    var generator = SeededGenerator(seed: 3)
    var sketch = HeavyHitters(most: 200)
    var truth: [Int: Int] = [:]
    for _ in 0..<60_000 {
      // Five heavy names take a third, the rest are spread over 20,000.
      let number = generator.chance(1 / 3.0) ? generator.below(5) : 5 + generator.below(20_000)
      truth[number, default: 0] += 1
      add(number, to: &sketch)
    }
    let top = sketch.top(5)
    #expect(Set(top.map { String(decoding: $0.name, as: UTF8.self) }) == Set((0..<5).map { "key:\($0)" }))
    for entry in top {
      let number = Int(String(decoding: entry.name.dropFirst(4), as: UTF8.self)) ?? -1
      let count = truth[number] ?? 0
      #expect(
        (count...(count + 60_000 / 200)).contains(entry.count),
        "never too low, and too high by a bounded number")
      #expect(entry.count - entry.error <= count)
    }
  }

  @Test func namesThatMayHaveComeOnceAreNotListed() {
    var sketch = HeavyHitters(most: 1)
    add(1, to: &sketch)
    add(2, to: &sketch)
    #expect(sketch.top(5).map(\.count) == [2])
    #expect(sketch.top(5).map(\.error) == [1])
    #expect(HeavyHitters(most: 3).top(5).isEmpty)
  }
}
