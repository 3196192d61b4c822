import Reporting
import Testing

@testable import Bytes
@testable import Operations

/// The conditions of `--fail-if`: what they mean, and how what is wrong with them is told.
@Suite struct StatsConditionTests {
  private static let values: [String: StatsFigure] = [
    "hit_ratio": exactly(0.75), "evicted_keys": exactly(120), "used_memory_bytes": exactly(100_000_000),
    "latency_p99_seconds": exactly(0.0015), "maxmemory_policy": .text("noeviction"), "seconds": exactly(60),
    "interval.hits": exactly(7), "hits": exactly(7), "misses": exactly(3),
    // Of some nodes nothing is known.
    "worst.memory_ratio": .number(0.9...Double.infinity), "worst.hit_ratio": .number(-Double.infinity...0.4),
  ]

  private static func exactly(_ value: Double) -> StatsFigure { .number(value...value) }

  /// The figures above, those that are counted as of a minute.
  private static func figure(_ field: StatsPredicate.Field) -> StatsFigure {
    guard field.isRate, case .number(let range)? = values[field.name] else {
      return values[field.name] ?? .unknown
    }
    return exactly(range.lowerBound / 60)
  }

  @Test(
    "a condition holds as written",
    arguments: [
      ("hit_ratio < 0.8", true), ("hit_ratio < 75%", false), ("hit_ratio <= 75%", true),
      ("hit_ratio>=0.75", true), ("0.8 > hit_ratio", true), ("hit_ratio == 0.75", true),
      ("hit_ratio != 0.75", false), ("evicted_keys > 100", true), ("evicted_keys > 1_000", false),
      ("evicted_keys > 1e2", true), ("used_memory_bytes >= 100MB", true),
      ("used_memory_bytes >= 100MiB", false),
      ("used_memory_bytes < 0.5GB", true), ("latency_p99_seconds > 1ms", true),
      ("latency_p99_seconds > 1.6ms", false), ("latency_p99_seconds > 1500us", false),
      ("seconds == 1m", true), ("seconds < 1h30m", true), ("hits > misses", true),
      ("interval.hits == 7", true), ("maxmemory_policy == noeviction", true),
      ("maxmemory_policy != 'allkeys-lru'", true), ("maxmemory_policy == allkeys-lru", false),
      ("hit_ratio < 0.5 or evicted_keys > 100", true), ("hit_ratio < 0.5 AND evicted_keys > 100", false),
      // `and` binds closer than `or`.
      ("evicted_keys > 100 or hits == 0 and misses == 0", true),
      ("(evicted_keys > 100 or hits == 0) and misses == 0", false),
      ("((hits == 7))and(misses == 3)", true),
      ("evicted_keys > 1.9/s", true), ("evicted_keys >= 2/s", true), ("evicted_keys > 2/s", false),
      ("evicted_keys > 119/m", true), ("evicted_keys > 121/min", false), ("7200/h == evicted_keys", true),
    ])
  func meaning(_ text: String, _ expected: Bool) throws {
    #expect(try StatsCondition(text).holds(Self.figure) == expected)
  }

  @Test(
    "a field without a value leaves a condition open, unless the rest decides",
    arguments: [
      ("keys > 1", nil), ("keys > 1 and hits == 7", nil), ("keys > 1 and hits == 0", false),
      ("keys > 1 or hits == 7", true), ("keys > 1 or hits == 0", nil),
      // A figure of which only a bound is known decides what the bound decides.
      ("worst.memory_ratio > 80%", true), ("worst.memory_ratio > 95%", nil),
      ("worst.memory_ratio < 80%", false), ("worst.memory_ratio == 50%", false),
      ("worst.memory_ratio != 95%", nil),
      ("worst.hit_ratio < 50%", true), ("worst.hit_ratio >= 50%", false), ("worst.hit_ratio < 20%", nil),
    ] as [(String, Bool?)])
  func unknown(_ text: String, _ expected: Bool?) throws {
    #expect(try StatsCondition(text).holds(Self.figure) == expected)
  }

  @Test("the fields of a condition are named once, in order") func fields() throws {
    #expect(
      try StatsCondition("hits > 1 or (misses < hits and keys > 1)").fields.map(\.name)
        == ["hits", "misses", "keys"])
  }

  @Test(
    "an unknown field is named",
    arguments: [
      ("hit_ratoi < 1", "hit_ratoi"), ("hits > 1 and mises > 1", "mises"), ("hits > mises", "mises"),
      ("lifetime.keys > 1", "lifetime.keys"), ("1 < nosuch", "nosuch"),
      ("worst.nosuch > 1", "worst.nosuch"), ("worst.maxmemory_policy == x", "worst.maxmemory_policy"),
    ])
  func unknownField(_ text: String, _ field: String) {
    #expect(throws: StatsConditionError.unknownField(field)) { try StatsCondition(text) }
  }

  @Test(
    "what is wrong is said",
    arguments: [
      ("", "begins with a field"), ("hits", "compared with nothing"), ("hits >", "missing after '>'"),
      ("hits = 1", "write =="), ("hits => 1", "'=>' is no comparison"),
      ("hits > 1 2", "'and' or 'or' is missing"),
      ("(hits > 1", "not closed"), ("hits > 1)", "has no '('"), ("hits > 'x", "quote is not closed"),
      ("used_memory_bytes > 80%", "measured in bytes"), ("hit_ratio < 2s", "measured in ratios"),
      ("hits > 5X", "not a number with a unit"), ("hits > 1k", "not a number with a unit"),
      ("memory_ratio > 95", "write 95%"), ("hit_ratio < 80", "write 80%"), ("80 > hit_ratio", "write 80%"),
      ("memory_ratio > 1.05", "write 105%"), ("worst.hit_ratio < 80", "write 80%"),
      ("hit_ratio > -1", "ratio from 0 to 1"), ("keys > 5/s", "measured in numbers of things"),
      ("seconds > 5/s", "measured in seconds"), ("evicted_keys > 5/fortnight", "is not a rate"),
      ("evicted_keys > 5/", "is not a rate"),
      ("maxmemory_policy < 3", "== and != only"), ("maxmemory_policy == hits", "cannot be compared"),
      ("hits > 1; rm", "';' has no meaning"), ("hits > \u{1b}", #"'\x1b' has no meaning"#),
      (String(repeating: "(", count: 100) + "hits > 1", "nested too deep"),
      (String(repeating: "hits > 1 or ", count: 300) + "hits > 1", "longer than"),
    ])
  func malformed(_ text: String, _ words: String) {
    do {
      _ = try StatsCondition(text)
      Issue.record("\(text) was read")
    } catch {
      guard case .malformed(let message) = error else {
        Issue.record("\(text): \(error)")
        return
      }
      #expect(message.contains(words), "\(message)")
    }
  }
}
