import Keyspace
import RedisClient
import TestSupport

/// A key as the server holds it, with the names of the groups that it belongs to.
struct FakeKey {
  var name: [UInt8]
  var type = "string"
  /// Milliseconds, -1 where it never expires.
  var ttl: Int64 = -1
  var bytes = 64
  var idle = 0
  var labels = Labels()
  /// The members of a set or sorted set, in the order in which a scan meets them.
  var members: [[UInt8]] = []
  /// The value of a string.
  var value: [UInt8] = []

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

/// A server in memory that answers what the operations may ask, with the faults that a test asks for.
final class FakeServer {
  /// The commands that change nothing and that a scan may send.
  static let harmless: Set<String> = [
    "SCAN", "PTTL", "MEMORY USAGE", "TYPE", "OBJECT IDLETIME", "INFO", "HELLO", "TIME", "CLUSTER", "ROLE",
  ]
  /// The commands that change something.
  static let writing: Set<String> = [
    "UNLINK", "DEL", "PEXPIRE", "SREM", "ZREM", "SADD", "ZADD", "INCR",
  ]
  /// Those of them that are sent for chosen keys.
  static let removing: Set<String> = ["UNLINK", "DEL", "PEXPIRE"]

  /// What goes wrong.
  struct Faults {
    /// The error that a command answers with, nil where it answers as it should; called with command and key, for
    /// commands of several keys with each of them.
    var error: (String, [UInt8]) -> String? = { _, _ in nil }
    /// The reply that a command gives instead of being carried out; called with its arguments.
    var reply: ([[UInt8]]) -> FakeReply? = { _ in nil }
    /// Keys that are gone once SCAN has named them.
    var vanishing: (FakeKey) -> Bool = { _ in false }
    /// The connection breaks after this number of replies.
    var breaksAfter: Int?
    /// The connection breaks when something is sent or awaited for this time, counted from 0.
    var breaksAtCall: Int?
    /// The share of the batch that the server still carries out when it breaks while something is sent.
    var carriedOut = 0.0
    /// SCAN returns everything, whatever MATCH and TYPE say.
    var ignoresFilters = false
    /// Names that SCAN puts on every page beside its own.
    var intruders: [[UInt8]] = []
    /// The share of pages that come empty first.
    var emptyPages = 0.0
    /// The share of keys that come twice.
    var duplicates = 0.0
    /// PEXPIRE takes no options, as before Redis 7.
    var lacksLT = false
  }

  var faults = Faults()
  var info = [
    "redis_version:7.0.15", "role:master", "cluster_enabled:0", "maxmemory:4294967296",
    "maxmemory_policy:allkeys-lru",
  ]
  /// The server's clock, in seconds since 1970.
  var time = 1_800_000_000
  /// The prefix of the number in a cursor; cursors are opaque.
  var cursorPrefix = ""
  /// Told the number of commands answered so far.
  var afterCommand: (Int) -> Void = { _ in }
  /// Told each command once it is carried out.
  var afterward: ([[UInt8]]) -> Void = { _ in }

  /// Every command with its key, in the order in which they came.
  private(set) var log: [(name: String, key: [UInt8])] = []
  /// The arguments of each SCAN.
  private(set) var scans: [[String]] = []
  /// The keys of each batch that was sent to remove or shorten keys.
  fileprivate(set) var removals: [[[UInt8]]] = []
  /// The most batches of this kind that were ever sent and not answered.
  fileprivate(set) var mostRemovalsUnderWay = 0
  /// How long the client waited, and before which command.
  fileprivate(set) var pauses: [(duration: Duration, position: Int)] = []
  /// How often something was sent or awaited.
  fileprivate(set) var calls = 0
  private var databases: [Int: Database] = [:]
  private var random: SeededGenerator

  init(_ keys: [FakeKey], seed: Int = 1) {
    random = SeededGenerator(seed: seed)
    add(keys, to: 0)
  }

  func add(_ keys: [FakeKey], to number: Int) {
    databases[number] = Database(
      order: keys.shuffled(using: &random), known: Set(keys.map(\.name)),
      index: Dictionary(keys.map { ($0.name, $0) }) { $1 })
  }

  /// Writes one key, as another client might at any moment.
  func put(_ key: FakeKey, in number: Int = 0) {
    if databases[number]?.known.insert(key.name).inserted == true { databases[number]?.order.append(key) }
    databases[number]?.index[key.name] = key
  }

  /// Removes one key, as another client might at any moment.
  func drop(_ key: [UInt8]) { databases[0]?.index[key] = nil }

  /// The keys that live.
  func living(in number: Int = 0) -> [[UInt8]: FakeKey] { databases[number]?.index ?? [:] }

