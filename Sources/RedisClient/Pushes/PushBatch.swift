/// What has come over a connection on which a server sends by itself: names of keys, and never a value.
///
/// The names lie end to end in one array, so that tens of thousands of events a second allocate nothing once it has grown.
package struct PushBatch: Sendable {
  /// What an item says of its name.
  package enum Kind: Sendable, Equatable {
    /// A message on a channel, given by its place among those that were subscribed to; the name is the message.
    case message(channel: Int)
    /// A key of a command that MONITOR showed.
    case key(KeyUse, database: Int)
    /// A reply, in full.
    case reply
    /// An error reply.
    case refusal
  }

  /// One event, key or reply.
  package struct Item: Sendable {
    /// What it is.
    package let kind: Kind
    /// Where its name lies in `bytes`.
    package let name: Range<Int>
    /// When the command of a key ran, by the server's clock in microseconds since 1970; 0 for everything else.
    package let microseconds: Int
  }

  /// The items in the order in which they came.
  package private(set) var items: [Item] = []
  /// The bytes of all names, end to end.
  package private(set) var bytes: [UInt8] = []
  /// Commands that MONITOR showed.
  package private(set) var commands = 0

  /// An empty batch.
  package init() {}

  /// Forgets the items and keeps the memory.
  package mutating func removeAll() {
    items.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: bytes.capacity < 4 << 20)
    commands = 0
  }

  /// The name of an item as text.
  package func text(of item: Item) -> String { String(decoding: bytes[item.name], as: UTF8.self) }

  mutating func append(_ kind: Kind, _ name: some Collection<UInt8>, at microseconds: Int = 0) {
    let start = bytes.count
    bytes.append(contentsOf: name)
    items.append(Item(kind: kind, name: start..<bytes.count, microseconds: microseconds))
  }

  mutating func countCommand() { commands += 1 }
}
