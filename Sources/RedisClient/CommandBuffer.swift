/// A flight of commands in wire form: RESP arrays of bulk strings, one after the other.
///
/// Commands are encoded here once and handed to the connection as one run of bytes, so that a flight of a
/// thousand commands costs one copy and not a thousand allocations.
public struct CommandBuffer: Sendable {
  /// The encoded commands.
  public private(set) var bytes: [UInt8] = []
  /// How many commands, and so how many replies, the flight holds.
  public private(set) var count = 0

  /// An empty flight.
  public init() {}

  /// True when no command has been added.
  public var isEmpty: Bool { count == 0 }

  /// Forgets the commands and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Adds a command given as text; arguments are sent as their UTF-8 bytes.
  public mutating func append(_ arguments: String...) {
    append(arguments.map { Array($0.utf8) })
  }

  /// Adds a command given as binary-safe arguments.
  public mutating func append(_ arguments: [[UInt8]]) {
    appendHeader("*", arguments.count)
    for argument in arguments { appendBulk(argument.span) }
    count += 1
  }

  /// Adds a command made of a prepared beginning and one last argument.
  ///
  /// Complexity: O(length of the argument), without allocating once the buffer has grown.
  public mutating func append(_ prefix: CommandPrefix, _ lastArgument: Span<UInt8>) {
    bytes.append(contentsOf: prefix.bytes)
    appendBulk(lastArgument)
    count += 1
  }

  private mutating func appendBulk(_ argument: Span<UInt8>) {
    appendHeader("$", argument.count)
    argument.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    appendLineEnd()
  }

  fileprivate mutating func appendHeader(_ sigil: Unicode.Scalar, _ value: Int) {
    bytes.append(UInt8(ascii: sigil))
    if value < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value))
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
    appendLineEnd()
  }

  private mutating func appendLineEnd() {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }
}

/// The constant beginning of a command that is sent once per key, encoded once.
public struct CommandPrefix: Sendable {
  let bytes: [UInt8]

  /// Prepares a command whose last argument, the key, is still missing.
  public init(_ words: String...) {
    var buffer = CommandBuffer()
    buffer.append(words.map { Array($0.utf8) })
    // The array header must count the argument that follows.
    var header = CommandBuffer()
    header.appendHeader("*", words.count + 1)
    let headerLength = buffer.bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    bytes = header.bytes + buffer.bytes[headerLength...]
  }
}
