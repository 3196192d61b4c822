import Bytes

/// The arguments of a command, read one by one.
struct SeedRESPWords {
  let arguments: [[UInt8]]
  /// The command's name in capitals.
  let name: String

  init(_ arguments: [[UInt8]]) {
    self.arguments = arguments
    name = arguments.count > 1 ? SeedRESPWords.capitals(arguments[0]) : ""
  }

  /// An argument in capitals.
  func option(_ index: Int) -> String { SeedRESPWords.capitals(arguments[index]) }

  func fault(_ reason: String) -> SeedFault { SeedFault(column: 0, "\(name) \(reason)") }

  /// The arguments from an index on, at least one.
  func rest(from index: Int) throws(SeedFault) -> [[UInt8]] {
    guard arguments.count > index else { throw fault("has too few arguments") }
    return Array(arguments[index...])
  }

  /// The pairs of field and value from an index on, at least one.
  func fields(from index: Int) throws(SeedFault) -> [SeedField] {
    try pairs(from: index).map { SeedField(field: arguments[$0], value: arguments[$0 + 1]) }
  }

  /// The scores and members of ZADD.
  func members() throws(SeedFault) -> [SeedMember] {
    var members: [SeedMember] = []
    // A flag is in the place of the first score, and is reported even where it makes the count odd.
    for index in try rest(from: 2).indices where index % 2 == 0 {
      let score = arguments[index + 2]
      guard score.lend(SeedNumber.isScore) else {
        throw fault(
          "wants a score that a double can hold and got \"\(score.lend(SeedFault.shown))\"; flags are not loaded"
        )
      }
    }
    for index in try pairs(from: 2) {
      members.append(SeedMember(member: arguments[index + 1], score: arguments[index]))
    }
    return members
  }

  /// The entry of XADD.
  func entry() throws(SeedFault) -> SeedEntry {
    let id = try rest(from: 2)[0]
    guard let place = id.lend(SeedStreamID.init), place > .zero else {
      throw fault("wants an id such as 1700000000000-0 and got \"\(id.lend(SeedFault.shown))\"")
    }
    return SeedEntry(id: id, fields: try fields(from: 3))
  }

  /// The database of SELECT.
  func database() throws(SeedFault) -> Int {
    guard arguments.count == 2, let number = arguments[1].lend(SeedNumber.database) else {
      throw fault("wants the number of a database")
    }
    return number
  }

  /// When a key expires, by the option of SET or the command that says so.
  func expiry(_ unit: String, _ index: Int) throws(SeedFault) -> SeedExpiry {
    let shown = arguments[index].lend(SeedFault.shown)
    let inSeconds = ["EX", "EXAT", "EXPIRE", "EXPIREAT"].contains(unit)
    let isMoment = unit.hasSuffix("AT")
    guard isWholeNumber(index) else { throw fault("wants a time as a whole number and got \"\(shown)\"") }
    let time = arguments[index].lend(SeedNumber.integer) ?? .max
    guard time > 0 else { throw fault("wants a time above 0 and got \"\(shown)\"") }
    guard (inSeconds ? time : time / 1000) <= SeedExpiryReader.longestSeconds else {
      throw fault("wants a time of at most \(SeedExpiryReader.longestSeconds) seconds and got \"\(shown)\"")
    }
    let milliseconds = inSeconds ? time * 1000 : time
    guard isMoment else { return .after(milliseconds: milliseconds) }
    if let reason = SeedExpiryReader.doubt(about: time, inSeconds: inSeconds) { throw fault(reason) }
    return .at(milliseconds: milliseconds)
  }

  /// When a key expires, for commands with which a time in the past removes the key, as on the server.
  ///
  /// The earliest moment of all stands for such a time, so that the record can be written in every form.
  func deadline(_ index: Int) throws(SeedFault) -> SeedExpiry {
    if let time = arguments[index].lend(SeedNumber.integer), time <= 0 { return .at(milliseconds: 1) }
    return try expiry(name, index)
  }

  /// True for digits, with a minus sign or without, however many.
  private func isWholeNumber(_ index: Int) -> Bool {
    let text = arguments[index]
    let digits = text.first == .dash ? text.dropFirst() : text[...]
    return !digits.isEmpty && digits.allSatisfy(\.isDigit)
  }

  private func pairs(from index: Int) throws(SeedFault) -> [Int] {
    guard arguments.count > index, (arguments.count - index) % 2 == 0 else {
      throw fault("has an odd number of arguments, or too few")
    }
    return Array(stride(from: index, to: arguments.count, by: 2))
  }

  /// Only names of commands and options are compared, and none of them is longer.
  private static func capitals(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(16), as: UTF8.self).uppercased()
  }
}
