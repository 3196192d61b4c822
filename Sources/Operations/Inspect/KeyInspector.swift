import Bytes
import Keyspace
import RedisClient
import Reporting

/// Asks a server all that it says of single keys.
struct KeyInspector {
  private let request: InspectRequest
  private let channel: AnyChannel
  private let clock: ServerClock
  private var names: NameReader
  /// What the server does not answer, with its reason.
  private(set) var warnings: [String] = []

  init(_ request: InspectRequest, _ channel: AnyChannel, _ clock: ServerClock) {
    (self.request, self.channel, self.clock) = (request, channel, clock)
    names = NameReader(request.naming)
  }

  /// Asks about one key.
  mutating func inspect(_ bytes: [UInt8]) throws(ClientError) -> InspectedKey {
    var key = InspectedKey(key: bytes)
    key.slot = Int(HashSlot(key: bytes.span).rawValue)
    names.read(into: &key)
    let isLFU = try askFirst(&key)
    guard key.state == .present else { return key }
    try askForMore(&key, isLFU: isLFU)
    key.findings = KeyFindings(key, isReadBySchema: names.matchesSchema).all
    return key
  }

  /// What any key answers. The time of the last use is asked for first: other questions may change it.
  private mutating func askFirst(_ key: inout InspectedKey) throws(ClientError) -> Bool {
    let questions = [
      ["OBJECT", "IDLETIME"], ["TYPE"], ["PTTL"], ["OBJECT", "ENCODING"], ["MEMORY", "USAGE"],
    ]
    let replies = try ask(questions.map { $0.map { Array($0.utf8) } + [key.key] })
    let idle = replies[0]
    let isLFU = idle.error?.message.contains("LFU") ?? false
    if !isLFU { key.idleSeconds = try value(idle, "OBJECT IDLETIME", &key, ElementCount?.self)??.count }
    if let type = try value(replies[1], "TYPE", &key, KeyTypeName.self)?.name {
      if type == KeyTypeName.none { key.state = .absent } else { key.type = type }
    }
    if let time = try value(replies[2], "PTTL", &key, RemainingTime.self) {
      if time == .absent { key.state = .absent } else { key.ttlMilliseconds = time.number }
    }
    key.encoding = try value(replies[3], "OBJECT ENCODING", &key, String?.self) ?? nil
    key.memoryBytes = try value(replies[4], "MEMORY USAGE", &key, ElementCount?.self)??.count
    if let left = key.ttlMilliseconds, left >= 0 { key.expiresAt = Int((clock.now + left) / 1000) }
    if key.state != .present { key.forgetFacts() }
    return isLFU
  }

  /// What depends on the type and on the server's policy.
  private mutating func askForMore(_ key: inout InspectedKey, isLFU: Bool) throws(ClientError) {
    if isLFU {
      let reply = try ask([[Array("OBJECT".utf8), Array("FREQ".utf8), key.key]])[0]
      key.frequency = try value(reply, "OBJECT FREQ", &key, ElementCount?.self)??.count
    }
    if let name = KeyInspector.length(of: key.type) {
      let reply = try ask([[Array(name.utf8), key.key]])[0]
      key.length = try value(reply, name, &key, ElementCount.self)?.count
    }
    if let limit = request.valueLimit { try askForValue(&key, limit) }
  }

  private static func length(of type: String?) -> String? {
    switch type {
    case "string": "STRLEN"
    case "hash": "HLEN"
    case "list": "LLEN"
    case "set": "SCARD"
    case "zset": "ZCARD"
    case "stream": "XLEN"
    case "vectorset": "VCARD"
    default: nil
    }
  }

  // MARK: - Values

  /// Asks for the beginning of a value. A collection is left alone where one of its elements may be large.
  private mutating func askForValue(_ key: inout InspectedKey, _ limit: InspectValueLimit) throws(ClientError)
  {
    guard let (name, words) = KeyInspector.reading(key.type, limit) else {
      key.value = .withheld("the tool cannot read this type")
      return
    }
    if key.type != "string", key.memoryBytes ?? .max > limit.largestCollection {
      key.value = .withheld("one element of so large a key may be most of it")
      return
    }
    let reply = try ask([[Array(name.utf8), key.key] + words.map { Array($0.utf8) }])[0]
    if let error = reply.error {
      try note(error, name, &key)
      return
    }
    guard key.type != "string" else {
      key.value = (try? reply.decode(ReplyBytes.self)).map { .text($0.bytes) }
      return
    }
    var elements = KeyInspector.elements(of: reply, key.type)
    elements = elements.prefix(limit.elements).map { $0.map { Array($0.prefix(limit.bytes)) } }
    key.value = .elements(elements)
  }

