import Bytes

/// A command that writes one key, or sets when it expires.
struct SeedRESPCommand: Equatable {
  /// What the command does to its key.
  enum Effect: Equatable {
    /// Stores a value in place of what was there.
    case store(SeedValue, SeedExpiry)
    /// Adds to a collection; where it is a list, at its tail.
    case add(SeedValue)
    /// Puts elements before a list's head, one after the other.
    case prepend([[UInt8]])
    case expire(SeedExpiry)

    /// True where it does not matter what the key held before.
    var replaces: Bool { if case .store = self { true } else { false } }
  }

  /// The commands that are loaded, and SELECT.
  static let names: Set = [
    "SET", "SETEX", "PSETEX", "HSET", "HMSET", "RPUSH", "LPUSH", "SADD", "ZADD", "XADD", "RESTORE", "EXPIRE",
    "PEXPIRE", "EXPIREAT", "PEXPIREAT", "SELECT",
  ]

  let key: [UInt8]
  let effect: Effect

  /// The keys that a command changes, whether it can be loaded or not: those of a command that cannot are not what the
  /// file makes of them.
  static func keys(of arguments: [[UInt8]]) -> [[UInt8]] {
    guard arguments.count > 1 else { return [] }
    switch SeedRESPWords(arguments).name {
    case "SELECT", "PUBLISH", "EVAL", "EVALSHA", "FUNCTION", "SCRIPT", "CONFIG": return []
    case "DEL", "UNLINK", "RENAME", "RENAMENX", "COPY", "SMOVE", "RPOPLPUSH", "LMOVE":
      return Array(arguments.dropFirst())
    case "MSET", "MSETNX":
      return stride(from: 1, to: arguments.count, by: 2).map { arguments[$0] }
    case "XGROUP", "BITOP": return arguments.count > 2 ? [arguments[2]] : []
    default: return [arguments[1]]
    }
  }

  /// Reads a command from its arguments, the name first.
  init(_ arguments: [[UInt8]]) throws(SeedFault) {
    let words = SeedRESPWords(arguments)
    switch words.name {
    case "SET": effect = try SeedRESPCommand.set(words)
    case "SETEX", "PSETEX": effect = try SeedRESPCommand.setWithExpiry(words)
    case "HSET", "HMSET": effect = .add(.hash(try words.fields(from: 2)))
    case "RPUSH": effect = .add(.list(try words.rest(from: 2)))
    case "LPUSH": effect = .prepend(try words.rest(from: 2))
    case "SADD": effect = .add(.set(try words.rest(from: 2)))
    case "ZADD": effect = .add(.sortedSet(try words.members()))
    case "XADD": effect = .add(.stream([try words.entry()]))
    case "RESTORE": effect = try SeedRESPCommand.restore(words)
    case "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT":
      guard arguments.count == 3 else { throw words.fault("takes a key and a time here") }
      effect = .expire(try words.deadline(2))
    default:
      throw SeedFault(
        column: 0,
        "\(arguments[0].lend(SeedFault.shown)) is not loaded; only SET, SETEX, PSETEX, HSET, HMSET, RPUSH, LPUSH, "
          + "SADD, ZADD, XADD, RESTORE and EXPIRE with its kin are")
    }
    key = arguments[1]
  }

  private static func set(_ words: SeedRESPWords) throws(SeedFault) -> Effect {
    switch words.arguments.count {
    case 3: return .store(.string(words.arguments[2]), .unstated)
    case 5:
      switch words.option(3) {
      case "EX", "PX", "EXAT", "PXAT":
        return .store(.string(words.arguments[2]), try words.expiry(words.option(3), 4))
      default: break
      }
    default: break
    }
    throw words.fault("takes a key, a value and one of EX, PX, EXAT and PXAT here; no other option is loaded")
  }

  private static func setWithExpiry(_ words: SeedRESPWords) throws(SeedFault) -> Effect {
    guard words.arguments.count == 4 else { throw words.fault("takes a key, a time and a value") }
    return .store(.string(words.arguments[3]), try words.expiry(words.name == "SETEX" ? "EX" : "PX", 2))
  }

  private static func restore(_ words: SeedRESPWords) throws(SeedFault) -> Effect {
    guard words.arguments.count >= 4 else { throw words.fault("takes a key, a time to live and a payload") }
    let options = words.arguments.indices.dropFirst(4).map { words.option($0) }
    guard options.allSatisfy({ $0 == "REPLACE" || $0 == "ABSTTL" }) else {
      throw words.fault("takes only REPLACE and ABSTTL here; no other option is loaded")
    }
    guard !words.arguments[3].isEmpty else { throw words.fault("has an empty payload") }
    // 0 means no expiry.
    let isEndless = words.arguments[2] == [UInt8(ascii: "0")]
    let unit = options.contains("ABSTTL") ? "PXAT" : "PX"
    return .store(.dump(words.arguments[3]), isEndless ? .never : try words.expiry(unit, 2))
  }
}
