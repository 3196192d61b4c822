import Testing

@testable import Bytes

@Suite struct SeenKeysTests {
  @Test func aKeyIsNewOnce() {
    var seen = SeenKeys()
    let keys: [[UInt8]] = [[], [0], [0, 0], [0xff], Array("app:1".utf8), Array("app:2".utf8)]
    for key in keys {
      let (wasKnown, isNew, isNewAgain) = (
        seen.contains(key.span), seen.insert(key.span), seen.insert(key.span)
      )
      let isKnown = seen.contains(key.span)
      #expect(!wasKnown && isNew && !isNewAgain && isKnown)
    }
    let isOtherNew = seen.insert(Array("app:3".utf8).span)
    #expect(isOtherNew)
  }

  /// Keys beyond the bound are taken for new each time: they may be counted twice, and are never left out.
  @Test func whatComesBeyondTheBoundIsNotRemembered() {
    var seen = SeenKeys()
    var new = 0
    var key: [UInt8] = [0, 0, 0]
    for number in 0..<SeenKeys.capacity {
      (key[0], key[1], key[2]) = (UInt8(number & 255), UInt8(number >> 8 & 255), UInt8(number >> 16))
      if seen.insert(key.span) { new += 1 }
    }
    #expect(new == SeenKeys.capacity)
    let late = Array("late".utf8)
    let isNew = [seen.insert(late.span), seen.insert(late.span), seen.insert(key.span)]
    #expect(isNew == [true, true, false], "what was remembered still is")
  }
}
