import Keyspace
import RedisClient

/// What a command does with the keys that a walk brings it.
protocol KeyVisitor {
  /// Called before a walk, with the place of the server.
  mutating func beginWalk(at node: String)

  /// Called before the keys of a measured page are visited.
  mutating func beginPage()

  /// Decides about a key when it has been named: whether it is wanted, and what to ask about it.
  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice

  /// Takes a chosen key with what it answered.
  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: MeasureOutcome)

  /// True where the walk should end between two pages.
  var wantsStop: Bool { get }

  /// True where the visitor has dropped keys because the run must end, although the walk may have come to its own
  /// end.
  var isCutShort: Bool { get }

  /// The bound on keys a page, for visitors that ask more about each key than the pace knows of.
  var largestPage: Int { get }

  // MARK: For visitors that have commands of their own to send.

  /// True where the next page must wait until the visitor's own commands are through.
  var wantsQuiet: Bool { get }

  /// Called when all keys of a page have been visited. The replies that come next are those of the visitor's own
  /// commands; what it sends now is answered only after the page that is under way.
  mutating func endPage(on channel: some CommandChannel) throws(ClientError)

  /// Called when nothing but the visitor's own commands is under way, so that it may send and await as it likes.
  mutating func catchUp(on channel: some CommandChannel) throws(ClientError)

  /// Called at the end of a walk, as `catchUp` is: no page follows.
  mutating func endWalk(on channel: some CommandChannel) throws(ClientError)
}

extension KeyVisitor {
  mutating func beginWalk(at node: String) {}
  mutating func beginPage() {}
  var wantsStop: Bool { false }
  var isCutShort: Bool { false }
  var largestPage: Int { .max }
  var wantsQuiet: Bool { false }
  mutating func endPage(on channel: some CommandChannel) throws(ClientError) {}
  mutating func catchUp(on channel: some CommandChannel) throws(ClientError) {}
  mutating func endWalk(on channel: some CommandChannel) throws(ClientError) {}
}

/// What became of a key between its naming and its measuring.
enum MeasureOutcome {
  /// The key answered.
  case measured(KeyMeasure)
  /// The key had gone.
  case vanished
  /// The key did not let itself be measured: the user may not look at it, or it answered with an error.
  case forbidden
}
