import TestHarness
import TestSupport

/// A random keyspace of all types, with contents that careless programs spoil.
struct RoundTripKeyspace {
  static let types = ["string", "hash", "list", "set", "zset", "stream"]

  /// The commands that make it.
  private(set) var commands: [[[UInt8]]] = []
  private(set) var count = 0

  /// `large` collections of more than 3,000 elements are added to `small` keys.
  init(_ random: inout SeededGenerator, small: Int, large: [String] = []) {
    for number in 0..<small {
      let type = Self.types[number % Self.types.count]
      add(type, key(type, number, &random), elements: random.pick(1, 2, 5, 17, 120), &random)
    }
    for (number, type) in large.enumerated() {
      let size = Int.random(in: 3_000...3_400, using: &random)
      add(type, Array("large:{\(type)}:\(number)".utf8), elements: size, &random)
    }
    // No name, and a name that is nothing but a sign of Redis' own.
    for key in ["", "{}", "}{", "*", "\u{FEFF}"] { add("string", Array(key.utf8), elements: 1, &random) }
  }

  private func key(_ type: String, _ number: Int, _ random: inout SeededGenerator) -> [UInt8] {
    let start = random.pick("app:v1:", "app:v2:user:", "", "{tag}:", "a b:", "x{y", "\u{202E}")
    return Array("\(start)\(type):\(number)".utf8)
      + (random.chance(0.2) ? RoundTripKeyspace.bytes(&random, most: 12) : [])
  }

  private mutating func add(_ type: String, _ key: [UInt8], elements: Int, _ random: inout SeededGenerator) {
    count += 1
    switch type {
    case "hash":
      for index in 0..<elements {
        commands.append(words("HSET", key) + [element(index, &random), Self.bytes(&random, most: 40)])
      }
    case "list":
      for _ in 0..<elements {
        commands.append(words(random.pick("RPUSH", "LPUSH"), key) + [Self.bytes(&random, most: 40)])
      }
    case "set":
      let isNumbers = random.chance(0.3)
      for index in 0..<elements {
        commands.append(words("SADD", key) + [isNumbers ? Array("\(index)".utf8) : element(index, &random)])
      }
    case "zset":
      for index in 0..<elements {
        commands.append(words("ZADD", key) + [Array(score(&random).utf8), element(index, &random)])
      }
    case "stream": addStream(key, elements, &random)
    default: commands.append(words("SET", key) + [text(&random)])
    }
    guard random.chance(0.6) else { return }
    let time = Int64.random(in: 900_000...900_000_000, using: &random)
    commands.append(words("PEXPIRE", key) + [Array(String(time).utf8)])
  }

  private mutating func addStream(_ key: [UInt8], _ elements: Int, _ random: inout SeededGenerator) {
    var milliseconds: UInt64 = random.pick(0, 1_700_000_000_000, UInt64.max - 1_000_000)
    var sequence: UInt64 = 1
    for _ in 0..<elements {
      var command = words("XADD", key) + [Array("\(milliseconds)-\(sequence)".utf8)]
      for _ in 0..<random.pick(1, 1, 3) {
        // A field may occur twice in an entry.
        command += [Array(random.pick("name", "name", "other").utf8), Self.bytes(&random, most: 30)]
      }
      commands.append(command)
      if random.chance(0.5) { sequence += 1 } else { (milliseconds, sequence) = (milliseconds + 1, 0) }
    }
  }

  private func words(_ name: String, _ key: [UInt8]) -> [[UInt8]] { [Array(name.utf8), key] }

  private func element(_ index: Int, _ random: inout SeededGenerator) -> [UInt8] {
    Array("\(index)".utf8) + Self.bytes(&random, most: 12)
  }

  private func score(_ random: inout SeededGenerator) -> String {
    random.pick(
      "0", "-0", "1", "-17", "0.1", "1.5e300", "-inf", "inf", "5e-324", "1.7976931348623157e308",
      "9007199254740993", "1e15", "-123456.789", "3", "3.0000000000000004")
  }

  private func text(_ random: inout SeededGenerator) -> [UInt8] {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: []
    case 1: Array(String(Int64.random(in: .min ... .max, using: &random)).utf8)
    case 2: Self.bytes(&random, most: 200_000)
    default: Self.bytes(&random, most: 300)
    }
  }

  /// Text, JSON's own signs, or anything at all.
  private static func bytes(_ random: inout SeededGenerator, most: Int) -> [UInt8] {
    let length = Int.random(in: 0...most, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
    case 1:
      let pieces = [
        "\"", "\\", "\n", "\r\n", "\0", "\u{7F}", "é", "\u{2028}", "😀", "{}", "[1]", ",", "\t", "\u{1}",
      ]
      return (0..<length / 4).flatMap { _ in Array((pieces.randomElement(using: &random) ?? "").utf8) }
    default: return (0..<length).map { _ in UInt8.random(in: 32...126, using: &random) }
    }
  }
}
