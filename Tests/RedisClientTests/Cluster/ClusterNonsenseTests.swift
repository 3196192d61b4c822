import Testing

@testable import RedisClient

/// Replies that no cluster gives: each is refused, and the error says why.
@Suite struct ClusterNonsenseTests {
  typealias Replies = ClusterReplies

  static let nonsense: [(shape: ReplyShape, fault: String)] = [
    (.null, "an array of shards, the server sent null"),
    (.map([]), "an array of shards, the server sent map of 0"),
    (.array([.integer(1)]), "a shard, the server sent integer"),
    (.array([.array([.string("slots")])]), "a shard, the server sent array of 1"),
    (.array([.array([.integer(1), .integer(2)])]), "a string, the server sent integer"),
    (.array([.array([])]), "slots and nodes of a shard, the server sent a shard without"),
    (.array([Replies.shard([0], [])]), "pairs of slots, the server sent array of 1"),
    (
      .array([Replies.shard([0, 16384], [])]), "a range of slots from 0 to 16383, the server sent 0 to 16384"
    ),
    (.array([Replies.shard([-1, 5], [])]), "a range of slots from 0 to 16383, the server sent -1 to 5"),
    (.array([Replies.shard([6, 5], [])]), "a range of slots from 0 to 16383, the server sent 6 to 5"),
    (.array([Replies.shard([0, 5, 5, 6], [])]), "one owner for each slot, the server sent two for slot 5"),
    (
      .array([Replies.shard([0, 5], []), Replies.shard([9, 9, 3, 4], [])]),
      "one owner for each slot, the server sent two for slot 3"
    ),
    (.array([Replies.shard([0, 1], [.integer(1)])]), "a node, the server sent integer"),
    (
      .array([Replies.shard([0, 1], [Replies.node("h", port: 0)])]),
      "a port from 1 to 65535, the server sent 0"
    ),
    (
      .array([Replies.shard([0, 1], [Replies.node("h", port: 65536)])]),
      "a port from 1 to 65535, the server sent 65536"
    ),
    (
      .array([Replies.shard([0, 1], [Replies.node("h", port: nil)])]),
      "the port of a node, the server sent none"
    ),
    (
      .array([Replies.shard([0, 1], [Replies.node("a b")])]),
      "the host of a node, the server sent a text that is none"
    ),
    (
      .array([Replies.shard([0, 1], [Replies.node("h", endpoint: .integer(1))])]),
      "a string, the server sent integer"
    ),
    (
      .array([Replies.shard([0, 1], [Replies.node("h", role: "observer")])]),
      "the role of a node, master or replica, the server sent another or none"
    ),
    (
      .array(Array(repeating: .integer(0), count: 16385)),
      "an array of shards, the server sent array of 16385"
    ),
  ]

  @Test(arguments: nonsense.indices) func nonsenseShards(index: Int) throws {
    let (shape, fault) = Self.nonsense[index]
    let reply = try Replies.reply(shape)
    let error = #expect(throws: DecodeError.self) {
      try ClusterTopology(shards: reply, seed: ClusterTopologyTests.seed)
    }
    #expect(error?.description == "expected " + fault)
  }

  static let nonsenseEntries: [(shape: ReplyShape, fault: String)] = [
    (.string("x"), "an array of slot ranges, the server sent string"),
    (.array([.null]), "a slot range, the server sent null"),
    (.array([.array([.integer(1)])]), "a slot range, the server sent an array of 1"),
    (.array([.array([.string("a"), .string("b")])]), "an integer, the server sent string"),
    (.array([Replies.slots(0, 16384)]), "a range of slots from 0 to 16383, the server sent 0 to 16384"),
    (.array([Replies.slots(0, .max)]), "a range of slots from 0 to 16383, the server sent 0 to \(Int64.max)"),
    (
      .array([Replies.slots(0, 9), Replies.slots(9, 9)]),
      "one owner for each slot, the server sent two for slot 9"
    ),
    (
      .array([Replies.slots(0, 9), Replies.slots(5, 9, Replies.entry(.string("h")))]),
      "one owner for each slot, the server sent two for slot 5"
    ),
    (.array([Replies.slots(0, 1, .array([.string("h")]))]), "a node, the server sent array of 1"),
    (.array([Replies.slots(0, 1, .map([.string("h"), .integer(1)]))]), "a node, the server sent map of 2"),
    (
      .array([Replies.slots(0, 1, Replies.entry(.string("h"), 0))]),
      "a port from 1 to 65535, the server sent 0"
    ),
    (.array([Replies.slots(0, 1, Replies.entry(.array([])))]), "a string, the server sent array of 0"),
  ]

  @Test(arguments: nonsenseEntries.indices) func nonsenseSlots(index: Int) throws {
    let (shape, fault) = Self.nonsenseEntries[index]
    let reply = try Replies.reply(shape)
    let error = #expect(throws: DecodeError.self) {
      try ClusterTopology(slots: reply, seed: ClusterTopologyTests.seed)
    }
    #expect(error?.description == "expected " + fault)
  }
}
