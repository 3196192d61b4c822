import TestSupport
import Testing

@testable import RedisClient

/// Replies that are nearly right: whatever comes, the reading ends with a topology that holds together or an error.
@Suite struct ClusterFuzzTests {
  typealias Replies = ClusterReplies

  static func shards(resp: Int) -> ReplyShape {
    .array([
      Replies.shard(
        [0, 5460, 5462, 5462],
        [
          Replies.node("10.0.0.1", tlsPort: 8000, id: "a1", hostname: "n1.example", resp: resp),
          Replies.node("::1", port: 7003, id: "b1", role: "replica", resp: resp),
        ], resp: resp),
      Replies.shard(
        [5461, 5461, 5463, 16383],
        [Replies.node("", id: "a2", endpoint: .null, role: "master", health: "fail", resp: resp)], resp: resp),
    ])
  }

  static func slots(resp: Int) -> ReplyShape {
    let named: [(String, ReplyShape)] = [("hostname", .string("n1.example")), ("ip", .string("10.0.0.1"))]
    return .array([
      Replies.slots(
        0, 5460, Replies.entry(.string("?"), id: "a1", details: named, resp: resp),
        Replies.entry(.string("::1"), 7003, id: "b1", resp: resp)),
      Replies.slots(5461, 5461, Replies.entry(.null, id: "a2", resp: resp)),
      Replies.slots(5462, 16383, Replies.entry(.string(""), 7002, id: nil, details: nil)),
    ])
  }

  @Test(arguments: [2, 3]) func mutatedValues(resp: Int) throws {
    var random = SeededGenerator(seed: UInt64(resp))
    var read = 0
    for round in 0..<1500 {
      var shape = round.isMultiple(of: 2) ? Self.shards(resp: resp) : Self.slots(resp: resp)
      for _ in 0..<Int.random(in: 1...3, using: &random) { shape = Self.mutated(shape, &random) }
      let reply = try Replies.reply(shape)
      if try Self.readBoth(reply) { read += 1 }
    }
    // The mutations are mild enough to reach all of the code.
    #expect(read > 100 && read < 1400)
  }

  @Test(arguments: [2, 3]) func mutatedBytes(resp: Int) throws {
    var random = SeededGenerator(seed: UInt64(resp) + 100)
    var complete = 0
    for round in 0..<1500 {
      let shape = round.isMultiple(of: 2) ? Self.shards(resp: resp) : Self.slots(resp: resp)
      var bytes = Array(shape.wire.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        bytes[position] = random.pick(
          0x2A, 0x24, 0x25, 0x3A, 0x2D, 0x30 + UInt8(round % 10), UInt8.random(in: 0...255, using: &random))
      }
      let reader = try ReplyReaderTests.reader()
      let buffer = ReplyBuffer()
      guard reader.feed(bytes), (try? reader.parse(upTo: 1, into: buffer)) == 1 else { continue }
      complete += 1
      _ = try Self.readBoth(buffer[0])
    }
    #expect(complete > 100)
  }

  /// Reads a reply as either command's; gives whether one of them went well.
  private static func readBoth(_ reply: Reply) throws -> Bool {
    let seed = ClusterTopologyTests.seed
    let found = [
      try? ClusterTopology(shards: reply, seed: seed), try? ClusterTopology(slots: reply, seed: seed),
    ].compactMap(\.self)
    for topology in found { try expectSound(topology) }
    return !found.isEmpty
  }

  private static func expectSound(_ topology: ClusterTopology) throws {
    var covered = SlotSet()
    for (index, shard) in topology.shards.enumerated() {
      let first = try #require(shard.slots.first)
      #expect(topology.ownerIndex(of: first) == index)
      #expect(covered.intersection(shard.slots).isEmpty)
      covered = covered.union(shard.slots)
      for node in shard.replicas + [shard.primary].compactMap(\.self) {
        guard case .tcp(let host, let port) = node.address else {
          Issue.record("a node on a socket")
          continue
        }
        #expect(port > 0 && EndpointHost.isUsable(host) && (node.hostName.map(EndpointHost.isName) ?? true))
      }
    }
    #expect(topology.uncovered == SlotSet.all.subtracting(covered))
  }

  /// A copy with one part replaced, dropped, doubled or exchanged.
  private static func mutated(_ shape: ReplyShape, _ random: inout SeededGenerator) -> ReplyShape {
    switch shape {
    case .array(let parts) where random.chance(0.9): .array(mutated(parts, step: 1, &random))
    case .map(let parts) where random.chance(0.9): .map(mutated(parts, step: 2, &random))
    default: scalar(&random)
    }
  }

  /// Maps keep their even number of parts.
  private static func mutated(_ parts: [ReplyShape], step: Int, _ random: inout SeededGenerator)
    -> [ReplyShape]
  {
    guard !parts.isEmpty else { return step == 1 ? [scalar(&random)] : [] }
    var parts = parts
    let position = Int.random(in: 0..<parts.count / step, using: &random) * step
    let one = position..<position + step
    switch Int.random(in: 0...9, using: &random) {
    case 0: parts.removeSubrange(one)
    case 1: parts.insert(contentsOf: parts[one], at: position)
    case 2: parts.swapAt(position, Int.random(in: 0..<parts.count, using: &random))
    case 3: parts[position + step - 1] = scalar(&random)
    default:
      let value = Int.random(in: one, using: &random)
      parts[value] = mutated(parts[value], &random)
    }
    return parts
  }

  private static func scalar(_ random: inout SeededGenerator) -> ReplyShape {
    random.pick(
      .null, .integer(0), .integer(16383), .integer(16384), .integer(-1), .integer(.max), .integer(.min),
      .integer(Int64.random(in: 0...16383, using: &random)), .string(""), .string("?"), .string("5461"),
      .string("\u{0}\u{1B}é"), .string(String(repeating: "9", count: 30)), .status("master"), .error("ERR x"),
      .boolean(true), .double(1.5), .array([]), .map([]), .string("replica"), .string("10.0.0.7"))
  }
}
