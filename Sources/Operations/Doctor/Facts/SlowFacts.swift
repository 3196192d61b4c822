import Bytes
import Keyspace
import RedisClient

/// What SLOWLOG says of the commands that took longest: which command, on keys of which template. No argument is kept.
struct SlowFacts: Sendable, Equatable {
  /// Calls of one command on keys of one template.
  struct Group: Sendable, Equatable {
    /// The command's name in upper case.
    var command: String
    /// The template of its keys; nil where it has none.
    var template: [UInt8]?
    var calls = 0
    /// How long all of them took, and the longest, in microseconds.
    var microseconds = 0
    var longest = 0
  }

  /// The groups, those that took longest in all first.
  private(set) var groups: [Group] = []

  /// Calls that are known already.
  init(groups: [Group] = []) { self.groups = groups }

  /// Calls are looked at that are no older than this many seconds.
  static let window: Int64 = 3600

  /// Reads the reply to SLOWLOG GET; `now` is the server's time in seconds since 1970.
  ///
  /// Only calls of the last hour, of at least so many microseconds, and by others than the tool itself count.
  init(_ reply: Reply, now: Int64, naming: KeyNaming, atLeast least: Int = 0) {
    let table = CommandKeyTable()
    var reader = naming.makeReader()
    var tree = GroupTree(level: .template(), separator: naming.separator)
    var calls: [(command: String, group: Int?, microseconds: Int)] = []
    for entry in reply.children.compactMap(SlowCall.init) {
      guard now - entry.at <= SlowFacts.window, entry.microseconds >= least, !entry.isOwn else { continue }
      let group = entry.key(table).map { key in
        reader.read(key)
        return tree.group(for: reader.reading)
      }
      calls.append((entry.command, group, entry.microseconds))
    }
    tree.settle()
    for call in calls {
      add(call.command, call.group.flatMap { tree.label(of: tree.current($0)).template }, call.microseconds)
    }
    groups.sort { ($0.microseconds, $1.command) > ($1.microseconds, $0.command) }
  }

  private mutating func add(_ command: String, _ template: [UInt8]?, _ microseconds: Int) {
    let place = groups.firstIndex { $0.command == command && $0.template == template } ?? groups.count
    if place == groups.count { groups.append(Group(command: command, template: template)) }
    groups[place].calls += 1
    groups[place].microseconds += microseconds
    groups[place].longest = max(groups[place].longest, microseconds)
  }
}

/// One entry of SLOWLOG, of which the name of the command and its first key are read.
private struct SlowCall {
  let at: Int64
  let microseconds: Int
  let words: [[UInt8]]
  let isOwn: Bool

  /// Reads `[id, time, microseconds, [words], address, name]`; nil for anything else.
  init?(_ reply: Reply) {
    let parts = reply.children
    guard parts.count >= 4, let at = parts[1].integer, let time = parts[2].integer, time >= 0 else {
      return nil
    }
    let words = parts[3].children.prefix(4).compactMap { try? $0.decode(ReplyBytes.self).bytes }
    guard !words.isEmpty else { return nil }
    self.at = at
    self.words = words
    microseconds = Int(time)
    isOwn = parts.count > 5 && (try? parts[5].decode(String.self)) == ClientFacts.ownName
  }

  /// The command's name; of a name that is none of a command's, nothing.
  var command: String {
    let name = words[0].prefix(24)
    return name.allSatisfy { $0.isLetter || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
      ? String(decoding: name, as: UTF8.self).uppercased() : "?"
  }

  /// The first key, where the table says which word that is and the log has not cut it.
  func key(_ table: CommandKeyTable) -> [UInt8]? {
    guard let place = table.firstKey(of: command), place < words.count else { return nil }
    let key = words[place]
    return key.count < 128 ? key : nil
  }
}
