import RedisClient
import Reporting
import SeedFormat

/// The forms in which a value can be read.
enum ValueForm: String {
  case string, hash, list, set, zset, stream
  /// As DUMP gives it, whatever its type.
  case dump
}

/// Reads whole values, large collections piece by piece.
///
/// The first piece is asked for with the command of the type that a key is expected to have; where that is wrong,
/// the server says so, and the type is asked for.
enum ValueFetcher {
  /// The elements of a piece, about.
  static let piece = 1000

  /// What a key held.
  enum Answer: Equatable {
    case value(SeedValue)
    /// The key has gone.
    case gone
    /// The key is a stream without entries, which has no natural form.
    case emptyStream
    /// The key is of a type that has no natural form here.
    case unknownType(String)
    case refused(ServerError)
  }

  /// What the first command said.
  enum First {
    case done(Answer)
    /// The key is of another type than expected.
    case wrongType
    /// More is to come, from a cursor or an offset on.
    case more(SeedValue, cursor: [UInt8])
  }

  private static let get = CommandPrefix("GET")
  private static let count = Array(String(piece).utf8)

  // MARK: - Asking

  /// Adds the command that asks for a value, or for its first piece.
  static func ask(_ key: [UInt8], as form: ValueForm, from cursor: [UInt8], to commands: inout CommandBuffer)
  {
    switch form {
    case .string: commands.append(ValueFetcher.get, key.span)
    case .hash: commands.append([Array("HSCAN".utf8), key, cursor, Array("COUNT".utf8), count])
    case .set: commands.append([Array("SSCAN".utf8), key, cursor, Array("COUNT".utf8), count])
    case .list: commands.append([Array("LRANGE".utf8), key, cursor, end(after: cursor)])
    case .zset:
      commands.append([Array("ZRANGE".utf8), key, cursor, end(after: cursor), Array("WITHSCORES".utf8)])
    case .stream:
      let start = cursor == CommandWord.zero ? [UInt8(ascii: "-")] : [UInt8(ascii: "(")] + cursor
      commands.append([Array("XRANGE".utf8), key, start, [UInt8(ascii: "+")], Array("COUNT".utf8), count])
    case .dump: commands.append([Array("DUMP".utf8), key])
    }
  }

  /// The last index of the piece that begins at an index.
  private static func end(after cursor: [UInt8]) -> [UInt8] {
    let start = Int(String(decoding: cursor, as: UTF8.self)) ?? 0
    return Array(String(start + piece - 1).utf8)
  }

  // MARK: - Reading

  /// Reads the reply to `ask`; `start` is the cursor that it was asked with.
  static func read(_ reply: Reply, as form: ValueForm, from start: [UInt8]) -> First {
    if let error = reply.error { return error.code == "WRONGTYPE" ? .wrongType : .done(.refused(error)) }
    if reply.isNull { return .done(.gone) }
    // Whatever fits no answer of the command is a fault, never a value of which half is used.
    return first(reply, form, start)
      ?? .done(.refused(ServerError(line: "ERR unexpected reply, \(reply.summary)")))
  }

  private static func first(_ reply: Reply, _ form: ValueForm, _ start: [UInt8]) -> First? {
    switch form {
    case .string, .dump:
      guard reply.kind == .string, let bytes = try? reply.decode(ReplyBytes.self).bytes else { return nil }
      return .done(.value(form == .dump ? .dump(bytes) : .string(bytes)))
    case .hash: return scanned(reply) { fields(of: $0).map(SeedValue.hash) }
    case .set: return scanned(reply) { .set($0) }
    case .list: return strings(of: reply).map { paged(.list($0), $0.count, start) }
    case .zset: return members(of: reply).map { paged(.sortedSet($0), $0.count, start) }
    case .stream:
      guard reply.kind == .array else { return nil }
      let entries = reply.children.compactMap(entry)
      guard entries.count == reply.childCount else { return nil }
      // Unlike other collections a stream may be empty.
      guard let last = entries.last, entries.count >= piece else {
        return .done(entries.isEmpty && start == CommandWord.zero ? .emptyStream : .value(.stream(entries)))
      }
      // Ids rise: a server that begins again and again is not followed.
      return last.id == start ? nil : .more(.stream(entries), cursor: last.id)
    }
  }

  /// A piece that came with a cursor; the cursor 0 ends it.
  private static func scanned(_ reply: Reply, _ make: ([[UInt8]]) -> SeedValue?) -> First? {
    let parts = reply.children
    guard parts.count == 2, let cursor = try? parts[0].decode(ReplyBytes.self).bytes,
      let strings = strings(of: parts[1]), let value = make(strings)
    else { return nil }
    return cursor == CommandWord.zero ? whole(value, strings.isEmpty) : .more(value, cursor: cursor)
  }

  /// A piece by index; a short one is the last.
  private static func paged(_ value: SeedValue, _ count: Int, _ start: [UInt8]) -> First {
    guard count >= piece else { return whole(value, count == 0) }
    let next = (Int(String(decoding: start, as: UTF8.self)) ?? 0) + count
    return .more(value, cursor: Array(String(next).utf8))
  }

  /// Redis keeps no empty hashes, sets, lists and sorted sets: an empty answer says that the key has gone.
  private static func whole(_ value: SeedValue, _ isEmpty: Bool) -> First {
    .done(isEmpty ? .gone : .value(value))
  }

  private static func strings(of reply: Reply) -> [[UInt8]]? {
    guard reply.kind == .array else { return nil }
    let strings = reply.children.compactMap { try? $0.decode(ReplyBytes.self).bytes }
    return strings.count == reply.childCount ? strings : nil
  }

