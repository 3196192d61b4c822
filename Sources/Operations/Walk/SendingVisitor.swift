import Bytes
import RedisClient

/// A visitor that sends commands of its own between the pages of a walk: it fetches values, or writes.
///
/// Replies come in the order of the commands, so the walk says when the visitor may send and when it must receive.
protocol SendingVisitor: KeyVisitor {
  /// The bound on keys a page, where the visitor asks more about each key than the pace knows of.
  var largestPage: Int { get }

  /// True where the next page must wait until ``catchUp(on:)`` has been called.
  var mustCatchUp: Bool { get }

  /// Called after all keys of a page have been visited. The next replies are those to the visitor's own commands; what it
  /// sends now is answered only after the page that is under way.
  mutating func endPage(on channel: some CommandChannel) throws(ClientError)

  /// Called while only the visitor's own commands are under way, so that it may send and receive as it likes.
  mutating func catchUp(on channel: some CommandChannel) throws(ClientError)

  /// The keys that its commands have found on another node since the last call: the walk will name them again.
  mutating func takeMoved() -> [[UInt8]]

  /// Forgets that a key was chosen: it was not visited, and will be named again.
  mutating func unchoose(_ key: Span<UInt8>)

  /// Called where a connection is lost, and with it the replies to the visitor's own commands.
  mutating func connectionLost()

  /// True where the visitor has dropped keys because the run must end, even if the walk itself is complete.
  var isCutShort: Bool { get }
}

extension SendingVisitor {
  var largestPage: Int { .max }
  mutating func unchoose(_ key: Span<UInt8>) {}
  var isCutShort: Bool { false }
}

/// Lets a visitor that sends nothing take the place of one that does.
///
/// The walk is written once, for visitors that send. The compiler specialises it for this wrapper and removes the empty
/// calls, so a visitor that only reads pays nothing for them.
struct SilentVisitor<Base: KeyVisitor>: SendingVisitor {
  private(set) var base: Base

  init(_ base: Base) { self.base = base }

  func fork() -> Self { Self(base.fork()) }
  mutating func merge(_ other: Self) { base.merge(other.base) }
  mutating func beginWalk(of database: Int, at address: String, clock: ServerClock) {
    base.beginWalk(of: database, at: address, clock: clock)
  }
  mutating func startOver() { base.startOver() }
  var isIrrevocable: Bool { base.isIrrevocable }
  mutating func beginPage() { base.beginPage() }
  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice { base.choose(key) }
  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    base.visit(key, choice, outcome)
  }
  var wantsStop: Bool { base.wantsStop }
  mutating func endWalk(on channel: some CommandChannel) throws(ClientError) { try base.endWalk(on: channel) }
  func save(to writer: inout CheckpointWriter) { base.save(to: &writer) }
  mutating func restore(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    try base.restore(from: &reader)
  }

  var mustCatchUp: Bool { false }
  mutating func endPage(on channel: some CommandChannel) throws(ClientError) {}
  mutating func catchUp(on channel: some CommandChannel) throws(ClientError) {}
  mutating func takeMoved() -> [[UInt8]] { [] }
  mutating func connectionLost() {}
}
