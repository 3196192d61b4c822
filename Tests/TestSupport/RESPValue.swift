/// A reply in RESP2, the protocol of https://redis.io/docs/latest/develop/reference/protocol-spec/.
package enum RESPValue: Sendable, Equatable {
  /// `+text`
  case simple(String)
  /// `-ERR text`, without the minus sign.
  case error(String)
  /// `:number`
  case integer(Int)
  /// `$length` and that many bytes.
  case bulk([UInt8])
  /// `$-1` or `*-1`
  case null
  /// `*count` and that many replies.
  case array([RESPValue])

  /// Simple strings, errors, numbers and bulk strings as text; nil for the rest.
  package var text: String? {
    switch self {
    case .simple(let text), .error(let text): text
    case .integer(let number): String(number)
    case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
    case .null, .array: nil
    }
  }

  /// The bytes of a bulk string; nil for the rest.
  package var bytes: [UInt8]? {
    if case .bulk(let bytes) = self { bytes } else { nil }
  }

  /// The number of an integer reply; nil for the rest.
  package var integer: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The elements of an array; nil for the rest.
  package var elements: [RESPValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text of an error reply; nil for the rest.
  package var errorText: String? {
    if case .error(let text) = self { text } else { nil }
  }

  /// The bytes of this value on the wire, for fake servers.
  package var encoded: [UInt8] {
    switch self {
    case .simple(let text): Array("+\(text)\r\n".utf8)
    case .error(let text): Array("-\(text)\r\n".utf8)
    case .integer(let number): Array(":\(number)\r\n".utf8)
    case .bulk(let bytes): Array("$\(bytes.count)\r\n".utf8) + bytes + [13, 10]
    case .null: Array("$-1\r\n".utf8)
    case .array(let elements): Array("*\(elements.count)\r\n".utf8) + elements.flatMap(\.encoded)
    }
  }

  /// A command on the wire: an array of bulk strings.
  package static func encode(command: [[UInt8]], into buffer: inout [UInt8]) {
    buffer.append(contentsOf: "*\(command.count)\r\n".utf8)
    for argument in command {
      buffer.append(contentsOf: "$\(argument.count)\r\n".utf8)
      buffer.append(contentsOf: argument)
      buffer.append(13)
      buffer.append(10)
    }
  }
}

/// Cuts a stream of bytes into RESP2 values; also reads commands, which are arrays of bulk strings.
package struct RESPReader {
  private var buffer: [UInt8] = []
  private var start = 0

  /// A reader without bytes.
  package init() {}

  /// Takes bytes as they come.
  package mutating func append(_ bytes: [UInt8]) {
    // What has been read is dropped only now, so that reading a value never moves bytes.
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next complete value, or nil when more bytes are needed.
  package mutating func next() throws -> RESPValue? {
    var position = start
    guard let value = try value(at: &position, depth: 0) else { return nil }
    start = position
    return value
  }

  private func value(at position: inout Int, depth: Int) throws -> RESPValue? {
    guard depth < 64 else { throw HarnessFailure("a reply nested deeper than 64") }
    guard let line = line(at: &position) else { return nil }
    let text = String(decoding: line.dropFirst(), as: UTF8.self)
    switch line.first {
    case UInt8(ascii: "+"): return .simple(text)
    case UInt8(ascii: "-"): return .error(text)
    case UInt8(ascii: ":"): return .integer(try number(text))
    case UInt8(ascii: "$"): return try bulk(length: number(text), at: &position)
    case UInt8(ascii: "*"): return try array(count: number(text), at: &position, depth: depth)
    default:
      let start = String(decoding: line, as: UTF8.self)
      throw HarnessFailure("not a RESP2 reply: \(start.debugDescription)")
    }
  }

  private func bulk(length: Int, at position: inout Int) -> RESPValue? {
    if length < 0 { return .null }
    guard buffer.count >= position + length + 2 else { return nil }
    defer { position += length + 2 }
    return .bulk(Array(buffer[position..<position + length]))
  }

  private func array(count: Int, at position: inout Int, depth: Int) throws -> RESPValue? {
    if count < 0 { return .null }
    var elements: [RESPValue] = []
    for _ in 0..<count {
      guard let element = try value(at: &position, depth: depth + 1) else { return nil }
      elements.append(element)
    }
    return .array(elements)
  }

  /// The bytes up to CR LF; moves behind them.
  private func line(at position: inout Int) -> ArraySlice<UInt8>? {
    guard position < buffer.count, let end = buffer[position...].firstIndex(of: 13), end + 1 < buffer.count
    else { return nil }
    defer { position = end + 2 }
    return buffer[position..<end]
  }

  private func number(_ text: String) throws -> Int {
    guard let number = Int(text) else { throw HarnessFailure("not a number in a RESP2 reply: \(text)") }
    return number
  }
}
