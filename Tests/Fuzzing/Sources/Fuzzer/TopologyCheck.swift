import TestSupport

@testable import RedisClient

/// What nodes tell of their cluster: topologies in which each slot has one owner at most, and redirections, all of
/// which lead to places that can be connected to.
enum TopologyCheck {
  /// Who was asked.
  private static let seeds = [
    Endpoint(address: .tcp(host: "seed.example", port: 7000)),
    Endpoint(
      address: .tcp(host: "::1", port: 7000), credentials: Credentials(password: "secret"), tls: TLSOptions()),
    Endpoint(address: .unix(path: "/run/redis.sock")),
  ]

  /// Checks an input: an error line, a reply in RESP, or a sketch of one. Good where something was read from it.
  static func check(_ input: [UInt8]) throws(Broken) -> Verdict {
    if input.starts(with: "MOVED ".utf8) || input.starts(with: "ASK ".utf8) {
      return try checkRedirection(String(decoding: input, as: UTF8.self)) ? .good : .bad
    }
    let isRESP = input.first == UInt8(ascii: "*") || input.first == UInt8(ascii: "%")
    guard let buffer = buffer(isRESP ? input : ReplySketch.resp(input)) else {
      try Broken.unless(isRESP, "sketches are replies")
      return .bad
    }
    var isTopology = false
    for seed in seeds {
      let shards = try? ClusterTopology(shards: buffer[0], seed: seed)
      let slots = try? ClusterTopology(slots: buffer[0], seed: seed)
      for topology in [shards, slots].compactMap(\.self) {
        isTopology = true
        try check(topology, seed)
      }
    }
    return isTopology ? .good : .bad
  }

  private static func buffer(_ bytes: [UInt8]) -> ReplyBuffer? {
    let buffer = ReplyBuffer()
    guard let reader = ReplyReader(maximumReplyBytes: 1 << 20), reader.feed(bytes),
      (try? reader.parse(upTo: 1, into: buffer)) == 1
    else { return nil }
    return buffer
  }

  private static func checkRedirection(_ line: String) throws(Broken) -> Bool {
    var isRead = false
    for seed in seeds {
      guard let redirection = Redirection(ServerError(line: line), askedAt: seed) else { continue }
      isRead = true
      let isMoved = redirection.kind == .moved
      try Broken.unless(isMoved == line.hasPrefix("MOVED"), "MOVED and ASK are told apart")
      try checkPlace(Endpoint(address: redirection.address))
    }
    return isRead
  }

  private static func check(_ topology: ClusterTopology, _ seed: Endpoint) throws(Broken) {
    var owners = [Int?](repeating: nil, count: HashSlot.count)
    for (index, shard) in topology.shards.enumerated() {
      try Broken.unless(!shard.slots.isEmpty, "a shard has slots")
      for range in shard.slots.ranges {
        for slot in Int(range.lowerBound.rawValue)...Int(range.upperBound.rawValue) {
          try Broken.unless(owners[slot] == nil, "slot \(slot) has one owner")
          owners[slot] = index
        }
      }
      for node in shard.replicas + [shard.primary].compactMap(\.self) {
        try checkPlace(topology.endpoint(of: node, like: seed))
      }
    }
    let uncovered = topology.uncovered
    try Broken.unless(owners.count { $0 == nil } == uncovered.count, "what nobody owns is uncovered")
    for (number, owner) in owners.enumerated() {
      guard let slot = HashSlot(exactly: number) else { throw Broken(promise: "\(number) is a slot") }
      try Broken.unless(topology.ownerIndex(of: slot) == owner, "the owner of \(slot) is found")
      try Broken.unless(uncovered.contains(slot) == (owner == nil), "\(slot) is covered by its owner")
    }
  }

  /// A node's place is shown as a URI, which must lead there.
  private static func checkPlace(_ endpoint: Endpoint) throws(Broken) {
    guard case .tcp(_, let port) = endpoint.address, port > 0 else {
      throw Broken(promise: "a node is at a host and a port")
    }
    let again = try? EndpointURI.parse(endpoint.description).first.address
    try Broken.unless(again == endpoint.address, "\(endpoint) leads to the node")
  }
}