  /// Forgets what it was asked; the keys stay as they are.
  func forgetLog() {
    (log, scans, removals, pauses) = ([], [], [], [])
    (mostRemovalsUnderWay, calls) = (0, 0)
  }

  /// How often a command was sent.
  func count(_ name: String) -> Int { log.count { $0.name == name } }

  var names: Set<String> { Set(log.map(\.name)) }

  private struct Database {
    /// Every key that ever was, in the order in which SCAN meets them.
    var order: [FakeKey]
    var known: Set<[UInt8]>
    /// The keys that live.
    var index: [[UInt8]: FakeKey]
  }

  fileprivate func answer(_ arguments: [[UInt8]], in number: Int) -> FakeReply {
    var name = arguments[0].text
    var keys = arguments.dropFirst()
    if name == "MEMORY" || name == "OBJECT" { name += " " + (keys.popFirst() ?? []).text }
    let key = name == "SCAN" ? [] : keys.first ?? []
    log.append((name, key))
    afterCommand(log.count)
    defer { afterward(arguments) }
    if let reply = faults.reply(arguments) { return reply }
    if name != "UNLINK" && name != "DEL" { keys = [key] }
    for key in keys { if let error = faults.error(name, key) { return .error(error) } }
    switch name {
    case "SCAN": return scan(arguments.map(\.text), arguments, number)
    case "PTTL": return .integer(find(key, number)?.ttl ?? -2)
    case "MEMORY USAGE": return find(key, number).map { .integer(Int64($0.bytes)) } ?? .null
    case "TYPE": return .status(find(key, number)?.type ?? "none")
    case "OBJECT IDLETIME": return find(key, number).map { .integer(Int64($0.idle)) } ?? .null
    case "TIME": return .array([.bulk(Array(String(time).utf8)), .bulk(Array("250000".utf8))])
    case "INFO": return .bulk(Array((info + keyspaceLines).joined(separator: "\r\n").utf8))
    case "EXISTS": return .integer(find(key, number) == nil ? 0 : 1)
    case "DUMP": return find(key, number).map { .bulk(FakeServer.payload(of: $0)) } ?? .null
    case "GET": return find(key, number).map { .bulk($0.value) } ?? .null
    case "SCARD", "ZCARD": return .integer(Int64(find(key, number)?.members.count ?? 0))
    case "SSCAN", "ZSCAN": return memberScan(name, arguments, number)
    case "SISMEMBER": return .integer(find(key, number)?.members.contains(arguments[2]) ?? false ? 1 : 0)
    case "ZSCORE":
      return find(key, number)?.members.contains(arguments[2]) ?? false ? .bulk(Array("1".utf8)) : .null
    default: return write(name, arguments, number)
    }
  }

  /// What DUMP says of a key.
  static func payload(of key: FakeKey) -> [UInt8] { [0, 0xff] + key.name + key.value }

  private func find(_ key: [UInt8], _ number: Int) -> FakeKey? { databases[number]?.index[key] }

  private var keyspaceLines: [String] {
    ["# Keyspace"]
      + databases.filter { !$0.value.index.isEmpty }.map { number, database in
        let expires = database.index.values.count { $0.ttl >= 0 }
        return "db\(number):keys=\(database.index.count),expires=\(expires),avg_ttl=1"
      }
  }

