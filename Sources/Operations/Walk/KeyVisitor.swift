import Bytes
import Keyspace
import RedisClient

/// What a command does with the keys that walks bring it.
///
/// Each node of a cluster is walked with a visitor of its own; what they have brought is merged at the end.
protocol KeyVisitor: SendableMetatype {
  /// A visitor for another node: one that has seen nothing.
  func fork() -> Self

  /// Adds what the visitor of another node has brought.
  mutating func merge(_ other: Self)

  /// Called before a walk.
  mutating func beginWalk(at node: WalkPlace)

  /// Called where a walk begins anew because the server's process is another one: what came of it so far does not
  /// count.
  mutating func startOver()

  /// True where what has been brought is out of the visitor's hands, so that it cannot start over: keys that have been
  /// visited do not come again then.
  var isIrrevocable: Bool { get }

  /// Called where a connection is lost, and with it the replies to the visitor's own commands.
  mutating func connectionLost()

  /// Called before the keys of a measured page are visited.
  mutating func beginPage()

  /// Decides about a key when it has been named: whether it is wanted, and what to ask about it.
  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice

  /// Takes back a choice: the key was not visited, and will be named again.
  mutating func takeBack(_ key: Span<UInt8>)

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

  /// The keys that the visitor's own commands have found on another node since the last call: they will come again.
  mutating func takeMoved() -> [[UInt8]]

  /// Called when nothing but the visitor's own commands is under way, so that it may send and await as it likes.
  mutating func catchUp(on channel: some CommandChannel) throws(ClientError)

  /// Called at the end of a walk, as `catchUp` is: no page follows.
  mutating func endWalk(on channel: some CommandChannel) throws(ClientError)

  // MARK: For visitors whose walk another run may go on with.

  /// Adds what has been brought to what is saved; no key is under way then.
  func save(to writer: inout CheckpointWriter)

  /// Called before anything has been brought: takes over what an earlier run has saved.
  mutating func restore(from reader: inout CheckpointReader) throws(CheckpointDamage)
}

extension KeyVisitor {
  mutating func beginWalk(at node: WalkPlace) {}
  var isIrrevocable: Bool { false }
  mutating func connectionLost() {}
  mutating func takeBack(_ key: Span<UInt8>) {}
  mutating func takeMoved() -> [[UInt8]] { [] }
  mutating func beginPage() {}
  var wantsStop: Bool { false }
  var isCutShort: Bool { false }
  var largestPage: Int { .max }
  var wantsQuiet: Bool { false }
  mutating func endPage(on channel: some CommandChannel) throws(ClientError) {}
  mutating func catchUp(on channel: some CommandChannel) throws(ClientError) {}
  mutating func endWalk(on channel: some CommandChannel) throws(ClientError) {}
  func save(to writer: inout CheckpointWriter) {}
  mutating func restore(from reader: inout CheckpointReader) throws(CheckpointDamage) {}
}

/// What became of a key between its naming and its measuring.
enum MeasureOutcome {
  /// The key answered.
  case measured(KeyMeasure)
  /// The key had gone.
  case vanished
  /// The key was on its way to another node, or there already, where it will be met again.
  case moved
  /// The key did not let itself be measured: the user may not look at it, or it answered with an error.
  case forbidden
}

extension MeasureOutcome {
  var hasMoved: Bool { if case .moved = self { true } else { false } }
}

/// Which server a walk is on.
struct WalkPlace {
  /// The place, as reports name it.
  let address: String
  /// Its clock.
  let clock: ServerClock
}
