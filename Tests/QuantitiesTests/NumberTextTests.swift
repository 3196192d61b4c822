import Reporting
import Testing

@testable import Quantities

struct NumberTextTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (1_234, "1,234"), (1_166_537, "1,166,537"),
    (-1_234, "-1,234"),
    (Int.max, "9,223,372,036,854,775,807"), (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func counts(value: Int, expected: String) {
    #expect(NumberText.count(value) == expected)
  }

  @Test(arguments: [
    (0, "0 B"), (1, "1 B"), (311, "311 B"), (1_023, "1,023 B"), (1_024, "1.0 KiB"), (3_891, "3.8 KiB"),
    (10_188, "9.9 KiB"), (10_189, "10 KiB"), (17_408, "17 KiB"), (1_048_063, "1,023 KiB"),
    (1_048_064, "1.0 MiB"),
    (159_383_552, "152 MiB"), (1_717_986_918, "1.6 GiB"), (4_294_967_296, "4.0 GiB"), (-3_891, "-3.8 KiB"),
    (Int.max, "8.0 EiB"),
  ])
  func amountsOfMemory(value: Int, expected: String) {
    #expect(NumberText.bytes(value) == expected)
  }

  @Test(arguments: [
    (4_273_492_459, 4_294_967_296, "3.98 of 4.00 GiB"), (4_294_967_295, 4_294_967_296, "3.99 of 4.00 GiB"),
    (4_294_967_296, 4_294_967_296, "4.00 of 4.00 GiB"), (159_383_552, 4_294_967_296, "152 MiB of 4.0 GiB"),
    (0, 1_048_576, "0 B of 1.0 MiB"), (10, 100, "10 B of 100 B"),
  ])
  func memoryAgainstItsLimit(value: Int, limit: Int, expected: String) {
    #expect(NumberText.bytes(value, of: limit) == expected)
  }

  @Test(
    arguments: [
      (0, "0.0%"), (0.00001, "<0.1%"), (0.0004, "<0.1%"), (0.0005, "0.1%"), (0.696, "69.6%"),
      (0.9994, "99.9%"),
      (0.9996, ">99.9%"), (1.0.nextDown, ">99.9%"), (1, "100.0%"), (1.25, "125.0%"), (-0.035, "-3.5%"),
      (.nan, "-"), (.infinity, "-"),
    ] as [(Double, String)])
  func shares(ratio: Double, expected: String) {
    #expect(NumberText.share(ratio) == expected)
  }

  @Test func sharesOfCounts() {
    #expect(NumberText.share(41_212, of: 1_166_537, spaced: true) == "3.5 %")
    #expect(NumberText.share(0, of: 0) == "-")
    #expect(NumberText.share(5, of: 5) == "100.0%")
    #expect(NumberText.share(Int.max - 1, of: Int.max) == ">99.9%")
    #expect(NumberText.share(1, of: Int.max) == "<0.1%")
  }

  @Test(
    arguments: [
      (0, "0/s"), (0.01, "<0.1/s"), (0.05, "0.1/s"), (2.44, "2.4/s"), (9.96, "10/s"), (303, "303/s"),
      (11_842, "11,842/s"), (.infinity, "-"), (1e300, "1e+300/s"),
    ] as [(Double, String)])
  func rates(perSecond: Double, expected: String) {
    #expect(NumberText.rate(perSecond) == expected)
  }

  @Test func errors() {
    #expect(NumberText.margin(0.018) == "±1.8 %")
    #expect(NumberText.margin(0) == "±0.0 %")
    #expect(NumberText.margin(0.0001) == "<±0.1 %")
    #expect(NumberText.margin(.nan) == "-")
    #expect(NumberText.margin(0.018, style: Style(color: false, unicode: false)) == "+/-1.8 %")
  }

  @Test(
    arguments: [
      (0, "0s"), (0.00001, "<0.1ms"), (0.0003, "0.3ms"), (0.003, "3ms"), (0.25, "250ms"), (0.9994, "999ms"),
      (0.9996, "1.0s"), (1, "1s"), (2.94, "2.9s"), (45, "45s"), (59.4, "59s"), (59.7, "1.0m"), (60, "1m"),
      (90, "1.5m"),
      (720, "12m"), (1_680, "28m"), (3_560, "59m"), (3_595, "1.0h"), (3_600, "1h"), (7_200, "2h"),
      (20_520, "5.7h"),
      (21_700, "6.0h"), (82_800, "23h"), (86_300, "1.0d"), (86_400, "1d"), (3_542_400, "41d"), (-90, "-1.5m"),
      (86_400_000, "1,000d"), (.nan, "-"), (.infinity, "-"),
    ] as [(Double, String)])
  func durations(seconds: Double, expected: String) {
    #expect(NumberText.duration(seconds) == expected)
  }

  @Test(
    arguments: [
      (0, "0 s"), (-1, "0 s"), (0.012, "12 ms"), (0.3, "0.3 s"), (2.94, "2.9 s"), (9.96, "10 s"),
      (47.2, "47 s"),
      (59.6, "1m 00s"), (200, "3m 20s"), (3_900, "1h 05m"), (183_600, "2d 3h"), (1e300, "1e+300 s"),
      (.nan, "-"),
    ] as [(Double, String)])
  func elapsedTimes(seconds: Double, expected: String) {
    #expect(NumberText.elapsed(seconds) == expected)
  }

  @Test(
    arguments: [
      (0, "0 ms"), (0.000_001, "<0.01 ms"), (0.000_02, "0.02 ms"), (0.000_41, "0.41 ms"),
      (0.000_997, "1.0 ms"),
      (0.0012, "1.2 ms"), (0.012, "12 ms"), (0.9996, "1.0 s"), (1.2, "1.2 s"), (12, "12 s"), (.nan, "-"),
    ] as [(Double, String)])
  func latencies(seconds: Double, expected: String) {
    #expect(NumberText.latency(seconds) == expected)
  }
}