  private static func fields(of strings: [[UInt8]]) -> [SeedField]? {
    guard strings.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: strings.count, by: 2).map {
      SeedField(field: strings[$0], value: strings[$0 + 1])
    }
  }

  /// Members with their scores: in turn with RESP2, in pairs with RESP3.
  private static func members(of reply: Reply) -> [SeedMember]? {
    guard reply.kind == .array else { return nil }
    let children = reply.children
    let isPaired = children.first?.kind == .array
    guard isPaired || children.count.isMultiple(of: 2) else { return nil }
    let pairs =
      isPaired
      ? children.map(\.children)
      : stride(from: 0, to: children.count, by: 2).map { [children[$0], children[$0 + 1]] }
    let members: [SeedMember] = pairs.compactMap { pair in
      guard pair.count == 2, let member = try? pair[0].decode(ReplyBytes.self).bytes else { return nil }
      if let score = pair[1].double { return SeedMember(member: member, score: text(of: score)) }
      return (try? pair[1].decode(ReplyBytes.self)).map { SeedMember(member: member, score: $0.bytes) }
    }
    return members.count == pairs.count ? members : nil
  }

  /// The shortest text that reads back as the same number, as Redis writes it.
  private static func text(of score: Double) -> [UInt8] {
    if score.isInfinite { return Array((score < 0 ? "-inf" : "inf").utf8) }
    if score == 0 { return Array((score.sign == .minus ? "-0" : "0").utf8) }
    if score == score.rounded(), abs(score) < 1e15 { return Array(String(Int64(score)).utf8) }
    return Array(score.description.utf8)
  }

  private static func entry(_ reply: Reply) -> SeedEntry? {
    let parts = reply.children
    guard parts.count == 2, let id = try? parts[0].decode(ReplyBytes.self).bytes,
      let strings = strings(of: parts[1]), let fields = fields(of: strings)
    else { return nil }
    return SeedEntry(id: id, fields: fields)
  }

  // MARK: - Whole values

  /// Reads one value to its end, asking for the type first; nothing else may be under way.
  static func fetch(
    _ key: [UInt8], on channel: some CommandChannel, attempts: Int = 3
  ) throws(ClientError) -> Answer {
    let reply = try channel.call([CommandWord.type, key])
    if let error = reply.error { return .refused(error) }
    let type = (try? reply.decode(String.self)) ?? ""
    if type == "none" { return .gone }
    guard let form = ValueForm(rawValue: type) else { return .unknownType(type) }
    return try finish(key, form, nil, from: CommandWord.zero, on: channel, attempts: attempts)
  }

  /// Reads the rest of a value, of which the beginning is there already.
  static func finish(
    _ key: [UInt8], _ form: ValueForm, _ beginning: SeedValue?, from cursor: [UInt8],
    on channel: some CommandChannel, attempts: Int = 3
  ) throws(ClientError) -> Answer {
    var (value, cursor) = (beginning, cursor)
    var bytes = 0
    while true {
      var commands = CommandBuffer()
      ask(key, as: form, from: cursor, to: &commands)
      let replies = ReplyBuffer()
      try channel.send(commands)
      try channel.receive(1, into: replies)
      switch read(replies[0], as: form, from: cursor) {
      case .more(let piece, let next):
        bytes += piece.size
        guard bytes <= SeedReader.longestRecord else {
          return .refused(ServerError(line: "ERR the value never ends, or takes more than a record can hold"))
        }
        value = value?.appending(piece) ?? piece
        cursor = next
      case .done(.value(let piece)):
        return .value((value?.appending(piece) ?? piece).withoutRepetitions)
      // An empty last piece ends a value as well.
      case .done(.gone): return value.map { .value($0.withoutRepetitions) } ?? .gone
      case .done(let answer): return answer
      // Retyped meanwhile: what was there has gone, and something else bears the name.
      case .wrongType where attempts > 1: return try fetch(key, on: channel, attempts: attempts - 1)
      case .wrongType: return .refused(ServerError(line: "ERR the key changes its type again and again"))
      }
    }
  }
}

extension SeedValue {
  /// The value with a further piece of the same type behind it.
  fileprivate func appending(_ piece: SeedValue) -> SeedValue {
    switch (self, piece) {
    case (.hash(let head), .hash(let tail)): .hash(head + tail)
    case (.list(let head), .list(let tail)): .list(head + tail)
    case (.set(let head), .set(let tail)): .set(head + tail)
    case (.sortedSet(let head), .sortedSet(let tail)): .sortedSet(head + tail)
    case (.stream(let head), .stream(let tail)): .stream(head + tail)
    default: self
    }
  }

  /// The value without what SCAN may have returned twice, or what moved from one piece into the next.
  fileprivate var withoutRepetitions: SeedValue {
    switch self {
    case .hash(let fields):
      var last: [[UInt8]: [UInt8]] = [:]
      for field in fields { last[field.field] = field.value }
      var seen: Set<[UInt8]> = []
      return .hash(
        fields.compactMap { field in
          seen.insert(field.field).inserted
            ? SeedField(field: field.field, value: last[field.field] ?? field.value) : nil
        })
    case .set(let members):
      var seen: Set<[UInt8]> = []
      return .set(members.filter { seen.insert($0).inserted })
    case .sortedSet(let members):
      var seen: Set<[UInt8]> = []
      return .sortedSet(members.filter { seen.insert($0.member).inserted })
    case .string, .list, .stream, .dump: return self
    }
  }
}
