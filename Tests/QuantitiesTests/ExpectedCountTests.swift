import Testing

@testable import Quantities

@Suite struct ExpectedCountTests {
  @Test(
    arguments: [
      ("0", 0...0), ("40902", 40_902...40_902), ("1_000", 1000...1000), ("100±5%", 95...105),
      ("100+-5%", 95...105), ("100+/-5%", 95...105), ("40902±2%", 40_084...41_720), ("3±10%", 3...3),
      ("10±10%", 9...11), ("100±0%", 100...100), ("100±100%", 0...200), ("0±50%", 0...0),
      ("1000±0.5%", 995...1005), ("100±29%", 71...129), ("100±7%", 93...107), ("1000±0.7%", 993...1007),
      ("9223372036854775807", Int.max...Int.max), ("9223372036854775807±100%", 0...Int.max),
      ("9223372036854775807±1%", 9_131_138_316_486_228_049...Int.max),
    ] as [(String, ClosedRange<Int>)]) func readsACountWithItsTolerance(
      text: String, range: ClosedRange<Int>
    ) throws
  {
    let expected = try ExpectedCount(text)
    if range.upperBound == .max, range.lowerBound > 0, range.lowerBound < .max {
      // Beyond 2^53 a Double does not hold every number.
      #expect(abs(expected.range.lowerBound - range.lowerBound) < 10_000 && expected.range.upperBound == .max)
    } else {
      #expect(expected.range == range)
    }
    #expect(expected.range.contains(expected.count))
  }

  @Test(arguments: [
    "", "x", "-1", "1.5", "100±", "±5%", "100±5", "100±x%", "100±101%", "100±-5%", "100 ± 5%", "100%",
    "5%±100",
    "1e3", "100±5%±5%", "9223372036854775808", "+-", "1,000",
  ]) func refusesWhatIsNoCount(text: String) {
    #expect(throws: UnitError.self) { try ExpectedCount(text) }
  }

  @Test func isShownAsItMayBeTyped() throws {
    for percent in 0...100 {
      let expected = try ExpectedCount("1234±\(percent)%")
      #expect(expected.description == (percent == 0 ? "1234" : "1234±\(percent)%"))
    }
    for percent in ["0.5", "0.7", "2.5", "0.01", "99.9", "33.3"] {
      let expected = try ExpectedCount("7±\(percent)%")
      #expect(expected.description == "7±\(percent)%")
      #expect(try ExpectedCount(expected.description) == expected)
    }
    #expect(try ExpectedCount("1_000+-2%").description == "1000±2%")
  }
}
