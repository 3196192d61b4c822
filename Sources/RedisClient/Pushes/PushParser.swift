import Bytes

/// Reads what a server sends by itself, byte by byte as it comes: messages of channels, lines of MONITOR, and the replies in
/// between.
///
/// It differs from ``ReplyReader`` in that nothing but names is kept: a line of MONITOR holds whole values, of up to half a
/// gigabyte, and they are dropped as they pass.
struct PushParser {
  /// A name is kept up to this length; longer ones are cut.
  static let longestName = 4 << 10
  /// A reply is refused above this length: INFO is the longest that is asked for.
  static let longestReply = 1 << 20

  private enum State {
    /// The first byte of a value.
    case sigil
    /// A line that holds a number, a status or an error.
    case line
    /// The bytes of a string.
    case string
    /// The line end behind a string.
    case stringEnd
    /// A line of MONITOR.
    case command
  }

  private let channels: [[UInt8]]
  private var state = State.sigil
  private var sigil: UInt8 = 0
  private var line: [UInt8] = []
  /// The bytes of the string that are still to come.
  private var missing = 0
  /// The values that are still to come, for each aggregate that is open.
  private var open: [Int] = []
  /// The outermost aggregate's first three strings, or the string that is no part of one.
  private var held: [UInt8] = []
  private var parts: [Range<Int>] = []
  private var command: MonitoredCommand

  /// `channels` are those that were subscribed to; `keys` says where commands have their keys.
  init(channels: [[UInt8]], keys: CommandKeyTable) {
    self.channels = channels
    command = MonitoredCommand(keys)
  }

  /// What is kept of what has come in part. Tests read it.
  var kept: [UInt8] { held + line + command.kept }

  /// Takes bytes in the order in which they came.
  mutating func take(_ bytes: Span<UInt8>, into batch: inout PushBatch) throws(ProtocolFault) {
    var index = 0
    while index < bytes.count {
      switch state {
      case .string: index += takeString(bytes, from: index)
      case .command:
        index = command.take(bytes, from: index)
        if command.isOver {
          command.finish(into: &batch)
          state = .sigil
        }
      default:
        try take(bytes[index], into: &batch)
        index += 1
      }
    }
  }

  private mutating func take(_ byte: UInt8, into batch: inout PushBatch) throws(ProtocolFault) {
    switch state {
    case .sigil:
      sigil = byte
      line.removeAll(keepingCapacity: true)
      state = .line
    case .line: try takeLine(byte, into: &batch)
    case .stringEnd:
      if byte == UInt8(ascii: "\n") { finishString(into: &batch) }
    case .string, .command: break
    }
  }

  private mutating func takeLine(_ byte: UInt8, into batch: inout PushBatch) throws(ProtocolFault) {
    if sigil == UInt8(ascii: "+"), open.isEmpty, line.isEmpty, byte.isDigit {
      // The line of a command begins with a time.
      command.begin(byte)
      state = .command
      return
    }
    guard byte == UInt8(ascii: "\n") else {
      guard line.count < ReplyReader.maximumLine else {
        throw ProtocolFault(text: "a line of more than \(ReplyReader.maximumLine) bytes")
      }
      line.append(byte)
      return
    }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    try finishLine(into: &batch)
  }

  private mutating func finishLine(into batch: inout PushBatch) throws(ProtocolFault) {
    state = .sigil
    switch sigil {
    case UInt8(ascii: "+"): finish(line, .reply, into: &batch)
    case UInt8(ascii: "-"): finish(line, .refusal, into: &batch)
    case UInt8(ascii: "$"), UInt8(ascii: "="): try beginString(into: &batch)
    case UInt8(ascii: "*"), UInt8(ascii: ">"), UInt8(ascii: "~"): try beginAggregate(1, into: &batch)
    case UInt8(ascii: "%"): try beginAggregate(2, into: &batch)
    case UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "#"), UInt8(ascii: "_"), UInt8(ascii: "("):
      finish(line, .reply, into: &batch)
    default: throw ProtocolFault(text: "a value of an unknown type")
    }
  }

  // MARK: - Strings

  private mutating func beginString(into batch: inout PushBatch) throws(ProtocolFault) {
    let length = try number()
    guard length >= 0 else { return finish([], .reply, into: &batch) }
    guard !open.isEmpty || length <= PushParser.longestReply else {
      throw ProtocolFault(text: "a string of \(length) bytes is announced")
    }
    missing = length
    if open.isEmpty { held.removeAll(keepingCapacity: true) }
    line.removeAll(keepingCapacity: true)
    stringStart = held.count
    state = length == 0 ? .stringEnd : .string
  }

  private var stringStart = 0

  /// True where the string is kept: a reply of its own, or one of the first parts of a message.
  private var keepsString: Bool { open.isEmpty || open.count == 1 && parts.count < 3 }

  private mutating func takeString(_ bytes: Span<UInt8>, from index: Int) -> Int {
    let count = min(missing, bytes.count - index)
    if keepsString {
      let room = open.isEmpty ? PushParser.longestReply : PushParser.longestName
      let kept = min(count, max(0, room - (held.count - stringStart)))
      for position in index..<(index + kept) { held.append(bytes[position]) }
    }
    missing -= count
    if missing == 0 { state = .stringEnd }
    return count
  }

  private mutating func finishString(into batch: inout PushBatch) {
    state = .sigil
    guard open.isEmpty else {
      if keepsString { parts.append(stringStart..<held.count) }
      return finishValue(into: &batch)
    }
    // A verbatim string begins with three letters of format and a colon.
    let isVerbatim = sigil == UInt8(ascii: "=") && held.count >= 4
    batch.append(.reply, held[(isVerbatim ? 4 : 0)...])
  }

  // MARK: - Aggregates

  private mutating func beginAggregate(_ width: Int, into batch: inout PushBatch) throws(ProtocolFault) {
    let count = try number()
    guard count > 0 else { return finish([], .reply, into: &batch) }
    guard open.count < ReplyReader.maximumDepth, count <= ReplyReader.maximumElements else {
      throw ProtocolFault(text: "a reply of \(count) values, nested \(open.count) deep")
    }
    if open.isEmpty {
      held.removeAll(keepingCapacity: true)
      parts.removeAll(keepingCapacity: true)
    }
    open.append(count * width)
  }

  /// Ends a value that is no string: one of its own is a reply.
  private mutating func finish(
    _ text: [UInt8], _ kind: PushBatch.Kind, into batch: inout PushBatch
  ) {
    guard open.isEmpty else { return finishValue(into: &batch) }
    batch.append(kind, text)
  }

  private mutating func finishValue(into batch: inout PushBatch) {
    while let last = open.last {
      open[open.count - 1] = last - 1
      guard last == 1 else { return }
      open.removeLast()
    }
    // Confirmations of SUBSCRIBE and whatever else is pushed have other first words.
    guard parts.count == 3, held[parts[0]].elementsEqual("message".utf8),
      let channel = channels.firstIndex(where: { held[parts[1]].elementsEqual($0) })
    else { return }
    batch.append(.message(channel: channel), held[parts[2]])
  }

  private func number() throws(ProtocolFault) -> Int {
    guard line.count <= 12, let value = Int(String(decoding: line, as: UTF8.self)) else {
      throw ProtocolFault(text: "a length that is no number")
    }
    return value
  }
}
