import TestSupport

@testable import RedisClient

/// The reply reader on bytes of a peer: the same replies and the same end however the bytes are split, and no more
/// memory than the bytes are worth.
enum ReplyCheck {
  /// Above the length of any input, so that only announcements exceed it.
  private static let maximum = 1 << 16
  /// Exceeded by whole strings and arrays.
  private static let smallMaximum = 256

  /// What was read of an input.
  struct Outcome: Equatable {
    /// Every reply, type by type, byte by byte.
    var replies: [UInt8] = []
    var count = 0
    var isFault = false
    /// More has come than complete replies; pushes do not count.
    var hasRemainder = false
  }

  /// Checks an input; good where nothing but complete replies came.
  static func check(_ input: [UInt8]) throws(Broken) -> Verdict {
    let whole = try outcome(of: input, maximum: maximum, pieces: nil)
    let split = try outcome(of: input, maximum: maximum, pieces: Pieces(of: input))
    try Broken.unless(whole == split, "what is read does not depend on the pieces: \(whole), \(split)")
    let small = try outcome(of: input, maximum: smallMaximum, pieces: Pieces(of: input))
    try Broken.unless(
      whole.replies.starts(with: small.replies), "a smaller limit ends the replies earlier and changes none")
    return whole.isFault ? .bad : whole.hasRemainder ? .more : .good
  }

  private static func outcome(
    of input: [UInt8], maximum: Int, pieces: Pieces?
  ) throws(Broken) -> Outcome {
    guard let reader = ReplyReader(maximumReplyBytes: maximum) else { throw Broken(promise: "memory") }
    let buffer = ReplyBuffer()
    var outcome = Outcome()
    do throws(ProtocolFault) {
      try feed(input, pieces, to: reader, buffer)
    } catch {
      outcome.isFault = true
      try Broken.unless(!error.text.isEmpty, "a fault says what is wrong")
    }
    try expectModest(buffer, input)
    outcome.count = buffer.count
    for position in 0..<buffer.count {
      if pieces == nil { try ReplyWalk.check(buffer[position]) }
      ReplyWalk.append(buffer[position], to: &outcome.replies)
    }
    guard !outcome.isFault else { return outcome }
    do throws(ProtocolFault) { try reader.expectNoReply() } catch { outcome.hasRemainder = true }
    return outcome
  }

  private static func feed(
    _ input: [UInt8], _ pieces: Pieces?, to reader: ReplyReader, _ buffer: ReplyBuffer
  ) throws(ProtocolFault) {
    var pieces = pieces
    var rest = input[...]
    repeat {
      let length = pieces?.nextLength() ?? rest.count
      guard reader.feed(Array(rest.prefix(length))) else { throw ProtocolFault(text: "no memory") }
      rest = rest.dropFirst(length)
      let limit = pieces?.nextLimit() ?? .max
      while try reader.parse(upTo: limit, into: buffer) == limit {}
    } while !rest.isEmpty
  }

  /// The shortest value is `_`, carriage return, line feed.
  private static func expectModest(_ buffer: ReplyBuffer, _ input: [UInt8]) throws(Broken) {
    try Broken.unless(buffer.nodes.count * 3 <= input.count, "a node takes three bytes of the input or more")
    try Broken.unless(buffer.bytes.count <= input.count, "no byte of the input is kept twice")
    // Arrays grow by doubling.
    let isGrown = buffer.nodes.capacity <= 4 * buffer.nodes.count + 64
    try Broken.unless(
      isGrown && buffer.bytes.capacity <= 4 * input.count + 256, "nothing is reserved for claims")
  }
}

/// How an input comes in pieces: drawn from the input itself, so that a finding can be met again.
struct Pieces {
  private var random: SeededGenerator
  /// Whether each byte comes by itself.
  private let isDripping: Bool

  init(of input: [UInt8]) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a, for it takes a line
    for byte in input { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    random = SeededGenerator(seed: hash)
    isDripping = random.next() % 8 == 0
  }

  mutating func nextLength() -> Int { isDripping ? 1 : Int(random.next() % 24) + 1 }

  mutating func nextLimit() -> Int { Int(random.next() % 3) + 1 }
}
