import TestSupport

/// A random keyspace of all types, with contents that careless programs spoil.
struct RoundTripKeyspace {
  static let types = ["string", "hash", "list", "set", "zset", "stream"]

  /// The commands that make it.
  private(set) var commands: [[[UInt8]]] = []
  private(set) var count = 0

  /// `large` collections of more than 3,000 elements are added to `small` keys.
  init(_ dice: inout Dice, small: Int, large: [String] = []) {
    for number in 0..<small {
      let type = Self.types[number % Self.types.count]
      add(type, key(type, number, &dice), elements: dice.pick(1, 2, 5, 17, 120), &dice)
    }
    for (number, type) in large.enumerated() {
      let size = Int.random(in: 3_000...3_400, using: &dice)
      add(type, Array("large:{\(type)}:\(number)".utf8), elements: size, &dice)
    }
    // No name, and a name that is nothing but a sign of Redis' own.
    for key in ["", "{}", "}{", "*", "\u{FEFF}"] { add("string", Array(key.utf8), elements: 1, &dice) }
  }

  private func key(_ type: String, _ number: Int, _ dice: inout Dice) -> [UInt8] {
    let start = dice.pick("app:v1:", "app:v2:user:", "", "{tag}:", "a b:", "x{y", "\u{202E}")
    return Array("\(start)\(type):\(number)".utf8)
      + (dice.chance(0.2) ? RoundTripKeyspace.bytes(&dice, most: 12) : [])
  }

  private mutating func add(_ type: String, _ key: [UInt8], elements: Int, _ dice: inout Dice) {
    count += 1
    switch type {
    case "hash":
      for index in 0..<elements {
        commands.append(words("HSET", key) + [element(index, &dice), Self.bytes(&dice, most: 40)])
      }
    case "list":
      for _ in 0..<elements {
        commands.append(words(dice.pick("RPUSH", "LPUSH"), key) + [Self.bytes(&dice, most: 40)])
      }
    case "set":
      let isNumbers = dice.chance(0.3)
      for index in 0..<elements {
        commands.append(words("SADD", key) + [isNumbers ? Array("\(index)".utf8) : element(index, &dice)])
      }
    case "zset":
      for index in 0..<elements {
        commands.append(words("ZADD", key) + [Array(score(&dice).utf8), element(index, &dice)])
      }
    case "stream": addStream(key, elements, &dice)
    default: commands.append(words("SET", key) + [text(&dice)])
    }
    guard dice.chance(0.6) else { return }
    let time = Int64.random(in: 900_000...900_000_000, using: &dice)
    commands.append(words("PEXPIRE", key) + [Array(String(time).utf8)])
  }

  private mutating func addStream(_ key: [UInt8], _ elements: Int, _ dice: inout Dice) {
    var milliseconds: UInt64 = dice.pick(0, 1_700_000_000_000, UInt64.max - 1_000_000)
    var sequence: UInt64 = 1
    for _ in 0..<elements {
      var command = words("XADD", key) + [Array("\(milliseconds)-\(sequence)".utf8)]
      for _ in 0..<dice.pick(1, 1, 3) {
        // A field may occur twice in an entry.
        command += [Array(dice.pick("name", "name", "other").utf8), Self.bytes(&dice, most: 30)]
      }
      commands.append(command)
      if dice.chance(0.5) { sequence += 1 } else { (milliseconds, sequence) = (milliseconds + 1, 0) }
    }
  }

  private func words(_ name: String, _ key: [UInt8]) -> [[UInt8]] { [Array(name.utf8), key] }

  private func element(_ index: Int, _ dice: inout Dice) -> [UInt8] {
    Array("\(index)".utf8) + Self.bytes(&dice, most: 12)
  }

  private func score(_ dice: inout Dice) -> String {
    dice.pick(
      "0", "-0", "1", "-17", "0.1", "1.5e300", "-inf", "inf", "5e-324", "1.7976931348623157e308",
      "9007199254740993", "1e15", "-123456.789", "3", "3.0000000000000004")
  }

  private func text(_ dice: inout Dice) -> [UInt8] {
    switch Int.random(in: 0..<6, using: &dice) {
    case 0: []
    case 1: Array(String(Int64.random(in: .min ... .max, using: &dice)).utf8)
    case 2: Self.bytes(&dice, most: 200_000)
    default: Self.bytes(&dice, most: 300)
    }
  }

  /// Text, JSON's own signs, or anything at all.
  private static func bytes(_ dice: inout Dice, most: Int) -> [UInt8] {
    let length = Int.random(in: 0...most, using: &dice)
    switch Int.random(in: 0..<4, using: &dice) {
    case 0: return (0..<length).map { _ in UInt8.random(in: 0...255, using: &dice) }
    case 1:
      let pieces = [
        "\"", "\\", "\n", "\r\n", "\0", "\u{7F}", "é", "\u{2028}", "😀", "{}", "[1]", ",", "\t", "\u{1}",
      ]
      return (0..<length / 4).flatMap { _ in Array((pieces.randomElement(using: &dice) ?? "").utf8) }
    default: return (0..<length).map { _ in UInt8.random(in: 32...126, using: &dice) }
    }
  }
}
