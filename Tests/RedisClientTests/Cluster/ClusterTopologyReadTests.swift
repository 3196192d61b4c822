import Testing

@testable import RedisClient

/// A node that answers CLUSTER SHARDS and CLUSTER SLOTS as told.
private final class FakeNode: CommandChannel {
  let endpoint = ClusterTopologyTests.seed
  var asked: [String] = []
  private let answers: [String: ReplyShape]

  init(shards: ReplyShape, slots: ReplyShape = .error("ERR not to be asked")) {
    answers = ["SHARDS": shards, "SLOTS": slots]
  }

  func send(_ commands: CommandBuffer) throws(ClientError) {
    let words = String(decoding: commands.bytes, as: UTF8.self).split(separator: "\r\n")
    #expect(commands.count == 1 && words[2] == "CLUSTER")
    asked.append(String(words[4]))
  }

  func receive(_ count: Int, into replies: ReplyBuffer) throws(ClientError) {
    guard let reader = ReplyReader(maximumReplyBytes: 1 << 20), let shape = answers[asked.last ?? ""],
      reader.feed(Array(shape.wire.utf8)), (try? reader.parse(upTo: count, into: replies)) == count
    else { throw ClientError(.closed, "no answer") }
  }

  func pause(_ duration: Duration) {}
}

@Suite struct ClusterTopologyReadTests {
  typealias Replies = ClusterReplies

  static let shards = ReplyShape.array([Replies.shard([0, 16383], [Replies.node("10.0.0.1")])])
  static let slots = ReplyShape.array([Replies.slots(0, 16383, Replies.entry(.string("10.0.0.1")))])

  @Test func shardsAreEnough() throws {
    let node = FakeNode(shards: Self.shards)
    let topology = try ClusterTopology.read(from: node)
    #expect(topology.shards.count == 1 && topology.uncovered.isEmpty)
    #expect(node.asked == ["SHARDS"])
  }

  @Test(arguments: [
    "ERR unknown subcommand 'SHARDS'. Try CLUSTER HELP.",
    "ERR Unknown subcommand or wrong number of arguments for 'SHARDS'. Try CLUSTER HELP.",
    "ERR Wrong CLUSTER subcommand or number of arguments",
    "NOPERM this user has no permissions to run the 'cluster|shards' command",
    "ERR This command is not supported in this edition",
  ])
  func slotsTakeTheirPlace(line: String) throws {
    let node = FakeNode(shards: .error(line), slots: Self.slots)
    #expect(try ClusterTopology.read(from: node) == ClusterTopology.read(from: FakeNode(shards: Self.shards)))
    #expect(node.asked == ["SHARDS", "SLOTS"])
  }

  static let unknown = "ERR unknown command 'CLUSTER', with args beginning with: 'SHARDS' "
  static let forbidden = "NOPERM this user has no permissions to run the 'cluster' command"

  static let failures:
    [(shards: ReplyShape, slots: ReplyShape, kind: ClientError.Kind, says: String, hint: String?)] = [
      (
        .error(unknown), .error(unknown), .server, "neither CLUSTER SHARDS nor CLUSTER SLOTS", "thisNodeAlone"
      ),
      (.error(forbidden), .error(forbidden), .permission, "CLUSTER SLOTS", "+cluster|slots"),
      (.error(forbidden), .error(unknown), .permission, "CLUSTER SHARDS", "+cluster|shards"),
      (.error(unknown), .error(forbidden), .permission, "CLUSTER SLOTS", "+cluster|slots"),
      (
        .error("ERR This instance has cluster support disabled"), .null, .server, "cluster support disabled",
        nil
      ),
      (.error("LOADING Redis is loading"), .null, .transient, "LOADING", "retry"),
      (.error("NOAUTH Authentication required."), .null, .permission, "password", "givePassword"),
      (.error(unknown), .error("LOADING Redis is loading"), .transient, "LOADING", "retry"),
      (.integer(1), .null, .protocolViolation, "CLUSTER SHARDS: expected an array of shards", "proxy"),
      (
        .error(unknown), .integer(1), .protocolViolation, "CLUSTER SLOTS: expected an array of slot ranges",
        "proxy"
      ),
    ]

  @Test(arguments: failures.indices) func failure(index: Int) throws {
    let expected = Self.failures[index]
    let node = FakeNode(shards: expected.shards, slots: expected.slots)
    let error = try RedisClientTests.failure { _ = try ClusterTopology.read(from: node) }
    #expect(error.kind == expected.kind)
    #expect(error.message.contains(expected.says), "\(error.message)")
    #expect(expected.hint.map("\(error.hints)".contains) ?? error.hints.isEmpty, "\(error.hints)")
  }
}
