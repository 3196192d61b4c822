import Testing

@testable import Operations

@Suite struct RefillWatchTests {
  @Test func aWriteAccountsForOneReadWithinTheTime() {
    var watch = RefillWatch(delay: .milliseconds(10))
    for moment in [0, 1000, 2000] {
      let follows = watch.noteRead(1, at: moment)
      #expect(follows)
    }
    let fills = [3000, 4000, 5000, 6000].map { watch.noteFill(1, at: $0) }
    #expect(fills == [true, true, true, false], "a refresh that many have read is not that many misses")
  }

  @Test func lateWritesAndThoseOfOtherKeysAccountForNone() {
    var watch = RefillWatch(delay: .milliseconds(10))
    _ = watch.noteRead(1, at: 0)
    _ = watch.noteRead(2, at: 5000)
    let fills = [watch.noteFill(3, at: 1), watch.noteFill(1, at: 10_001), watch.noteFill(2, at: 15_000)]
    #expect(fills == [false, false, true])
    _ = watch.noteRead(4, at: 100)
    let back = watch.noteFill(4, at: 50)
    #expect(!back, "the clock was set back")
  }

  @Test func moreReadsThanThereIsRoomForAreNotFollowed() {
    var watch = RefillWatch(delay: .seconds(1))
    let followed = (0..<70_000).filter { watch.noteRead(UInt64($0), at: $0) }.count
    #expect(followed == 1 << 16)
    _ = watch.noteFill(7, at: 70_000)
    let again = watch.noteRead(1, at: 70_001)
    #expect(again, "there is room again")
  }
}
