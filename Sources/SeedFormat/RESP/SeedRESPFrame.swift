import Bytes

/// Finds the next command of a RESP file: an array of bulk strings.
///
/// Remembers its progress, so that it searches a command in many pieces only once. Distances are from the
/// start of the buffer.
struct SeedRESPFrame {
  enum Progress: Equatable {
    case whole
    case wait
    /// No command, or one that cannot be held; what is wrong at the position that was reached.
    case broken(String)
  }

  /// The ranges of the arguments.
  private(set) var arguments: [Range<Int>] = []
  /// How far the command was searched; its length once it is whole.
  private(set) var position = 0

  private let longestValue: Int
  private let longestRecord: Int
  /// The number of arguments, once the first line is read.
  private var count: Int?
  /// The length of the argument that starts at `position`, once its line is read.
  private var pending: Int?

  init(longestValue: Int, longestRecord: Int) {
    self.longestValue = longestValue
    self.longestRecord = longestRecord
  }

  /// Continues the search.
  mutating func advance(_ buffer: SeedBuffer) -> Progress {
    let bytes = buffer.bytes
    let span = bytes.span.extracting(buffer.start..<buffer.end)
    while count == nil || arguments.count < count ?? 0 {
      let progress = pending == nil ? readLength(span) : readArgument(span)
      guard progress == .whole else { return progress }
      guard position <= longestRecord else {
        return .broken("the command is longer than \(longestRecord) bytes")
      }
    }
    return .whole
  }

  /// Reads a line such as `*3` or `$12`.
  private mutating func readLength(_ span: Span<UInt8>) -> Progress {
    guard position < span.count else { return .wait }
    let marker = count == nil ? UInt8.star : UInt8(ascii: "$")
    guard span[position] == marker else {
      return .broken(
        count == nil
          ? "no command: expected \"*\" and the number of its arguments"
          : "a broken command: expected \"$\" and the length of an argument")
    }
    var end = position + 1
    // Redis' own limit on a number's digits is 20.
    while end < span.count, end - position < 22, span[end] != 0x0D { end += 1 }
    guard end + 1 < span.count || end - position == 22 else { return .wait }
    let digits = span.extracting(position + 1..<end)
    guard end - position < 22, span[end + 1] == 0x0A, let number = SeedNumber.integer(digits), number >= 0,
      number > 0 || count != nil, number <= (count == nil ? longestRecord : longestValue)
    else {
      return .broken(
        count == nil ? "not a number of arguments" : "not a length of up to \(longestValue) bytes")
    }
    position = end + 2
    if count == nil { count = Int(number) } else { pending = Int(number) }
    return .whole
  }

  private mutating func readArgument(_ span: Span<UInt8>) -> Progress {
    guard let length = pending else { return .whole }
    guard position + length <= longestRecord else {
      return .broken("the command is longer than \(longestRecord) bytes")
    }
    let end = position + length
    guard end + 2 <= span.count else { return .wait }
    guard span[end] == 0x0D, span[end + 1] == 0x0A else {
      position = end
      return .broken("a broken command: an argument is not as long as its length says")
    }
    arguments.append(position..<end)
    position = end + 2
    pending = nil
    return .whole
  }
}
