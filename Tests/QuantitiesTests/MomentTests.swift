import Testing

@testable import Quantities

struct MomentTests {
  /// 2026-01-31T12:00:00Z.
  private static let noon: Int64 = 1_769_860_800_000

  static let moments: [(text: String, milliseconds: Int64)] = [
    ("1970-01-01T00:00:00Z", 0), ("2026-01-31T12:00:00Z", noon), ("2026-01-31t13:00:00+01:00", noon),
    ("2026-01-31 07:30:00-04:30", noon), ("2026-01-31T12:00:00.25Z", noon + 250),
    ("2026-01-31T12:00:00.1239Z", noon + 123), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ("2026-01-31T12:00Z", noon), ("12:00Z", noon), ("12:00:30Z", noon + 30_000), ("12:01z", noon + 60_000),
    // It was a minute ago: tomorrow's is meant.
    ("11:59Z", noon + 86_400_000 - 60_000),
  ]

  @Test(arguments: moments) func readsMoments(text: String, milliseconds: Int64) {
    #expect(Moment(text, now: MomentTests.noon)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "12:00", "24:00Z", "12:60Z", "2026-01-31", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "5h",
    "12:00Zx",
    "2026-01-31T12:00:00", "2026-01-31T12:00:00.Z", "1969-12-31T23:59:59Z", "-12:00Z",
    "2026-01-31T12:00:00+1:00",
  ])
  func refusesWhatIsNoMoment(text: String) { #expect(Moment(text, now: MomentTests.noon) == nil) }

  @Test(arguments: [0, noon, noon + 7, noon - 500]) func whatIsWrittenIsReadAgain(milliseconds: Int64) {
    #expect(Moment(Moment.text(milliseconds), now: 0)?.milliseconds == milliseconds)
  }
}
