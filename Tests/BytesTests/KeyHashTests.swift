import Testing

@testable import Bytes

@Suite struct KeyHashTests {
  private static func hash(_ key: [UInt8]) -> UInt64 { KeyHash.value(key.span) }

  /// Written down once: what a run draws for a key must be drawn by every later version too.
  @Test(
    arguments: [
      ([], 0xefd01f60ba992926), ([0x61], 0x82a2a958a9bece5b), ([0xff, 0x00], 0x6697e69689e5177a),
      (Array("app:v1:user:42".utf8), 0x653ac5ee6402b09d),
    ] as [([UInt8], UInt64)]) func aKeyKeepsItsHash(key: [UInt8], expected: UInt64)
  {
    #expect(Self.hash(key) == expected)
  }

  @Test func fractionsAreEvenlySpread() {
    var buckets = [Int](repeating: 0, count: 20)
    var sum = 0.0
    let keys = 20_000
    for number in 0..<keys {
      let fraction = KeyHash.fraction(Array("session:\(number)".utf8).span)
      #expect(fraction >= 0 && fraction < 1)
      buckets[Int(fraction * 20)] += 1
      sum += fraction
    }
    // A bucket holds 1000, with a standard deviation of 31; the mean has one of 0.002.
    #expect(buckets.allSatisfy { abs($0 - 1000) < 160 }, "\(buckets)")
    #expect(abs(sum / Double(keys) - 0.5) < 0.0105)
  }

  @Test func oneBitChangesHalfOfThem() {
    let key = Array("app:v1:user:42".utf8)
    let hash = Self.hash(key)
    var changed = 0
    for index in key.indices {
      for bit in 0..<8 {
        var other = key
        other[index] ^= 1 << bit
        changed += (Self.hash(other) ^ hash).nonzeroBitCount
      }
    }
    let mean = Double(changed) / Double(key.count * 8)
    #expect((28...36).contains(mean), "\(mean)")
  }

  @Test func keysThatLookAlikeDiffer() {
    var hashes: Set<UInt64> = []
    for number in 0..<5000 { hashes.insert(Self.hash(Array("k\(number)".utf8))) }
    for length in 0..<100 { hashes.insert(Self.hash([UInt8](repeating: 0, count: length))) }
    #expect(hashes.count == 5100)
  }

  @Test func tableValuesDifferWhereNamesDo() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    // Every length around a word, of zeros, and with another byte in each place.
    var names = (0..<40).map { [UInt8](repeating: 0, count: $0) }
    for length in 1...40 {
      names += (0..<length).map { place in (0..<length).map { $0 == place ? 1 : 0 } }
    }
    names += (0..<20_000).map { Array("app:v1:user:\($0):profile".utf8) }
    let values = Set(names.map { KeyHash.tableValue($0.span, seed: seed) })
    #expect(values.count == names.count)
    let other = names.map { KeyHash.tableValue($0.span, seed: seed ^ 1) }
    #expect(values.isDisjoint(with: other), "the seed decides")
    // All bits vary: each is set for about half of the names.
    for bit in 0..<64 {
      let share = Double(values.count { $0 >> UInt64(bit) & 1 == 1 }) / Double(values.count)
      #expect((0.47...0.53).contains(share), "bit \(bit): \(share)")
    }
  }
}
