import Testing

@testable import Quantities

@Suite struct UnitsTests {
  @Test(
    arguments: [
      ("90s", .seconds(90)), ("15m", .seconds(900)), ("6h", .seconds(21_600)), ("7d", .seconds(604_800)),
      ("2w", .seconds(1_209_600)), ("250ms", .milliseconds(250)), ("1h30m", .seconds(5_400)), ("0s", .zero),
      ("1w2d3h4m5s6ms", .milliseconds(788_645_006)), ("007s", .seconds(7)),
      ("9223372036854775807ms", .milliseconds(Int64.max)),
    ] as [(String, Duration)]) func readsDurations(text: String, expected: Duration) throws
  {
    #expect(try Units.duration(text) == expected)
  }

  @Test(arguments: [
    ("", "such as 90s"), ("90", "90s for seconds"), ("-5s", "negative"), ("1 month", "30d"), ("1mo", "30d"),
    ("1M", "30d"), ("2 years", "365d"), ("1.5h", "1h30m for 1.5h"), ("5 min", "write 5m"),
    ("2hours", "write 2h"), ("10millis", "write 10ms"),
    ("90S", "write 90s"), ("1h 30m", "a space"), ("30m1h", "large to small"), ("1m30m", "large to small"),
    ("1h30", "needs a unit"), ("5us", "smallest unit is ms"), ("5x", "ms, s, m, h, d, w"),
    ("soon", "not a duration"),
    ("s", "not a duration"), ("+5s", "not a duration"), (" 5s", "not a duration"), ("1e3s", "known here"),
    ("9223372036854775808ms", "longer than"), ("99999999999999w", "longer than"),
    ("9223372036854775s808ms", "longer than"), ("\u{661}s", "not a duration"),
  ]) func refusesDurations(text: String, words: String) {
    let error = #expect(throws: UnitError.self) { try Units.duration(text) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("0", 0), ("4096", 4_096), ("1_000_000", 1_000_000), ("12B", 12), ("512KiB", 524_288), ("1KB", 1_000),
    ("1kB", 1_000), ("1MB", 1_000_000), ("2GB", 2_000_000_000), ("1TB", 1_000_000_000_000),
    ("1.5MiB", 1_572_864),
    ("1GiB", 1 << 30), ("3TiB", 3 << 40), ("0.1KiB", 102), ("0.000001TiB", 1_099_511),
    ("0.999999TiB", 1_099_510_528_264),
    ("9223372036854775807", Int.max),
  ]) func readsSizes(text: String, expected: Int) throws {
    #expect(try Units.bytes(text) == expected)
  }

  @Test(arguments: [
    ("", "512KiB"), ("-1", "negative"), ("10k", "KB for 1000 bytes or KiB for 1024"), ("1mb", "MB for 1000²"),
    ("1M", "MiB for 1024²"), ("1 GiB", "GiB for 1024³"), ("512kib", "KiB for 1024"), ("1.5", "whole number"),
    ("1.5B", "whole number"), ("1.MiB", "one to six"), ("1.1234567MiB", "one to six"), ("1__0", "not a size"),
    ("_1", "not a size"), ("1,000", "not a size"), ("1e9", "not a size"), ("MiB", "not a size"),
    ("1PiB", "not a size"),
    ("9223372036854775808", "larger"), ("8388608TiB", "larger"), ("9223372036854775.9KB", "larger"),
  ]) func refusesSizes(text: String, words: String) {
    let error = #expect(throws: UnitError.self) { try Units.bytes(text) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("0", 0), ("1000000", 1_000_000), ("1_000_000", 1_000_000), ("9223372036854775807", Int.max),
  ])
  func readsCounts(text: String, expected: Int) throws {
    #expect(try Units.count(text) == expected)
  }

  @Test(arguments: [
    ("", "10_000"), ("-1", "negative"), ("10k", "every digit"), ("1M", "every digit"), ("1e9", "every digit"),
    ("1.0", "every digit"), ("1,000", "separate thousands"), ("1 000", "separate thousands"),
    ("1_", "every digit"),
    ("_1", "every digit"), ("1__0", "every digit"), ("0x10", "every digit"),
    ("9223372036854775808", "larger"),
  ]) func refusesCounts(text: String, words: String) {
    let error = #expect(throws: UnitError.self) { try Units.count(text) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [("10%", 0.10), ("0%", 0), ("100%", 1), ("0.5%", 0.005), ("12.25%", 0.1225)])
  func readsPercentages(text: String, expected: Double) throws {
    #expect(try Units.percentage(text) == expected)
  }

  @Test(arguments: [
    ("0.1", "10% for a tenth"), ("10", "has no '%'"), ("", "not a percentage"), ("%", "not a percentage"),
    ("-1%", "negative"), ("101%", "more than everything"), ("1e1%", "not a percentage"),
    ("nan%", "not a percentage"),
    ("inf%", "not a percentage"), ("1.%", "not a percentage"), ("10 %", "not a percentage"),
    ("10%%", "not a percentage"),
  ]) func refusesPercentages(text: String, words: String) {
    let error = #expect(throws: UnitError.self) { try Units.percentage(text) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test func errorsQuoteLittleAndNoControlCharacters() {
    let hostile = "5\u{1B}[31m\u{202E}" + String(repeating: "x", count: 500)
    let error = #expect(throws: UnitError.self) { try Units.duration(hostile) }
    #expect(error?.message.contains(#"'5\x1b[31m\xe2\x80\xaexx"#) == true)
    #expect((error?.message.count ?? .max) < 200)
  }
}
