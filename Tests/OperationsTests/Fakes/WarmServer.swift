import RedisClient
import Testing

@testable import Operations

/// A server in memory that takes what a warming sends, with the faults that a test asks for.
final class WarmServer {
  /// A key as the server holds it.
  struct Key: Equatable {
    /// The command that made it, and the words that it was made of.
    var type: String
    var words: [[UInt8]]
    /// Milliseconds, -1 where it never expires.
    var ttl: Int64 = -1
  }

  var keys: [[UInt8]: Key] = [:]
  var info = ["redis_version:7.0.15", "role:master", "cluster_enabled:0", "evicted_keys:0"]
  /// The error that a command answers with, nil where it answers as it should; called with its words.
  var error: ([[UInt8]]) -> String? = { _ in nil }
  /// The reply that a command gives instead of being carried out.
  var reply: ([[UInt8]]) -> FakeReply? = { _ in nil }
  /// The connection breaks when something is sent or awaited for this time, counted from 0.
  var breaksAtCall: Int?
  /// The share of the batch that the server still carries out when it breaks while something is sent.
  var carriedOut = 0.0

  private(set) var log: [String] = []
  /// The commands of each batch.
  private(set) var flights: [[String]] = []
  /// How often something was sent or awaited.
  fileprivate(set) var calls = 0
  fileprivate(set) var pauses: [Duration] = []
  private var queued: [[[UInt8]]]?
  private var queueError = false

  /// Forgets what it was asked, and opens a new connection.
  func reconnect() -> WarmChannel {
    (log, flights, pauses, calls, queued, queueError) = ([], [], [], 0, nil, false)
    return WarmChannel(self)
  }

  func count(_ name: String) -> Int { log.count { $0 == name } }

  fileprivate func note(_ flight: [[[UInt8]]]) { flights.append(flight.map { $0[0].text }) }

  fileprivate func answer(_ words: [[UInt8]]) -> FakeReply {
    let name = words[0].text
    log.append(name)
    if let error = error(words) {
      if queued != nil { queueError = true }
      return .error(error)
    }
    if let reply = reply(words) { return reply }
    switch name {
    case "MULTI":
      (queued, queueError) = ([], false)
      return .status("OK")
    case "EXEC":
      guard let commands = queued else { return .error("ERR EXEC without MULTI") }
      queued = nil
      if queueError { return .error("EXECABORT Transaction discarded because of previous errors.") }
      return .array(commands.map(carryOut))
    case "DISCARD":
      queued = nil
      return .status("OK")
    default:
      guard queued == nil else {
        queued?.append(words)
        return .status("QUEUED")
      }
      return carryOut(words)
    }
  }

  private func carryOut(_ words: [[UInt8]]) -> FakeReply {
    let name = words[0].text
    let key = words.count > 1 ? words[1] : []
    switch name {
    case "INFO": return .bulk(Array(info.joined(separator: "\r\n").utf8))
    case "TIME": return .array([.bulk(Array("1800000000".utf8)), .bulk(Array("0".utf8))])
    case "PTTL": return .integer(keys[key]?.ttl ?? -2)
    case "TYPE": return .status(keys[key].map { Self.types[$0.type] ?? "string" } ?? "none")
    case "SET": return set(words)
    case "GET": return keys[key].map { .bulk($0.words[0]) } ?? .null
    case "RESTORE": return restore(words)
    case "UNLINK" where words.count == 1: return .error("ERR wrong number of arguments for 'unlink' command")
    case "UNLINK", "DEL": return .integer(keys.removeValue(forKey: key) == nil ? 0 : 1)
    case "PEXPIRE":
      guard keys[key] != nil else { return .integer(0) }
      keys[key]?.ttl = Int64(words[2].text) ?? 0
      return .integer(1)
    case "PERSIST":
      keys[key]?.ttl = -1
      return .integer(1)
    case "RENAME", "RENAMENX":
      guard let value = keys[key] else { return .error("ERR no such key") }
      if name == "RENAMENX", keys[words[2]] != nil { return .integer(0) }
      keys[key] = nil
      keys[words[2]] = value
      return name == "RENAME" ? .status("OK") : .integer(1)
    case "HSET", "RPUSH", "SADD", "ZADD", "XADD":
      guard keys[key].map({ $0.type == name }) ?? true else {
        return .error("WRONGTYPE Operation against a key")
      }
      keys[key, default: Key(type: name, words: [])].words += words.dropFirst(2)
      return .integer(Int64(words.count - 2))
    default: return .error("ERR unknown command '\(name)', with args beginning with: ")
    }
  }

