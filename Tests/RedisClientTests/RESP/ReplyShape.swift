@testable import RedisClient

/// A reply as a value, so that tests can compare whole replies.
indirect enum ReplyShape: Equatable, Sendable {
  case string(String), status(String), error(String)
  case integer(Int64), double(Double), boolean(Bool), null
  case array([ReplyShape]), map([ReplyShape])

  init(_ reply: Reply) {
    let text = reply.textRange.map { String(decoding: reply.buffer.bytes[$0], as: UTF8.self) } ?? ""
    self =
      switch reply.kind {
      case .string: .string(text)
      case .status: .status(text)
      case .error: .error(text)
      case .integer: .integer(reply.integer ?? .min)
      case .double: .double(reply.double ?? .nan)
      case .boolean: .boolean(reply.boolean ?? false)
      case .null: .null
      case .array: .array(reply.children.map(ReplyShape.init))
      case .map: .map(reply.children.map(ReplyShape.init))
      }
  }

  static func all(in buffer: ReplyBuffer) -> [ReplyShape] {
    (0..<buffer.count).map { ReplyShape(buffer[$0]) }
  }
}

/// Every type of reply of both protocol versions, with what it is read as.
enum ReplySamples {
  static let all: [(wire: String, shape: ReplyShape)] = [
    ("+OK\r\n", .status("OK")),
    ("+\r\n", .status("")),
    ("-ERR no such thing\r\n", .error("ERR no such thing")),
    (":0\r\n", .integer(0)),
    (":-9223372036854775808\r\n", .integer(.min)),
    (":9223372036854775807\r\n", .integer(.max)),
    ("$0\r\n\r\n", .string("")),
    ("$5\r\na\r\nb\0\r\n", .string("a\r\nb\0")),
    ("$-1\r\n", .null),
    ("*-1\r\n", .null),
    ("*0\r\n", .array([])),
    ("*3\r\n$1\r\na\r\n:7\r\n$-1\r\n", .array([.string("a"), .integer(7), .null])),
    (
      "*2\r\n$2\r\n17\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n",
      .array([.string("17"), .array([.string("a"), .string("b")])])
    ),
    ("*2\r\n*0\r\n*1\r\n*1\r\n-ERR x\r\n", .array([.array([]), .array([.array([.error("ERR x")])])])),
    ("_\r\n", .null),
    ("#t\r\n", .boolean(true)),
    ("#f\r\n", .boolean(false)),
    (",3.25\r\n", .double(3.25)),
    (",-1e3\r\n", .double(-1000)),
    (",inf\r\n", .double(.infinity)),
    (
      "(3492890328409238509324850943850943825024385\r\n",
      .string("3492890328409238509324850943850943825024385")
    ),
    ("=8\r\ntxt:some\r\n", .string("some")),
    ("~2\r\n+a\r\n:1\r\n", .array([.status("a"), .integer(1)])),
    (
      "%2\r\n$1\r\nk\r\n*1\r\n:1\r\n+two\r\n%1\r\n#t\r\n_\r\n",
      .map([.string("k"), .array([.integer(1)]), .status("two"), .map([.boolean(true), .null])])
    ),
    ("%0\r\n", .map([])),
  ]

  /// Messages that answer nothing.
  static let pushes = [
    ">2\r\n$10\r\ninvalidate\r\n*1\r\n$3\r\nkey\r\n", ">3\r\n+message\r\n+channel\r\n=7\r\ntxt:abc\r\n",
    ">1\r\n%1\r\n+a\r\n*-1\r\n", ">0\r\n",
  ]

  /// All samples end to end, with pushes between and behind them.
  static var stream: [UInt8] {
    var text = ""
    for (index, sample) in all.enumerated() {
      if index.isMultiple(of: 3) { text += pushes[index / 3 % pushes.count] }
      text += sample.wire
    }
    return Array((text + pushes.joined()).utf8)
  }
}
