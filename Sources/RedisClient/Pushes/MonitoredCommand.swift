import Bytes

/// Reads one line of MONITOR as it passes, and keeps the names of its keys only.
///
/// A line is `1339518083.107412 [0 127.0.0.1:60866] "mget" "a" "b"`, its words quoted and escaped (`sdscatrepr`). Which words
/// are keys follows from the first one; no other word is ever stored.
struct MonitoredCommand {
  private enum State {
    case time, database, origin, between, word, escape, hexadecimal
  }

  private enum Purpose {
    case name, key(KeyUse), count, keyword, nothing
  }

  /// A longer word is no command's name.
  private static let longestWord = 32

  private let table: CommandKeyTable
  private var state = State.time
  private var purpose = Purpose.nothing
  private var database = 0
  private var microseconds = 0
  /// How much of `] "`, which ends the origin, has come.
  private var matched = 0
  /// The words before the one that is read.
  private var words = 0
  private var name = CommandKeyTable.Name()
  private var keys: CommandKeys?
  private var digits = 0
  private var wordLength = 0
  private var wordStart = 0
  private var escaped: (value: UInt8, digits: Int) = (0, 0)
  private var isBroken = false
  private var held: [UInt8] = []
  private var found: [(use: KeyUse, name: Range<Int>)] = []
  /// How many keys follow a count that was read, and where the first of them is.
  private var counted: (first: Int, count: Int)?
  /// The first word behind STREAMS.
  private var streams: Int?
  /// True once the line has ended.
  private(set) var isOver = false

  init(_ table: CommandKeyTable) { self.table = table }

  /// What is kept of the line until its end. Tests read it.
  var kept: [UInt8] { held }

  /// Starts over with another line, given with its first digit.
  mutating func begin(_ first: UInt8) {
    (state, purpose, database, matched, words) = (.time, .nothing, 0, 0, 0)
    microseconds = Int(first - UInt8(ascii: "0"))
    (name, keys, counted, streams) = (CommandKeyTable.Name(), nil, nil, nil)
    (isBroken, isOver) = (false, false)
    held.removeAll(keepingCapacity: true)
    found.removeAll(keepingCapacity: true)
  }

  /// Takes bytes up to the end of the line; gives the place behind the last one taken.
  mutating func take(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      // A line end within a word is escaped: a bare one ends the line.
      if byte == UInt8(ascii: "\n") {
        isOver = true
        return index
      }
      take(byte)
    }
    return index
  }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .word:
      switch byte {
      case UInt8(ascii: "\""): finishWord()
      case UInt8(ascii: "\\"): state = .escape
      default: keep(byte)
      }
    case .escape: takeEscape(byte)
    case .hexadecimal: takeHexadecimal(byte)
    case .between: if byte == UInt8(ascii: "\"") { beginWord() }
    case .time: takeTime(byte)
    case .database:
      guard byte.isDigit else {
        state = .origin
        return
      }
      database = min(database * 10 + Int(byte - UInt8(ascii: "0")), 1 << 20)
    case .origin: takeOrigin(byte)
    }
  }

  private mutating func takeTime(_ byte: UInt8) {
    if byte == UInt8(ascii: "[") { state = .database }
    // Seconds, a point and six digits.
    guard byte.isDigit, microseconds < Int.max / 16 else { return }
    microseconds = microseconds * 10 + Int(byte - UInt8(ascii: "0"))
  }

  private mutating func takeOrigin(_ byte: UInt8) {
    // An IPv6 address has brackets of its own.
    switch (matched, byte) {
    case (_, UInt8(ascii: "]")): matched = 1
    case (1, UInt8(ascii: " ")): matched = 2
    case (2, UInt8(ascii: "\"")): beginWord()
    default: matched = 0
    }
  }

  // MARK: - Words

  private mutating func beginWord() {
    state = .word
    (digits, wordLength, wordStart) = (0, 0, held.count)
    purpose = words == 0 ? .name : purposeOfWord()
  }

  private func purposeOfWord() -> Purpose {
    guard let keys else { return .nothing }
    if let counted {
      return (counted.first..<(counted.first + counted.count)).contains(words) ? .key(.read) : rest(keys)
    }
    if let streams { return words >= streams ? .key(.read) : .nothing }
    if words == keys.countPlace { return .count }
    if keys.hasStreams { return .keyword }
    return rest(keys)
  }

  private func rest(_ keys: CommandKeys) -> Purpose { keys.use(of: words).map { .key($0) } ?? .nothing }

  private mutating func keep(_ byte: UInt8) {
    switch purpose {
    case .nothing: return
    case .name, .keyword:
      if wordLength < MonitoredCommand.longestWord { name.take(byte) }
    case .count:
      if byte.isDigit, digits < 1 << 20 { digits = digits * 10 + Int(byte - UInt8(ascii: "0")) }
    case .key:
      if wordLength < PushParser.longestName { held.append(byte) }
    }
    wordLength += 1
  }

  private mutating func finishWord() {
    state = .between
    switch purpose {
    case .name:
      keys = wordLength < MonitoredCommand.longestWord ? table[name] : nil
      name = CommandKeyTable.Name()
    case .keyword:
      if name == CommandKeyTable.streams { streams = words + 1 }
      name = CommandKeyTable.Name()
    case .count: counted = (words + 1, digits)
    case .key(let use): found.append((use, wordStart..<held.count))
    case .nothing: break
    }
    words += 1
  }

  private mutating func takeEscape(_ byte: UInt8) {
    state = .word
    switch byte {
    case UInt8(ascii: "n"): keep(UInt8(ascii: "\n"))
    case UInt8(ascii: "r"): keep(UInt8(ascii: "\r"))
    case UInt8(ascii: "t"): keep(UInt8(ascii: "\t"))
    case UInt8(ascii: "a"): keep(7)
    case UInt8(ascii: "b"): keep(8)
    case UInt8(ascii: "x"):
      escaped = (0, 0)
      state = .hexadecimal
    default: keep(byte)
    }
  }

  private mutating func takeHexadecimal(_ byte: UInt8) {
    guard let digit = byte.hexValue else {
      // No server writes this: what is read of the line cannot be trusted.
      isBroken = true
      state = .word
      return
    }
    escaped = (escaped.value << 4 | digit, escaped.digits + 1)
    guard escaped.digits == 2 else { return }
    state = .word
    keep(escaped.value)
  }

  // MARK: - The end of the line

  /// Adds the keys of the line, which is over.
  mutating func finish(into batch: inout PushBatch) {
    batch.countCommand()
    // Nothing of a line is kept beyond it: behind the keys of XREAD lie positions.
    defer { held.removeAll(keepingCapacity: true) }
    guard !isBroken, state == .between else { return }
    // Behind STREAMS as many positions follow as there are keys.
    let count = streams == nil ? found.count - (keys?.trailing ?? 0) : found.count / 2
    for key in found.prefix(max(0, count)) {
      batch.append(.key(key.use, database: database), held[key.name], at: microseconds)
    }
  }
}
