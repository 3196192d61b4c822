import TestSupport
import Testing

@testable import Bytes

@Suite struct HashTableTests {
  /// Few homes and many hashes: long runs of neighbours, with gaps torn into them and filled again.
  @Test(arguments: [UInt64(0x3), 0x3f, .max]) func itIsASet(homes: UInt64) {
    var random = SeededGenerator(seed: 11)
    var table = HashTable()
    var model: Set<UInt64> = []
    // The highest bits tell hashes of one home apart.
    let hashes = (0..<600).map {
      UInt64($0) << 48 | UInt64.random(in: 2...UInt64.max, using: &random) & homes
    }
    for step in 0..<40_000 {
      let hash = hashes[Int.random(in: 0..<hashes.count, using: &random)]
      // More come than go, and then more go than come.
      let share = (step / 5_000).isMultiple(of: 2) ? 7 : 3
      if Int.random(in: 0..<10, using: &random) < share {
        let (isNew, isNewToModel) = (table.insert(hash), model.insert(hash).inserted)
        #expect(isNew == isNewToModel)
      } else {
        table.remove(hash)
        model.remove(hash)
      }
      if step.isMultiple(of: 500) {
        #expect(table.count == model.count)
        #expect(hashes.allSatisfy { table.contains($0) == model.contains($0) })
      }
    }
  }

  @Test func anEmptyOneHoldsNothing() {
    var table = HashTable()
    #expect(!table.contains(7) && !table.contains(0))
    table.remove(7)
    #expect(table.count == 0)
  }

  @Test func zeroIsAHash() {
    var table = HashTable()
    let answers = [table.insert(0), table.insert(0)]
    #expect(answers == [true, false] && table.contains(0) && table.count == 1)
    table.remove(0)
    #expect(!table.contains(0) && table.count == 0)
  }
}
