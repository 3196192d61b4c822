import TestSupport

/// Keyspaces of the kinds that caches hold.
enum Keyspaces {
  private static let hour: Int64 = 3_600_000

  /// Users of two versions, sessions, products, teams of many organisations, and keys without structure.
  static func mixed(_ scale: Int = 100, seed: Int = 1) -> [FakeKey] {
    var random = SeededGenerator(seed: seed)
    var keys: [FakeKey] = []
    func add(
      _ count: Int, _ name: (Int, inout SeededGenerator) -> String, _ labels: FakeKey.Labels, _ type: String
    ) {
      for index in 0..<count {
        var key = FakeKey(name(index, &random), type: type)
        key.labels = labels
        key.bytes = 48 + random.below(64) + (random.chance(0.01) ? 40_000 : 0)
        key.ttl = random.chance(0.1) ? -1 : 1000 + Int64(random.unit() * Double(24 * hour))
        key.idle = random.below(7200)
        keys.append(key)
      }
    }
    add(
      8 * scale, { index, _ in "app:v1:user:\(index)" },
      .init(namespace: "app", version: "v1", entity: "app:v1:user", template: "app:v1:user:*"), "hash")
    add(
      12 * scale, { index, _ in "app:v2:user:\(index):profile" },
      .init(namespace: "app", version: "v2", entity: "app:v2:user", template: "app:v2:user:*:profile"),
      "string")
    add(
      10 * scale, { _, random in "session:\(uuid(&random))" },
      .init(namespace: "session", entity: "session", template: "session:*"), "string")
    add(
      5 * scale, { index, _ in "{product:v7}:item:\(index)" },
      .init(namespace: "product", version: "v7", entity: "product:v7:item", template: "product:v7:item:*"),
      "zset")
    add(
      6 * scale, { index, random in "org:\(word(index % 40)):v3:team:\(random.below(1 << 40))" },
      .init(namespace: "org:*", version: "v3", entity: "org:*:v3:team", template: "org:*:v3:team:*"), "list")
    add(
      3 * scale, { index, _ in "user_data_new_\(index)" },
      .init(namespace: "user_data_new", entity: "user_data_new", template: "user_data_new_*"), "string")
    return keys
  }

  static func uuid(_ random: inout SeededGenerator) -> String {
    [8, 4, 4, 4, 12].map { length in
      (0..<length).map { _ in String(random.below(16), radix: 16) }.joined()
    }.joined(separator: "-")
  }

  /// A word without digits, different for each number.
  static func word(_ number: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return "team" + String(letters[number / 26 % 26]) + String(letters[number % 26])
  }
}