  /// The types of what commands make.
  private static let types = [
    "HSET": "hash", "RPUSH": "list", "SADD": "set", "ZADD": "zset", "XADD": "stream",
  ]

  private func set(_ words: [[UInt8]]) -> FakeReply {
    let options = words.dropFirst(3).map(\.text)
    if options.contains("NX"), keys[words[1]] != nil { return .null }
    let time = options.firstIndex(of: "PX").flatMap { Int64(options[$0 + 1]) }
    keys[words[1]] = Key(type: "SET", words: [words[2]], ttl: time ?? -1)
    return .status("OK")
  }

  private func restore(_ words: [[UInt8]]) -> FakeReply {
    if keys[words[1]] != nil, words.count == 4 { return .error("BUSYKEY Target key name already exists.") }
    let time = Int64(words[2].text) ?? 0
    keys[words[1]] = Key(type: "RESTORE", words: [words[3]], ttl: time == 0 ? -1 : time)
    return .status("OK")
  }
}

/// A connection to a `WarmServer`.
final class WarmChannel: CommandChannel {
  let endpoint = Endpoint(address: .tcp(host: "cache-1", port: 6379))
  private let server: WarmServer
  private var waiting: [FakeReply] = []
  private var isBroken = false

  init(_ server: WarmServer) { self.server = server }

  func send(_ commands: CommandBuffer) throws(ClientError) {
    var commands = commands.commands
    let breaks = try breaksNow()
    if breaks { commands.removeSubrange(Int(server.carriedOut * Double(commands.count))...) }
    server.note(commands)
    for command in commands { waiting.append(server.answer(command)) }
    if breaks { throw closed }
  }

  func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    if try breaksNow() { throw closed }
    guard waiting.count >= count else { throw closed }
    for reply in waiting.prefix(count) { reply.append(to: replies) }
    waiting.removeFirst(count)
  }

  func pause(_ duration: Duration) { server.pauses.append(duration) }

  private var closed: ClientError { ClientError(.closed, "\(endpoint.description) closed the connection") }

  private func breaksNow() throws(ClientError) -> Bool {
    guard !isBroken else { throw closed }
    defer { server.calls += 1 }
    isBroken = server.calls == server.breaksAtCall
    return isBroken
  }
}

typealias WarmOutcome = WarmOperation<WarmChannel>.Outcome

extension WarmServer {
  /// Warms, and checks what every warming must keep to.
  func warm(
    _ source: SeedBytes, records: WarmRecords = WarmRecords(), context: RunContext = .test,
    patience: Duration = .zero,
    sourceLocation: SourceLocation = #_sourceLocation, _ configure: (inout WarmRequest) -> Void = { _ in }
  ) throws -> WarmOutcome {
    var request = WarmRequest()
    configure(&request)
    let channel = reconnect()
    var isFirst = true
    let target = WalkTarget(
      identity: WalkIdentity(name: "prod", endpoint: channel.endpoint), databases: .only(0),
      wallClock: 1_800_000_000, reading: WalkReading(retryFor: patience), roundTrip: { _ in .zero }
    ) { [self] _ in
      // What an earlier connection has not read is lost.
      defer { isFirst = false }
      return isFirst ? channel : WarmChannel(self)
    }
    let operation = WarmOperation(request, of: target, source: source, records: records, context: context)
    let outcome = try operation.run()
    let counts = outcome.report.counts
    #expect(
      !request.isDryRun || counts.written + counts.failed + counts.unknown == 0,
      sourceLocation: sourceLocation)
    if outcome.failure != nil || outcome.stop != nil {
      #expect(!outcome.report.header.isComplete, sourceLocation: sourceLocation)
      #expect(outcome.report.stopped != nil, sourceLocation: sourceLocation)
    }
    if counts.rejected + counts.failed + counts.unknown > 0 {
      #expect(!outcome.report.header.isComplete, sourceLocation: sourceLocation)
    }
    return outcome
  }

  func warm(
    _ text: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ configure: (inout WarmRequest) -> Void = { _ in }
  ) throws -> WarmOutcome {
    try warm(SeedBytes(text), sourceLocation: sourceLocation, configure)
  }
}
