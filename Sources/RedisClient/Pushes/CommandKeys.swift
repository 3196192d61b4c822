import Bytes

/// What a command does with a key.
package enum KeyUse: Sendable, Equatable {
  /// Reads its value: the server counts a hit or a miss.
  case read
  /// Looks the key up and leaves its value alone (PTTL, TYPE, OBJECT …): the server counts that too.
  case inspection
  /// Gives it a value, as one does who has looked for it in vain: the server counts neither a hit nor a miss.
  case fill
  /// Changes or removes it otherwise: the server counts neither.
  case write
}

/// Which words of a command are keys, and what it does with each.
struct CommandKeys: Sendable, Equatable {
  /// Words at regular distances.
  struct Run: Sendable, Equatable {
    var use: KeyUse
    var first: Int
    /// The last word that may be one; `.max` goes to the end.
    var last: Int
    var step = 1
  }

  var runs: [Run] = []
  /// The word that says how many of those behind it are keys that are read.
  var countPlace: Int?
  /// True where the first half of the words behind STREAMS are keys that are read.
  var hasStreams = false
  /// Words at the end that a run to the end does not take.
  var trailing = 0

  /// What the command does with a word, given by its place; nil where it is no key of a run.
  func use(of word: Int) -> KeyUse? {
    for run in runs where word >= run.first && word <= run.last && (word - run.first) % run.step == 0 {
      return run.use
    }
    return nil
  }
}

/// The keys of commands, by name: a table of those that Redis and Valkey have, and what a server adds.
package struct CommandKeyTable: Sendable {
  /// A command's name, in any case, as it comes byte by byte: the FNV-1a hash of its lower-case letters. Two names of one
  /// hash would be taken for each other; among the few hundred that there are, a test sees that there are none.
  struct Name: Hashable, Sendable {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    init() {}

    init(_ text: String) { for byte in text.utf8 { take(byte) } }

    mutating func take(_ byte: UInt8) {
      hash = (hash ^ UInt64(byte.isUppercase ? byte | 0x20 : byte)) &* 0x0000_0100_0000_01b3
    }
  }

  static let streams = Name("streams")

  private var commands: [Name: CommandKeys]

  /// The commands that Redis up to 8 and Valkey up to 9 have themselves.
  package init() { commands = CommandKeyTable.standard }

  subscript(name: Name) -> CommandKeys? { commands[name] }

  /// The keys of a command, given by its name; nil where none is known.
  subscript(name: String) -> CommandKeys? { commands[Name(name)] }

  /// The place of the first word that is a key of a command, given by its name in any case; nil where none is known.
  package func firstKey(of name: String) -> Int? { self[name]?.runs.map(\.first).min() }

  /// Adds commands that are not known, as a server describes them in its reply to COMMAND: those of modules.
  package mutating func learn(from reply: Reply) {
    for entry in reply.children {
      let parts = entry.children
      guard parts.count >= 6, let name = try? parts[0].decode(String.self),
        let first = parts[3].integer, first > 0, first < 1000,
        let last = parts[4].integer, let step = parts[5].integer, step > 0, step < 1000
      else { continue }
      let flags = parts[2].children.compactMap { try? $0.decode(String.self) }
      // What is refused where memory is short adds to it.
      let writing: KeyUse = flags.contains("denyoom") ? .fill : .write
      let use: KeyUse? = flags.contains("readonly") ? .read : flags.contains("write") ? writing : nil
      guard let use, commands[Name(name)] == nil else { continue }
      var keys = CommandKeys()
      keys.runs = [.init(use: use, first: Int(first), last: last < 0 ? .max : Int(last), step: Int(step))]
      keys.trailing = last < -1 ? Int(-1 - max(last, -1000)) : 0
      commands[Name(name)] = keys
    }
  }
}

extension CommandKeyTable {
  /// Which commands count a lookup was read in the sources of Redis 7 (`lookupKeyRead`) and seen in INFO.
  private static let standard: [Name: CommandKeys] = {
    var table: [Name: CommandKeys] = [:]
    func add(_ names: String, _ runs: CommandKeys.Run..., count: Int? = nil, trailing: Int = 0) {
      for name in names.split(separator: " ") {
        table[Name(String(name))] = CommandKeys(runs: runs, countPlace: count, trailing: trailing)
      }
    }
    func one(_ use: KeyUse, at place: Int = 1) -> CommandKeys.Run {
      .init(use: use, first: place, last: place)
    }
    func all(_ use: KeyUse, from place: Int = 1, step: Int = 1) -> CommandKeys.Run {
      .init(use: use, first: place, last: .max, step: step)
    }
    add(
      """
      get getrange substr strlen getbit bitcount bitpos bitfield_ro getex getdel getset digest hget hmget hgetall hlen \
      hexists hkeys hvals hstrlen hscan hrandfield hgetex hgetdel lrange llen lindex lpos smembers sismember smismember \
      scard srandmember sscan zrange zrangebyscore zrangebylex zrevrange zrevrangebyscore zrevrangebylex zscore zmscore \
      zcard zcount zlexcount zrank zrevrank zscan zrandmember xlen xrange xrevrange xpending geodist geohash geopos \
      geosearch georadius_ro georadiusbymember_ro georadius georadiusbymember sort sort_ro vsim vcard vdim vemb vgetattr \
      vinfo vlinks vrandmember vrange vismember
      """, one(.read))
    add("mget exists touch sinter sunion sdiff pfcount", all(.read))
    add("lcs", .init(use: .read, first: 1, last: 2))
    add("sinterstore sunionstore sdiffstore pfmerge", one(.fill), all(.read, from: 2))
    add("zrangestore geosearchstore", one(.fill), one(.read, at: 2))
    add("zunion zinter zdiff sintercard zintercard", count: 1)
    add("zunionstore zinterstore zdiffstore", one(.fill), count: 2)
    add("bitop", one(.fill, at: 2), all(.read, from: 3))
    add("copy", one(.read), one(.fill, at: 2))
    for name in ["xread", "xreadgroup"] { table[Name(name)] = CommandKeys(hasStreams: true) }
    add("pttl ttl pexpiretime expiretime type dump httl hpttl hexpiretime hpexpiretime", one(.inspection))
    add("object xinfo", one(.inspection, at: 2))
    add(
      """
      set setex psetex setnx hset hmset hsetnx hsetex lpush rpush sadd zadd xadd pfadd geoadd restore vadd
      """, one(.fill))
    add(
      """
      append setrange setbit bitfield incr decr incrby decrby incrbyfloat hincrby hincrbyfloat hdel lpushx rpushx lset \
      linsert lrem ltrim lpop rpop srem spop zincrby zrem zpopmin zpopmax zremrangebyrank zremrangebyscore \
      zremrangebylex xdel xtrim expire pexpire expireat pexpireat persist vrem delex increx
      """, one(.write))
    add("del unlink", all(.write))
    add("mset msetnx", all(.fill, step: 2))
    add("rename renamenx", one(.write), one(.fill, at: 2))
    add("smove lmove rpoplpush blmove brpoplpush", .init(use: .write, first: 1, last: 2))
    return table
  }()
}
