import RedisClient
import SeedFormat

/// The forms in which a value can be read.
enum ValueForm: String {
  case string, hash, list, set, zset, stream
  /// As DUMP gives it, whatever its type.
  case dump

  /// The elements of a piece, about.
  static let piece = 1000

  private static let get = CommandPrefix("GET")
  private static let pieceWord = Array(String(piece).utf8)

  /// The command that counts the elements; nil for forms whose value comes in one reply or by ids.
  var length: String? {
    switch self {
    case .hash: "HLEN"
    case .list: "LLEN"
    case .set: "SCARD"
    case .zset: "ZCARD"
    case .string, .stream, .dump: nil
    }
  }

  // MARK: - Asking

  /// Adds the command that asks for a value, or for its beginning.
  func ask(_ key: [UInt8], to commands: inout CommandBuffer) {
    switch self {
    case .string: commands.append(ValueForm.get, key.span)
    case .hash, .set: askPage(of: key, from: CommandWord.zero, to: &commands)
    case .list, .zset: askElements(of: key, 0..<ValueForm.piece, to: &commands)
    case .stream: askEntries(of: key, from: [UInt8(ascii: "-")], to: &commands)
    case .dump: commands.append([Array("DUMP".utf8), key])
    }
  }

  /// Adds the command that asks for all elements in one reply.
  func askWhole(_ key: [UInt8], to commands: inout CommandBuffer) {
    switch self {
    case .hash: commands.append([Array("HGETALL".utf8), key])
    case .set: commands.append([Array("SMEMBERS".utf8), key])
    case .list: commands.append(["LRANGE", "0", "-1"].words(around: key))
    case .zset: commands.append(["ZRANGE", "0", "-1", "WITHSCORES"].words(around: key))
    case .string, .stream, .dump: ask(key, to: &commands)
    }
  }

  /// Adds the command that asks for a page of a hash, a set or a sorted set.
  func askPage(of key: [UInt8], from cursor: [UInt8], to commands: inout CommandBuffer) {
    let name = self == .hash ? "HSCAN" : self == .set ? "SSCAN" : "ZSCAN"
    commands.append([Array(name.utf8), key, cursor, Array("COUNT".utf8), ValueForm.pieceWord])
  }

  /// Adds the command that asks for some elements of a list or a sorted set.
  func askElements(of key: [UInt8], _ places: Range<Int>, to commands: inout CommandBuffer) {
    let ends = [String(places.lowerBound), String(places.upperBound - 1)]
    commands.append(
      (self == .list ? ["LRANGE"] + ends : ["ZRANGE"] + ends + ["WITHSCORES"]).words(around: key))
  }

  /// Adds the command that asks for the entries of a stream from an id on.
  func askEntries(of key: [UInt8], from id: [UInt8], to commands: inout CommandBuffer) {
    commands.append(
      [Array("XRANGE".utf8), key, id, [UInt8(ascii: "+")], Array("COUNT".utf8), ValueForm.pieceWord])
  }

  // MARK: - Reading

  /// The value of a reply that holds all that was asked for; nil where the reply fits no answer of the command.
  func value(_ reply: Reply) -> SeedValue? {
    switch self {
    case .string, .dump:
      guard reply.kind == .string, let bytes = try? reply.decode(ReplyBytes.self).bytes else { return nil }
      return self == .dump ? .dump(bytes) : .string(bytes)
    case .hash: return ValueForm.strings(reply).flatMap(ValueForm.fields).map(SeedValue.hash)
    case .list: return reply.kind == .array ? ValueForm.strings(reply).map(SeedValue.list) : nil
    case .set: return reply.kind == .array ? ValueForm.strings(reply).map(SeedValue.set) : nil
    case .zset: return ValueForm.members(reply).map(SeedValue.sortedSet)
    case .stream:
      guard reply.kind == .array else { return nil }
      let entries = reply.children.compactMap(ValueForm.entry)
      return entries.count == reply.childCount ? .stream(entries) : nil
    }
  }

  /// A page and the cursor of the next; nil where the reply fits no answer of the command.
  func page(_ reply: Reply) -> (value: SeedValue, cursor: [UInt8])? {
    let parts = reply.children
    guard parts.count == 2, let cursor = try? parts[0].decode(ReplyBytes.self).bytes,
      let value = value(parts[1])
    else { return nil }
    return (value, cursor)
  }

  private static func strings(_ reply: Reply) -> [[UInt8]]? {
    guard reply.kind == .array || reply.kind == .map else { return nil }
    let strings = reply.children.compactMap { try? $0.decode(ReplyBytes.self).bytes }
    return strings.count == reply.childCount ? strings : nil
  }

  private static func fields(_ strings: [[UInt8]]) -> [SeedField]? {
    guard strings.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: strings.count, by: 2).map {
      SeedField(field: strings[$0], value: strings[$0 + 1])
    }
  }

  /// Members with their scores: in turn with RESP2 and from ZSCAN, in pairs with RESP3.
  private static func members(_ reply: Reply) -> [SeedMember]? {
    guard reply.kind == .array else { return nil }
    let children = reply.children
    let isPaired = children.first?.kind == .array
    guard isPaired || children.count.isMultiple(of: 2) else { return nil }
    let pairs =
      isPaired
      ? children.map(\.children)
      : stride(from: 0, to: children.count, by: 2).map { [children[$0], children[$0 + 1]] }
    let members: [SeedMember] = pairs.compactMap { pair in
      guard pair.count == 2, let member = try? pair[0].decode(ReplyBytes.self).bytes,
        let score = try? pair[1].decode(Double.self), !score.isNaN
      else { return nil }
      return SeedMember(member: member, score: text(of: score))
    }
    return members.count == pairs.count ? members : nil
  }

  /// The shortest text that reads back as the same number, as Redis writes it.
  static func text(of score: Double) -> [UInt8] {
    if score.isInfinite { return Array((score < 0 ? "-inf" : "inf").utf8) }
    if score == 0 { return Array((score.sign == .minus ? "-0" : "0").utf8) }
    if score == score.rounded(), abs(score) < 1e15 { return Array(String(Int64(score)).utf8) }
    return Array(score.description.utf8)
  }

  private static func entry(_ reply: Reply) -> SeedEntry? {
    let parts = reply.children
    guard parts.count == 2, let id = try? parts[0].decode(ReplyBytes.self).bytes,
      let fields = strings(parts[1]).flatMap(fields)
    else { return nil }
    return SeedEntry(id: id, fields: fields)
  }
}

extension [String] {
  /// The words of a command whose second is a key.
  fileprivate func words(around key: [UInt8]) -> [[UInt8]] {
    var words = map { [UInt8]($0.utf8) }
    words.insert(key, at: 1)
    return words
  }
}
