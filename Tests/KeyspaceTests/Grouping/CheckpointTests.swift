import TestSupport
import Testing

@testable import Bytes
@testable import Keyspace

/// What is saved and taken up again is what it was.
@Suite struct CheckpointTests {
  @Test func numbersTextsAndBytesComeBack() throws {
    let numbers = [0, 1, -1, 63, 64, -64, -65, 8191, 1 << 40, .max, .min]
    let fractions = [0, 1, 2.5, -1, 1e-300, 0x1p51, 0x1p52, 0x1p60, 1e200, -0.0, 1.0 / 3]
    var writer = CheckpointWriter()
    for number in numbers { writer.add(number) }
    for fraction in fractions { writer.add(fraction) }
    writer.add("käse")
    writer.add([0, 0xff, 10])
    writer.add(fixed: .max - 1)
    writer.add(Int?.none)
    writer.add(Int?.some(7))
    writer.add(true)
    var reader = CheckpointReader(writer.bytes)
    for number in numbers { #expect(try reader.number() == number) }
    for fraction in fractions { #expect(try reader.double().bitPattern == fraction.bitPattern) }
    #expect(try reader.text() == "käse")
    #expect(try reader.piece() == [0, 0xff, 10])
    #expect(try reader.fixed() == .max - 1)
    #expect(try reader.optionalAmount() == nil)
    #expect(try reader.optionalAmount() == 7)
    #expect(try reader.flag())
    #expect(reader.isAtEnd)
  }

  @Test func whatIsNoNumberIsRefused() {
    func refuses(_ bytes: [UInt8], _ read: (inout CheckpointReader) throws(CheckpointDamage) -> Void) -> Bool
    {
      var reader = CheckpointReader(bytes)
      do throws(CheckpointDamage) { try read(&reader) } catch { return true }
      return false
    }
    #expect(refuses([]) { reader throws(CheckpointDamage) in _ = try reader.number() })
    #expect(refuses([0x80, 0x80]) { reader throws(CheckpointDamage) in _ = try reader.number() })
    #expect(
      refuses(Array(repeating: 0xff, count: 12)) { reader throws(CheckpointDamage) in _ = try reader.number()
      })
    #expect(refuses([1]) { reader throws(CheckpointDamage) in _ = try reader.amount() })
    #expect(refuses([2]) { reader throws(CheckpointDamage) in _ = try reader.flag() })
    #expect(refuses([20, 1]) { reader throws(CheckpointDamage) in _ = try reader.piece() })
    #expect(refuses([2, 0xff]) { reader throws(CheckpointDamage) in _ = try reader.text() })
    var infinite = CheckpointWriter()
    infinite.add(Double.infinity)
    #expect(refuses(infinite.bytes) { reader throws(CheckpointDamage) in _ = try reader.double() })
    var negative = CheckpointWriter()
    negative.add(-0.5)
    #expect(refuses(negative.bytes) { reader throws(CheckpointDamage) in _ = try reader.weight() })
  }

  /// Figures with everything in them: a closed stratum, an open one, a timeline, buckets, examples.
  private static func figures(_ seed: UInt64) -> GroupFigures {
    var random = SeededGenerator(seed: seed)
    var figures = GroupFigures(edges: [1000, 60_000])
    figures.timeline = ExpiryTimeline(start: 1_700_000_000, horizon: 86_400, resolution: 30)
    for index in 0..<800 {
      if index == 400 { figures.beginStratum() }
      let isChosen = index % 3 == 0
      figures.count(isChosen: isChosen)
      guard isChosen else { continue }
      switch index % 17 {
      case 1: figures.vanish()
      case 2: figures.forbid()
      default:
        var measure = KeyMeasure(
          ttlMilliseconds: index % 5 == 0 ? -1 : .random(in: 0...90_000_000, using: &random),
          memoryBytes: .random(in: 40...100_000, using: &random), type: ["hash", "set"][index % 2])
        measure.idleSeconds = index
        figures.record(measure, neglected: index % 5 == 0 ? "session" : nil)
        figures.timeline?.add(expiry: 1_700_000_000 + .random(in: 0...100_000, using: &random))
      }
      figures.noteName([UInt8(index % 256)].span, isUnbounded: index % 7 == 0)
    }
    return figures
  }

  @Test func aGroupComesBackAndGoesOnAsItWould() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var figures = Self.figures(seed)
      var writer = CheckpointWriter()
      writer.add(figures)
      var reader = CheckpointReader(writer.bytes)
      var restored: GroupFigures = try reader.value()
      #expect(reader.isAtEnd)
      #expect("\(restored)" == "\(figures)")
      // What comes later finds the same samples.
      for index in 0..<50 {
        figures.count(isChosen: index % 2 == 0)
        restored.count(isChosen: index % 2 == 0)
        guard index % 2 == 0 else { continue }
        figures.record(KeyMeasure(ttlMilliseconds: 5, memoryBytes: index, type: "hash"))
        restored.record(KeyMeasure(ttlMilliseconds: 5, memoryBytes: index, type: "hash"))
      }
      #expect("\(restored.estimate)" == "\(figures.estimate)")
    }
  }

  /// A tree that was saved at some moment ends up as one that never was.
  @Test(arguments: GroupTreeTests.allLevels) func aTreeGoesOnAsItWould(level: GroupLevel) throws {
    for round in 0..<12 as Range<UInt64> {
      let keys = GroupTreeTests.mixture(1500, seed: round)
      let maximumGroups = round % 3 == 2 ? 20 : 10_000
      for cut in [0, 1, 100, 700, 1499] {
        var whole = KeyGrouping(level, maximumGroups: maximumGroups)
        for key in keys[..<cut] { whole.add(key) }
        var writer = CheckpointWriter()
        whole.tree.write(to: &writer)
        var reader = CheckpointReader(writer.bytes)
        var tree = GroupTree(level: level, maximumGroups: maximumGroups)
        try tree.read(from: &reader)
        #expect(reader.isAtEnd)
        var restored = KeyGrouping(level, maximumGroups: maximumGroups)
        restored.tree = tree
        restored.counts = whole.tree.livingGroups.map { whole.counts[$0] }
        #expect(restored.labels == whole.labels)
        #expect(tree.nodes.livingCount == whole.tree.nodes.livingCount)
        for key in keys[cut...] {
          whole.add(key)
          restored.add(key)
        }
        whole.settle()
        restored.settle()
        #expect(restored.names == whole.names, "cut at \(cut)")
      }
    }
  }

  /// Bytes that were changed anywhere either are refused or give something that can be used.
  @Test func changedBytesNeverTrap() throws {
    var random = SeededGenerator(seed: 5)
    var grouping = KeyGrouping(.template(), maximumGroups: 30)
    for key in GroupTreeTests.mixture(600, seed: 9) { grouping.add(key) }
    var writer = CheckpointWriter()
    grouping.tree.write(to: &writer)
    writer.add(Self.figures(3))
    var biggest = BiggestKeys(limit: 3)
    for size in [5, 9, 1, 7] { biggest.add([UInt8(size)].span, bytes: size) }
    biggest.write(to: &writer)
    let original = writer.bytes
    var refused = 0
    for round in 0..<4000 {
      var bytes = original
      if round % 4 == 0 { bytes.removeLast(.random(in: 1..<bytes.count, using: &random)) }
      for _ in 0...round % 3 {
        bytes[.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      var reader = CheckpointReader(bytes)
      do throws(CheckpointDamage) {
        var tree = GroupTree(level: .template(), maximumGroups: 30)
        try tree.read(from: &reader)
        for key in ["app:v1:x", "a.b/c:d", "x"] {
          var keyReader = KeyReader()
          keyReader.read(Array(key.utf8))
          _ = tree.group(for: keyReader.reading)
          _ = tree.takeMerges()
        }
        tree.settle()
        for group in tree.livingGroups { _ = tree.label(of: group) }
        var figures: GroupFigures = try reader.value()
        figures.merge(figures)
        _ = figures.estimate
        var keys = BiggestKeys(limit: 3)
        try keys.read(from: &reader)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1000)
  }

  @Test func recentKeysAreRememberedAcrossASave() throws {
    var random = SeededGenerator(seed: 8)
    var recent = RecentKeys()
    let hashes = (0..<200_000).map { _ in UInt64.random(in: 1...UInt64.max, using: &random) }
    for hash in hashes { _ = recent.insert(hash) }
    var writer = CheckpointWriter()
    writer.add(recent)
    #expect(writer.bytes.count < 140_000)
    var reader = CheckpointReader(writer.bytes)
    var restored: RecentKeys = try reader.value()
    var forgotten = 0
    for hash in hashes.suffix(500) where !recent.insert(hash) {
      if restored.insert(hash) { forgotten += 1 }
    }
    // The newest of each row is saved: of two in one row the older is not.
    #expect(forgotten < 50)
    let isForgotten = restored.insert(hashes[0])
    #expect(isForgotten)
  }

  /// All groups are saved every few seconds, beside the walk.
  @Test func aThousandGroupsAreSmallAndQuick() throws {
    let figures = Self.figures(1)
    var grouping = KeyGrouping(.version, maximumGroups: 2_000)
    for number in 0..<1_000 { grouping.add("\(GroupTreeTests.name(number % 200)):v\(number / 200):x") }
    #expect(grouping.tree.livingGroups.count == 1_000)
    let start = ContinuousClock.now
    var writer = CheckpointWriter()
    grouping.tree.write(to: &writer)
    for _ in 0..<1_000 { writer.add(figures) }
    let time = ContinuousClock.now - start
    print("1,000 groups: \(writer.bytes.count) bytes in \(time)")
    #expect(writer.bytes.count < 6 << 20)
    // Unoptimized and beside other work; a release build takes a few hundredths of this.
    #expect(time < .seconds(60))
  }
}
