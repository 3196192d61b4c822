import Bytes

/// A batch of commands in wire form: RESP arrays of bulk strings, one after the other.
///
/// Commands are encoded here once and handed to the connection as one run of bytes, so that a batch of a
/// thousand commands costs one copy and not a thousand allocations.
package struct CommandBuffer: Sendable {
  /// The encoded commands.
  package private(set) var bytes: [UInt8] = []
  /// How many commands, and so how many replies, the batch holds.
  package private(set) var count = 0

  /// An empty batch.
  package init() {}

  /// True when no command has been added.
  package var isEmpty: Bool { count == 0 }

  /// Forgets the commands and keeps the memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Adds a command given as text; arguments are sent as their UTF-8 bytes.
  package mutating func append(_ arguments: String...) {
    append(arguments.map { Array($0.utf8) })
  }

  /// Adds a command given as binary-safe arguments, its name first; without any nothing is added.
  package mutating func append(_ arguments: [[UInt8]]) {
    // Servers pass over an empty array in silence: its reply would be awaited for ever.
    guard !arguments.isEmpty else { return }
    bytes.appendHeader("*", arguments.count)
    for argument in arguments { bytes.appendBulk(argument.span) }
    count += 1
  }

  /// Adds a command of a name and many keys, which lie in `keys` at the places that `ranges` give.
  ///
  /// Complexity: O(bytes of the keys), without allocating once the buffer has grown.
  package mutating func append(
    _ name: StaticString, keys: Span<UInt8>, at ranges: some Collection<Range<Int>>
  ) {
    bytes.appendHeader("*", ranges.count + 1)
    bytes.appendBulk(name)
    for range in ranges { bytes.appendBulk(keys.extracting(range)) }
    count += 1
  }

  /// Begins a command with a number of words, its name included; they are added one by one.
  ///
  /// For commands that are sent by the hundred thousand: nothing is allocated for them.
  package mutating func begin(words: Int) {
    bytes.appendHeader("*", words)
    count += 1
  }

  /// Adds a word to the command that was begun.
  package mutating func add(_ word: StaticString) { bytes.appendBulk(word) }

  /// Adds a word to the command that was begun.
  package mutating func add(_ word: [UInt8]) { bytes.appendBulk(word.span) }

  /// Adds a word to the command that was begun.
  package mutating func add(_ word: Span<UInt8>) { bytes.appendBulk(word) }

  /// Adds a number to the command that was begun.
  package mutating func add(_ number: Int64) {
    let digits = String(number)
    bytes.appendBulk(digits.utf8.span)
  }

  /// Adds a command made of a prepared beginning and one last argument.
  ///
  /// Complexity: O(length of the argument), without allocating once the buffer has grown.
  package mutating func append(_ prefix: CommandPrefix, _ lastArgument: Span<UInt8>) {
    // A span is not counted as an owner of the bytes, as an array that the closure holds would be.
    let beginning = prefix.bytes.span
    bytes.append(addingCapacity: beginning.count + lastArgument.count + Wire.longestFrame) { out in
      out.append(copying: beginning)
      out.appendBulk(lastArgument)
    }
    count += 1
  }
}

extension CommandBuffer {
  /// Where in `bytes` each command lies.
  ///
  /// Complexity: O(number of words of all commands).
  var ranges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(count)
    var position = 0
    while position < bytes.count {
      let start = position
      let words = number(at: &position)
      for _ in 0..<words { skipWord(at: &position) }
      ranges.append(start..<position)
    }
    return ranges
  }

  /// The words of a command, of whose bytes `range` tells.
  func words(_ range: Range<Int>, atMost limit: Int = .max) -> [ArraySlice<UInt8>] {
    var position = range.lowerBound
    let count = number(at: &position)
    return (0..<min(count, limit)).map { _ in
      let length = number(at: &position)
      defer { position += length + 2 }
      return bytes[position..<position + length]
    }
  }

  /// Adds a command of another batch as it is.
  mutating func append(encoded other: CommandBuffer, _ range: Range<Int>) {
    bytes.append(contentsOf: other.bytes[range])
    count += 1
  }

  /// Adds all commands of another batch.
  mutating func append(encoded other: CommandBuffer) {
    bytes.append(contentsOf: other.bytes)
    count += other.count
  }

  private func skipWord(at position: inout Int) {
    let length = number(at: &position)
    position += length + 2
  }

  /// Reads `*3\r\n` or `$12\r\n`, which this type has written itself.
  private func number(at position: inout Int) -> Int {
    position += 1
    var value = 0
    while bytes[position] != UInt8(ascii: "\r") {
      value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    position += 2
    return value
  }
}

