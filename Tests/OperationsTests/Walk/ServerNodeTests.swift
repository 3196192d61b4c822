import RedisClient
import Testing

@testable import Operations

struct ServerNodeTests {
  private static func node(_ roundTrip: Duration?) throws -> ServerNode<FakeChannel> {
    let server = FakeServer([])
    let node = ServerNode<FakeChannel>(
      Endpoint(address: .tcp(host: "cache-1", port: 6379)),
      .init(
        open: { database, _ in FakeChannel(server, database: database) }, roundTrip: { _ in roundTrip },
        wallClock: 1.7e9, retryFor: .zero))
    try node.begin()
    return node
  }

  /// With none at all a far server would seem to work for as long as its answers travel, and get them in tiny pieces.
  @Test func whereTheConnectionKnowsNoRoundTripTheClocksIsTaken() throws {
    let node = try Self.node(nil)
    #expect(node.bareRoundTrip == node.clock.roundTrip && node.bareRoundTrip > .zero)
  }

  @Test func theShorterRoundTripIsBelieved() throws {
    #expect(try Self.node(.nanoseconds(1)).bareRoundTrip == .nanoseconds(1))
    let node = try Self.node(.seconds(100))
    #expect(node.bareRoundTrip == node.clock.roundTrip)
  }
}