  /// The command that reads the beginning of a value, and its arguments behind the key; nil for an unknown type.
  private static func reading(_ type: String?, _ limit: InspectValueLimit) -> (String, [String])? {
    let last = String(limit.elements - 1)
    let count = String(limit.elements)
    switch type {
    case "string": return ("GETRANGE", ["0", String(limit.bytes - 1)])
    case "hash": return ("HSCAN", ["0", "COUNT", count])
    case "list": return ("LRANGE", ["0", last])
    case "set": return ("SSCAN", ["0", "COUNT", count])
    case "zset": return ("ZRANGE", ["0", last, "WITHSCORES"])
    case "stream": return ("XRANGE", ["-", "+", "COUNT", count])
    default: return nil
    }
  }

  /// The elements in a reply, each with its parts.
  private static func elements(of reply: Reply, _ type: String?) -> [[[UInt8]]] {
    switch type {
    case "hash": pairs(texts(of: reply.children.last))
    case "set": texts(of: reply.children.last).map { [$0] }
    // RESP3 gives each member with its score in an array of two, RESP2 all of them in one.
    case "zset": reply.children.first?.kind == .array ? reply.children.map(texts) : pairs(texts(of: reply))
    case "stream":
      reply.children.map { entry in texts(of: entry).prefix(1) + texts(of: entry.children.last) }
    default: texts(of: reply).map { [$0] }
    }
  }

  private static func texts(of reply: Reply?) -> [[UInt8]] {
    (reply?.children ?? []).compactMap { child in
      (try? child.decode(ReplyBytes.self).bytes)
        ?? (try? child.decode(Double.self)).map { Array("\($0)".utf8) }
    }
  }

  private static func pairs(_ texts: [[UInt8]]) -> [[[UInt8]]] {
    stride(from: 0, to: texts.count - 1, by: 2).map { [texts[$0], texts[$0 + 1]] }
  }

  // MARK: - Asking

  private func ask(_ commands: [[[UInt8]]]) throws(ClientError) -> [Reply] {
    var batch = CommandBuffer()
    for command in commands { batch.append(command) }
    let replies = ReplyBuffer()
    try channel.send(batch)
    try channel.receive(commands.count, into: replies)
    return commands.indices.map { replies[$0] }
  }

  /// The value of a reply; nil where the server refuses the command, which is noted once.
  private mutating func value<Value: ReplyDecodable>(
    _ reply: Reply, _ command: String, _ key: inout InspectedKey, _: Value.Type
  ) throws(ClientError) -> Value? {
    if let error = reply.error {
      try note(error, command, &key)
      return nil
    }
    do throws(DecodeError) { return try reply.decode(Value.self) } catch {
      throw ClientError(error, to: command, at: channel.endpoint)
    }
  }

  /// Notes what is refused; throws what ends the run.
  private mutating func note(
    _ error: ServerError, _ command: String, _ key: inout InspectedKey
  ) throws(ClientError) {
    if error.isKeyForbidden {
      key.state = .forbidden
    } else if error.isCommandForbidden || error.isUnknownCommand {
      let warning = error.reason(command, at: channel.endpoint)
      if !warnings.contains(warning) { warnings.append(warning) }
    } else if !error.message.contains("no such key") {
      // A key that has changed its type meanwhile answers with an error, too: the next run sees it as it is.
      guard error.code == "WRONGTYPE" else { throw ClientError(error, to: command, at: channel.endpoint) }
    }
  }
}

extension InspectedKey {
  /// Forgets what was answered of a key that is not there, or may not be read.
  fileprivate mutating func forgetFacts() {
    (type, encoding, memoryBytes, ttlMilliseconds, expiresAt, idleSeconds) = (nil, nil, nil, nil, nil, nil)
  }
}

/// Reads the names of single keys, each by itself.
struct NameReader {
  private let naming: KeyNaming
  private var reader: KeyReader
  /// False where schemas are given and the name that was read last fits none.
  private(set) var matchesSchema = true

  init(_ naming: KeyNaming) {
    self.naming = naming
    reader = naming.makeReader()
  }

  /// Reads the name of a key.
  mutating func read(into key: inout InspectedKey) {
    reader.read(key.key)
    matchesSchema = reader.reading.matchesSchema
    var tree = GroupTree(level: .template(), separator: naming.separator)
    let group = tree.group(for: reader.reading)
    tree.settle()
    let label = tree.label(of: tree.current(group))
    (key.namespace, key.version, key.template) = (label.namespace, label.version, label.template)
    let bytes = key.key
    key.role = label.role?.rawValue ?? NameTraits.kind(of: bytes.span)?.rawValue
  }
}
