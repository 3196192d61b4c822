import TestHarness

/// A cache of 60,000 keys in known groups, whose true figures a script inside the server works out.
struct MixedKeyspace {
  /// Keys that share a prefix, and so a namespace and a version.
  struct Part: Sendable {
    var prefix: String
    var namespace: String?
    var version: String?
    var count: Int
    var type = "string"
    /// Seconds to live, spread evenly; nil where no key expires.
    var ttl: ClosedRange<Int>?
    /// Every so manieth key never expires; 0 for none.
    var everlasting = 0
  }

  /// What is true of a part, by commands of the server's own.
  struct Truth {
    let keys: Int
    let withoutTTL: Int
    let bytes: Int
    /// Remaining seconds to live, in ascending order.
    let ttls: [Double]

    /// The value below which a share of the times to live lies, by nearest rank.
    func ttl(at share: Double) -> Double {
      ttls[max(0, Int((Double(ttls.count) * share).rounded(.up)) - 1)]
    }
  }

  static let parts = [
    Part(prefix: "app:v1:user:", namespace: "app", version: "v1", count: 4_000),
    Part(prefix: "app:v2:user:", namespace: "app", version: "v2", count: 22_000, ttl: 900...90_000),
    Part(
      prefix: "session:", namespace: "session", version: nil, count: 16_000, type: "hash", ttl: 600...3_600),
    Part(
      prefix: "product:v7:item:", namespace: "product", version: "v7", count: 9_000, ttl: 3_600...86_400,
      everlasting: 10),
    Part(
      prefix: "search:v3:", namespace: "search", version: "v3", count: 5_000, type: "list", ttl: 700...9_000,
      everlasting: 1_250),
    Part(prefix: "feed:", namespace: "feed", version: nil, count: 3_000, type: "zset", ttl: 20_000...400_000),
    Part(prefix: "user_data_new_", namespace: "user_data_new", version: nil, count: 700),
    Part(
      prefix: "lock:order:", namespace: "lock", version: nil, count: 300, ttl: 1_000...2_000, everlasting: 3),
  ]

  static let count = parts.reduce(0) { $0 + $1.count }

  /// Fills a server's database 0.
  static func load(into server: RedisServer) throws {
    try server.load(
      text: parts.map { part in
        [
          "EVAL", loader, "0", part.prefix, String(part.count), part.type, String(part.ttl?.lowerBound ?? 0),
          String(part.ttl?.upperBound ?? 0), String(part.everlasting),
        ]
      })
  }

  /// Works out what is true of a part now.
  static func truth(of part: Part, on server: RedisServer) throws -> Truth {
    let reply = try server.connection().command("EVAL", auditor, "0", part.prefix, timeout: .seconds(30))
    let figures = reply.elements ?? []
    guard figures.count == 4, let keys = figures[0].integer, let without = figures[1].integer,
      let bytes = figures[2].integer, let ttls = figures[3].elements
    else { throw Unexpected(reply: "\(reply)") }
    let seconds = ttls.compactMap(\.integer).map { Double($0) / 1000 }.sorted()
    return Truth(keys: keys, withoutTTL: without, bytes: bytes, ttls: seconds)
  }

  /// A reply that the truth cannot be read from.
  struct Unexpected: Error {
    let reply: String
  }

  private static let loader = """
    local prefix, count, kind = ARGV[1], tonumber(ARGV[2]), ARGV[3]
    local low, high, everlasting = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
    for i = 1, count do
      local key = prefix .. i
      if kind == 'string' then redis.call('SET', key, string.rep('x', i % 700))
      elseif kind == 'list' then redis.call('RPUSH', key, i, string.rep('y', i % 90))
      else
        for member = 1, i % 5 + 1 do
          if kind == 'hash' then redis.call('HSET', key, 'field' .. member, string.rep('z', i % 50))
          else redis.call('ZADD', key, member, 'member' .. member .. i) end
        end
      end
      if high > 0 and (everlasting == 0 or i % everlasting ~= 0) then
        redis.call('PEXPIRE', key, low * 1000 + math.floor(i / count * (high - low) * 1000))
      end
    end
    """

  private static let auditor = """
    local keys, without, bytes, ttls = redis.call('KEYS', ARGV[1] .. '*'), 0, 0, {}
    for _, key in ipairs(keys) do
      bytes = bytes + redis.call('MEMORY', 'USAGE', key)
      local ttl = redis.call('PTTL', key)
      if ttl == -1 then without = without + 1 else ttls[#ttls + 1] = ttl end
    end
    return { #keys, without, bytes, ttls }
    """
}