  private func scan(_ words: [String], _ arguments: [[UInt8]], _ number: Int) -> FakeReply {
    scans.append(words)
    func option(_ name: String) -> [UInt8]? { words.firstIndex(of: name).map { arguments[$0 + 1] } }
    let start = words[1] == "0" ? 0 : Int(words[1].dropFirst(cursorPrefix.count)) ?? 0
    let order = databases[number]?.order ?? []
    if random.chance(faults.emptyPages) { return page(start, [], order.count) }
    let end = min(order.count, start + (option("COUNT").flatMap { Int($0.text) } ?? 10))
    var names = faults.intruders
    let glob = option("MATCH").map { Glob(pattern: $0) }
    let type = option("TYPE")?.text
    for key in order[start..<end] {
      // Places of keys that were removed stay where they are, so that cursors stay true.
      guard databases[number]?.index[key.name] != nil else { continue }
      if !faults.ignoresFilters {
        if let glob, !glob.matches(key.name.span) { continue }
        if let type, type != key.type { continue }
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

// MARK: - Values and writing

extension FakeServer {
  /// A page of members; the cursor is the last member seen, so that what is removed meanwhile moves nothing.
  private func memberScan(_ name: String, _ arguments: [[UInt8]], _ number: Int) -> FakeReply {
    let members = (find(arguments[1], number)?.members ?? []).sorted { $0.lexicographicallyPrecedes($1) }
    let cursor = arguments[2]
    let rest = members.filter { cursor.text == "0" || cursor.dropFirst().lexicographicallyPrecedes($0) }
    let count = arguments.firstIndex { $0.text == "COUNT" }.flatMap { Int(arguments[$0 + 1].text) } ?? 10
    let page = rest.prefix(count)
    let next = page.count < rest.count ? Array("m".utf8) + (page.last ?? []) : Array("0".utf8)
    let strings = page.flatMap { name == "ZSCAN" ? [$0, Array("1".utf8)] : [$0] }
    return .array([.bulk(next), .array(strings.map(FakeReply.bulk))])
  }

  private func write(_ name: String, _ arguments: [[UInt8]], _ number: Int) -> FakeReply {
    switch name {
    case "UNLINK", "DEL":
      let removed = arguments.dropFirst().count { databases[number]?.index.removeValue(forKey: $0) != nil }
      return .integer(Int64(removed))
    case "PEXPIRE": return expire(arguments, number)
    case "SREM", "ZREM":
      guard let key = find(arguments[1], number) else { return .integer(0) }
      let gone = Set(arguments.dropFirst(2))
      let left = key.members.filter { !gone.contains($0) }
      databases[number]?.index[key.name]?.members = left
      if left.isEmpty { databases[number]?.index[key.name] = nil }
      return .integer(Int64(key.members.count - left.count))
    case "SADD", "ZADD":
      var key = find(arguments[1], number) ?? FakeKey(arguments[1], type: name == "SADD" ? "set" : "zset")
      let member = arguments[arguments.count - 1]
      let isNew = !key.members.contains(member)
      if isNew { key.members.append(member) }
      put(key, in: number)
      return .integer(isNew ? 1 : 0)
    case "INCR":
      let value = (find(arguments[1], number).flatMap { Int64($0.value.text) } ?? 0) + 1
      var key = find(arguments[1], number) ?? FakeKey(arguments[1])
      key.value = Array(String(value).utf8)
      put(key, in: number)
      return .integer(value)
    default: return .error("ERR unknown command '\(name)', with args beginning with: ")
    }
  }

  private func expire(_ arguments: [[UInt8]], _ number: Int) -> FakeReply {
    let hasLT = arguments.count == 4 && arguments[3].text == "LT"
    guard !hasLT || !faults.lacksLT, arguments.count == 3 || hasLT, let time = Int64(arguments[2].text) else {
      return .error("ERR wrong number of arguments for 'pexpire' command")
    }
    guard let key = find(arguments[1], number) else { return .integer(0) }
    if hasLT, key.ttl >= 0, key.ttl <= time { return .integer(0) }
    databases[number]?.index[key.name]?.ttl = time
    return .integer(1)
  }
}

/// A connection to a `FakeServer`, standing in one database.
final class FakeChannel: CommandChannel {
  let endpoint: Endpoint
  private let server: FakeServer
  private let database: Int
  private var waiting: [(reply: FakeReply, isRemoval: Bool, flight: Int)] = []
  private var taken = 0
  private var flights = 0
  private var isBroken = false

  init(_ server: FakeServer, database: Int) {
    self.server = server
    self.database = database
    endpoint = Endpoint(address: .tcp(host: "cache-1", port: 6379), database: database)
  }

  func send(_ commands: CommandBuffer) throws(ClientError) {
    var commands = commands.commands
    let breaks = try breaksNow()
    if breaks { commands.removeSubrange(Int(server.faults.carriedOut * Double(commands.count))...) }
    flights += 1
    var keys: [[UInt8]] = []
    for command in commands {
      let isRemoval = FakeServer.removing.contains(command[0].text)
      if isRemoval { keys += command[0].text == "PEXPIRE" ? [command[1]] : Array(command.dropFirst()) }
      waiting.append((server.answer(command, in: database), isRemoval, flights))
    }
    if !keys.isEmpty { server.removals.append(keys) }
    let underWay = Set(waiting[taken...].filter(\.isRemoval).map(\.flight)).count
    server.mostRemovalsUnderWay = max(server.mostRemovalsUnderWay, underWay)
    if breaks { throw closed }
  }

  func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    if try breaksNow() { throw closed }
    for _ in 0..<count {
      guard taken < waiting.count, server.faults.breaksAfter.map({ $0 > 0 }) ?? true else { throw closed }
      server.faults.breaksAfter? -= 1
      waiting[taken].reply.append(to: replies)
      taken += 1
    }
    if taken == waiting.count { (waiting, taken) = ([], 0) }
  }

  func pause(_ duration: Duration) { server.pauses.append((duration, server.log.count)) }

  private var closed: ClientError {
    ClientError(.closed, "\(endpoint.description) closed the connection")
  }

  /// True at the moment of the break; throws from then on.
  private func breaksNow() throws(ClientError) -> Bool {
    guard !isBroken else { throw closed }
    defer { server.calls += 1 }
    isBroken = server.calls == server.faults.breaksAtCall
    return isBroken
  }
}