extension CommandBuffer: CustomStringConvertible, CustomReflectable {
  /// How much the batch holds; never what, as one of its commands may be an AUTH.
  package var description: String { "\(count) commands, \(bytes.count) bytes" }

  /// A mirror that shows as little as `description`.
  package var customMirror: Mirror {
    Mirror(self, children: ["count": count, "size": bytes.count], displayStyle: .struct)
  }
}

/// The constant beginning of a command that is sent once per key, encoded once.
package struct CommandPrefix: Sendable {
  let bytes: [UInt8]

  /// Prepares a command whose last argument, the key, is still missing.
  package init(_ words: String...) {
    var bytes: [UInt8] = []
    // The header counts the argument that follows.
    bytes.appendHeader("*", words.count + 1)
    for word in words { bytes.appendBulk(Array(word.utf8).span) }
    self.bytes = bytes
  }
}

extension [UInt8] {
  fileprivate mutating func appendBulk(_ argument: Span<UInt8>) {
    append(addingCapacity: argument.count + Wire.longestFrame) { $0.appendBulk(argument) }
  }

  fileprivate mutating func appendBulk(_ word: StaticString) {
    word.withUTF8Buffer { appendBulk($0.span) }
  }

  fileprivate mutating func appendHeader(_ sigil: Unicode.Scalar, _ value: Int) {
    append(addingCapacity: Wire.longestFrame) { $0.appendHeader(sigil, value) }
  }
}

/// RESP as it goes over the wire. What is written into an array's free space grows it once for a command; appended part
/// by part, a command took twice the instructions.
private enum Wire {
  /// What may stand around an argument at most: a sigil, the 20 characters of a number, and two line ends.
  static let longestFrame = 25
}

extension OutputSpan<UInt8> {
  /// Appends an argument as RESP's bulk string: `$`, its length, its bytes.
  @inline(__always)
  fileprivate mutating func appendBulk(_ argument: Span<UInt8>) {
    appendHeader("$", argument.count)
    append(copying: argument)
    appendLineEnd()
  }

  @inline(__always)
  fileprivate mutating func appendHeader(_ sigil: Unicode.Scalar, _ value: Int) {
    append(UInt8(ascii: sigil))
    let zero = UInt8(ascii: "0")
    if value < 10 {
      append(zero + UInt8(truncatingIfNeeded: value))
    } else if value < 100 {
      // The length of nearly every key.
      append(zero + UInt8(truncatingIfNeeded: value / 10))
      append(zero + UInt8(truncatingIfNeeded: value % 10))
    } else {
      for digit in String(value).utf8 { append(digit) }
    }
    appendLineEnd()
  }

  @inline(__always)
  private mutating func appendLineEnd() {
    append(UInt8(ascii: "\r"))
    append(UInt8(ascii: "\n"))
  }

  /// Appends bytes in one move.
  @inline(__always)
  fileprivate mutating func append(copying other: Span<UInt8>) {
    precondition(other.count <= freeCapacity)
    withUnsafeMutableBufferPointer { space, used in
      // Invariant: both pointers are used inside the closures only, and what is copied fits the free space.
      other.withUnsafeBufferPointer { _ = space[used...].update(fromContentsOf: $0) }
      used += other.count
    }
  }
}
