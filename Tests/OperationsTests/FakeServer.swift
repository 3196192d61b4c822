import Keyspace
import RedisClient

/// A key as the server holds it, with the names of the groups that it belongs to.
struct FakeKey {
  var name: [UInt8]
  var type = "string"
  /// Milliseconds, -1 where it never expires.
  var ttl: Int64 = -1
  var bytes = 64
  var idle = 0
  var labels = Labels()

  /// What a reader of the name should find.
  struct Labels: Hashable {
    var namespace: String?
    var version: String?
    var entity: String?
    var template: String?
  }

  init(_ name: String, type: String = "string", ttl: Int64 = -1, bytes: Int = 64, idle: Int = 0) {
    self.init(Array(name.utf8), type: type, ttl: ttl, bytes: bytes, idle: idle)
  }

  init(_ name: [UInt8], type: String = "string", ttl: Int64 = -1, bytes: Int = 64, idle: Int = 0) {
    self.name = name
    self.type = type
    self.ttl = ttl
    self.bytes = bytes
    self.idle = idle
  }
}

/// A server in memory that answers what a scan may ask, and does what a test tells it to do wrong.
final class FakeServer {
  /// The commands that change nothing and that a scan may send.
  static let harmless: Set<String> = [
    "SCAN", "PTTL", "MEMORY USAGE", "TYPE", "OBJECT IDLETIME", "INFO", "TIME",
  ]

  /// What goes wrong.
  struct Faults {
    /// The error that a command answers with, nil where it answers as it should; called with command and key.
    var error: (String, [UInt8]) -> String? = { _, _ in nil }
    /// Keys that are gone once SCAN has named them.
    var vanishing: (FakeKey) -> Bool = { _ in false }
    /// The connection breaks after so many replies.
    var breaksAfter: Int?
    /// SCAN returns everything, whatever MATCH and TYPE say.
    var ignoresFilters = false
    /// The share of pages that come empty first.
    var emptyPages = 0.0
    /// The share of keys that come twice.
    var duplicates = 0.0
  }

  var faults = Faults()
  var info = ["redis_version:7.0.15", "role:master", "maxmemory:4294967296", "maxmemory_policy:allkeys-lru"]
  /// The server's clock, in seconds since 1970.
  var time = 1_800_000_000
  /// What stands before the number in a cursor; cursors are opaque.
  var cursorPrefix = ""
  /// Told the number of commands answered so far.
  var afterCommand: (Int) -> Void = { _ in }

  /// Every command with its key, in the order in which they came.
  private(set) var log: [(name: String, key: [UInt8])] = []
  /// The arguments of each SCAN.
  private(set) var scans: [[String]] = []
  private var databases: [Int: Database] = [:]
  private var random: Seeded

  init(_ keys: [FakeKey], seed: Int = 1) {
    random = Seeded(seed)
    add(keys, to: 0)
  }

  func add(_ keys: [FakeKey], to number: Int) {
    databases[number] = Database(
      order: keys.shuffled(using: &random), index: Dictionary(keys.map { ($0.name, $0) }) { $1 })
  }

  /// How often a command was sent.
  func count(_ name: String) -> Int { log.count { $0.name == name } }

  var names: Set<String> { Set(log.map(\.name)) }

  private struct Database {
    var order: [FakeKey]
    var index: [[UInt8]: FakeKey]
  }

  fileprivate func answer(_ arguments: [[UInt8]], in number: Int) -> FakeReply {
    var name = arguments[0].text
    if name == "MEMORY" || name == "OBJECT" { name += " " + arguments[1].text }
    let key = FakeServer.harmless.contains(name) && arguments.count > 1 ? arguments[arguments.count - 1] : []
    log.append((name, name == "SCAN" ? [] : key))
    afterCommand(log.count)
    if let error = faults.error(name, key) { return .error(error) }
    switch name {
    case "SCAN": return scan(arguments.map(\.text), arguments, number)
    case "PTTL": return .integer(find(key, number)?.ttl ?? -2)
    case "MEMORY USAGE": return find(key, number).map { .integer(Int64($0.bytes)) } ?? .null
    case "TYPE": return .status(find(key, number)?.type ?? "none")
    case "OBJECT IDLETIME": return find(key, number).map { .integer(Int64($0.idle)) } ?? .null
    case "TIME": return .array([.bulk(Array(String(time).utf8)), .bulk(Array("250000".utf8))])
    case "INFO": return .bulk(Array((info + keyspaceLines).joined(separator: "\r\n").utf8))
    default: return .error("ERR unknown command '\(name)'")
    }
  }

  private func find(_ key: [UInt8], _ number: Int) -> FakeKey? { databases[number]?.index[key] }

  private var keyspaceLines: [String] {
    ["# Keyspace"]
      + databases.filter { !$0.value.order.isEmpty }.map { number, database in
        let expires = database.order.count { $0.ttl >= 0 }
        return "db\(number):keys=\(database.order.count),expires=\(expires),avg_ttl=1"
      }
  }

  private func scan(_ words: [String], _ arguments: [[UInt8]], _ number: Int) -> FakeReply {
    scans.append(words)
    func option(_ name: String) -> [UInt8]? { words.firstIndex(of: name).map { arguments[$0 + 1] } }
    let start = words[1] == "0" ? 0 : Int(words[1].dropFirst(cursorPrefix.count)) ?? 0
    let order = databases[number]?.order ?? []
    if random.chance(faults.emptyPages) { return page(start, [], order.count) }
    let end = min(order.count, start + (option("COUNT").flatMap { Int($0.text) } ?? 10))
    var names: [[UInt8]] = []
    let glob = option("MATCH").map { Glob(pattern: $0) }
    for key in order[start..<end] {
      if !faults.ignoresFilters {
        if let glob, !glob.matches(key.name.span) { continue }
        if let type = option("TYPE"), type.text != key.type { continue }
      }
      names.append(key.name)
      if random.chance(faults.duplicates) { names.append(key.name) }
      if faults.vanishing(key) { databases[number]?.index[key.name] = nil }
    }
    return page(end, names, order.count)
  }

  private func page(_ position: Int, _ names: [[UInt8]], _ count: Int) -> FakeReply {
    // An empty first page must not look like the end.
    let cursor = position >= count ? "0" : cursorPrefix + (position == 0 ? "00" : String(position))
    return .array([.bulk(Array(cursor.utf8)), .array(names.map(FakeReply.bulk))])
  }
}

/// A connection to a `FakeServer`, standing in one database.
final class FakeChannel: CommandChannel {
  let endpoint: Endpoint
  private let server: FakeServer
  private let database: Int
  private var waiting: [FakeReply] = []
  private var taken = 0

  init(_ server: FakeServer, database: Int) {
    self.server = server
    self.database = database
    endpoint = Endpoint(address: .tcp(host: "cache-1", port: 6379), database: database)
  }

  func send(_ commands: CommandBuffer) throws(ClientError) {
    for command in commands.commands { waiting.append(server.answer(command, in: database)) }
  }

  func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    for _ in 0..<count {
      guard taken < waiting.count, server.faults.breaksAfter.map({ $0 > 0 }) ?? true else {
        throw ClientError(.closed, "\(endpoint.description) closed the connection")
      }
      server.faults.breaksAfter? -= 1
      waiting[taken].append(to: replies)
      taken += 1
    }
    if taken == waiting.count { (waiting, taken) = ([], 0) }
  }

  func pause(_ duration: Duration) {}
}
