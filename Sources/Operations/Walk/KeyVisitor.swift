import Bytes
import Keyspace
import RedisClient

/// What a command does with the keys of a walk.
///
/// Each node of a cluster has a visitor of its own; ``merge(_:)`` adds them up at the end. A visitor that sends commands
/// between pages is a ``SendingVisitor``.
protocol KeyVisitor: SendableMetatype {
  /// A visitor for another node: one that has seen nothing.
  func fork() -> Self

  /// Adds what the visitor of another node has counted.
  mutating func merge(_ other: Self)

  /// Called before the walk of a database: its number, the node's address as reports name it, and the node's clock.
  mutating func beginWalk(of database: Int, at address: String, clock: ServerClock)

  /// Called where a walk starts over because another process of the server answers: forgets all that was visited.
  mutating func startOver()

  /// True where visited keys leave the visitor at once, so that it cannot start over: it gets each key once only.
  var isIrrevocable: Bool { get }

  /// Called before the keys of a measured page are visited.
  mutating func beginPage()

  /// Decides by a key's name whether the key is wanted, and what to ask about it.
  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice

  /// Takes a chosen key with its answers.
  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome)

  /// True where the walk should end between two pages.
  var wantsStop: Bool { get }

  /// Called after the last page of a walk, when no reply is under way: may ask for more.
  mutating func endWalk(on channel: some CommandChannel) throws(ClientError)

  /// Writes what was visited to a checkpoint; no key is under way then.
  func save(to writer: inout CheckpointWriter)

  /// Reads what an earlier run has saved; called before any key is visited.
  mutating func restore(from reader: inout CheckpointReader) throws(CheckpointDamage)
}

extension KeyVisitor {
  mutating func beginWalk(of database: Int, at address: String, clock: ServerClock) {}
  var isIrrevocable: Bool { false }
  mutating func beginPage() {}
  var wantsStop: Bool { false }
  mutating func endWalk(on channel: some CommandChannel) throws(ClientError) {}
  func save(to writer: inout CheckpointWriter) {}
  mutating func restore(from reader: inout CheckpointReader) throws(CheckpointDamage) {}
}
