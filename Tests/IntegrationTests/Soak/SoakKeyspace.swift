import TestHarness
import TestSupport

/// A random keyspace, and a choice among its keys.
struct SoakKeyspace {
  /// How the keys are chosen.
  enum Choice: String, CaseIterable {
    case pattern, exclusion, versions, type, tag, list
  }

  let choice: Choice
  /// The arguments that choose, without the list's file.
  let arguments: [String]
  /// Keys that are there and must go.
  private(set) var chosen: [[UInt8]] = []
  /// Keys that a tag or a list names and that are not there.
  private(set) var phantoms: [[UInt8]] = []
  private var others: [[UInt8]] = []

  static let tag = Array("tag:soak".utf8)
  /// The same tag as Laravel keeps it.
  static let scoredTag = Array("tag:soak:entries".utf8)

  init(_ random: inout SeededGenerator) {
    choice = Choice.allCases.randomElement(using: &random) ?? .pattern
    let (inside, outside): ([String], [String])
    switch choice {
    case .pattern:
      arguments = ["app:v1:*"]
      (inside, outside) = (["app:v1:", "app:v1:user:"], ["app:v2:", "xapp:v1:", "app:v10:", "app:v1"])
    case .exclusion:
      arguments = ["app:v1:*", "--exclude", "app:v1:keep:*", "--exclude", "*:log"]
      (inside, outside) = (["app:v1:user:", "app:v1:kept:"], ["app:v1:keep:", "app:v2:"])
    case .versions:
      arguments = ["--namespace", "app", "--key-version", "<v3"]
      (inside, outside) = (["app:v1:user:", "app:v2:cart:"], ["app:v3:user:", "shop:v1:user:", "app:none:"])
    case .type:
      arguments = ["app:*", "--type", "hash"]
      (inside, outside) = (["app:hash:"], ["app:text:", "other:"])
    case .tag:
      arguments = ["--tag", "soak", "--prune"]
      (inside, outside) = (["app:v1:", "", "shop:cart:"], ["app:v2:", "stay:"])
    case .list:
      arguments = []
      (inside, outside) = (["app:v1:", "", "shop:cart:"], ["app:v2:", "stay:"])
    }
    chosen = SoakKeyspace.keys(.random(in: 800...2_500, using: &random), inside, &random)
    others = SoakKeyspace.keys(.random(in: 200...1_000, using: &random), outside, &random)
    guard choice == .tag || choice == .list else { return }
    phantoms = SoakKeyspace.keys(.random(in: 0...150, using: &random), ["gone:"], &random)
  }

  /// So many different keys, some of them with bytes that do harm to careless programs.
  private static func keys(_ count: Int, _ prefixes: [String], _ random: inout SeededGenerator) -> [[UInt8]] {
    (0..<count).map { number in
      let prefix = Array((prefixes.randomElement(using: &random) ?? "").utf8)
      guard random.chance(0.05) else { return prefix + Array("\(number)".utf8) }
      let oddities: [[UInt8]] = [
        [0x0A], [0x0D, 0x0A], [0x22, 0x27], [0xFF, 0xFE], [0x2A, 0x5B], [0x5C], [0x20], [0xE2, 0x80, 0xAE],
      ]
      return prefix + (oddities.randomElement(using: &random) ?? []) + Array("\(number)".utf8)
    }
  }

  /// What the list's file holds: the keys in any order, some of them twice, each ended by NUL.
  func list(_ random: inout SeededGenerator) -> [UInt8] {
    let twice = chosen.filter { _ in random.chance(0.02) }
    return (chosen + phantoms + twice).shuffled(using: &random).flatMap { $0 + [0] }
  }

  /// Empties the server and loads the keys.
  func load(into server: RedisServer, _ random: inout SeededGenerator) throws {
    var commands: [[[UInt8]]] = [[Array("FLUSHALL".utf8)]]
    for key in chosen { commands.append(command(key, isChosen: true, &random)) }
    for key in others { commands.append(command(key, isChosen: false, &random)) }
    for key in (chosen + others) where random.chance(0.3) {
      let seconds = Array(String(Int.random(in: 5_000...90_000, using: &random)).utf8)
      commands.append([Array("EXPIRE".utf8), key, seconds])
    }
    if choice == .tag {
      for (number, key) in (chosen + phantoms).enumerated() {
        // Some are in one of both, and some in both.
        if number % 3 < 2 { commands.append([Array("SADD".utf8), SoakKeyspace.tag, key]) }
        if number % 3 > 0 {
          let score = Array("\(number).25".utf8)
          commands.append([Array("ZADD".utf8), SoakKeyspace.scoredTag, score, key])
        }
      }
    }
    try server.load(commands)
  }

  private func command(_ key: [UInt8], isChosen: Bool, _ random: inout SeededGenerator) -> [[UInt8]] {
    let value = (0..<Int.random(in: 0...60, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
    let isHash = choice == .type ? isChosen : random.chance(0.2)
    return isHash
      ? [Array("HSET".utf8), key, Array("field".utf8), value] : [Array("SET".utf8), key, value]
  }

  /// The members of the tags, with their scores.
  static func members(_ server: RedisServer) throws -> [[UInt8]: [UInt8]] {
    let connection = try server.connection()
    let plain = try connection.command([Array("SMEMBERS".utf8), tag]).elements ?? []
    let words = [Array("ZRANGE".utf8), scoredTag] + ["0", "-1", "WITHSCORES"].map { Array($0.utf8) }
    let scored = try (connection.command(words).elements ?? []).compactMap(\.bytes)
    var members: [[UInt8]: [UInt8]] = [:]
    for member in plain.compactMap(\.bytes) { members[Array("plain ".utf8) + member] = [] }
    for index in stride(from: 0, to: scored.count - 1, by: 2) {
      members[Array("scored ".utf8) + scored[index]] = scored[index + 1]
    }
    return members
  }
}
