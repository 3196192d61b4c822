import Bytes
import TestSupport

@testable import RedisClient

/// Every way to look at a reply.
enum ReplyWalk {
  /// Appends a reply with all that is in it.
  static func append(_ reply: Reply, to bytes: inout [UInt8]) {
    bytes.append(reply.kind.rawValue)
    if let range = reply.textRange {
      append(Int64(range.count), to: &bytes)
      bytes += reply.buffer.bytes[range]
    }
    if let integer = reply.integer { append(integer, to: &bytes) }
    if let double = reply.double { append(Int64(bitPattern: double.bitPattern), to: &bytes) }
    if let boolean = reply.boolean { bytes.append(boolean ? 1 : 0) }
    guard reply.kind == .array || reply.kind == .map else { return }
    append(Int64(reply.childCount), to: &bytes)
    for child in reply.children { append(child, to: &bytes) }
  }

  private static func append(_ number: Int64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Reads a reply as everything that it may be decoded as.
  static func check(_ reply: Reply) throws(Broken) {
    let text = try? reply.decode(String.self)
    try Broken.unless(
      (text != nil) == (reply.kind == .string || reply.kind == .status), "strings are read as strings")
    try Broken.unless(!reply.summary.isEmpty, "every reply has a summary")
    try expectHarmless(reply.error?.shownMessage ?? reply.summary)
    if case .success(let value) = Result(catching: { try reply.decode(ReplyBytes?.self) }) {
      try Broken.unless((value == nil) == reply.isNull, "null alone is read as nothing")
    }
    _ = try? reply.decode(Int64.self)
    _ = try? reply.decode(Double.self)
    _ = try? reply.decode(Bool.self)
    _ = try? reply.decode(ReplyFields.self)
    _ = try? reply.decode([Int64?].self)
    try checkRanges(reply)
    for child in reply.children { try check(child) }
  }

  /// A page of keys is read by the ranges of its strings, without a value for each.
  private static func checkRanges(_ reply: Reply) throws(Broken) {
    var ranges = [0..<0]
    let isPage = reply.appendTextRanges(to: &ranges)
    let keys = try? reply.decode([ReplyBytes].self)
    try Broken.unless(isPage == (keys != nil && reply.kind == .array), "arrays of strings are pages of keys")
    let found = ranges.dropFirst().map { Array(reply.buffer.bytes[$0]) }
    try Broken.unless(found == (isPage ? keys?.map(\.bytes) : []), "a page's ranges hold its keys")
  }

  /// What the server says goes to a terminal.
  private static func expectHarmless(_ shown: String) throws(Broken) {
    let isHarmless = shown.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    try Broken.unless(isHarmless, "what is shown holds no control characters")
  }
}
