/// The slots that a node has, is handing over or is taking in, as it says itself.
///
/// Of a slot on its way only the two nodes concerned know: the marks are in no CLUSTER SHARDS or SLOTS. And what has
/// changed hands is known to them first: the others hear of it by and by.
package struct SlotMotion: Sendable, Equatable {
  /// Slots that the node owns, and whose keys are on their way to another one.
  package private(set) var migrating = SlotSet()
  /// Slots that another node owns, and whose keys arrive here: read with ASKING before each command.
  package private(set) var importing = SlotSet()

  /// Slots that the node owns as a primary; nil where it is none, or did not tell.
  package private(set) var owned: SlotSet?

  /// The node's configuration epoch, which rises when it is given slots, unless it is the highest of all; nil where it did
  /// not tell.
  package private(set) var epoch: Int?

  /// The name that the cluster knows the node by; nil where it did not tell.
  package private(set) var nodeID: String?

  /// Nothing moves.
  package init() {}

  /// Reads the text of CLUSTER NODES: `[93-<-ID]` and `[77->-ID]` at the end of the line flagged `myself`.
  package init(nodes text: String) {
    guard let own = SlotMotion.ownLine(of: text) else { return }
    let words = own.split(separator: " ")
    nodeID = words.first.map { String($0) }
    if words.count > 2, words[2].split(separator: ",").contains("master") {
      owned = SlotMotion.slots(words.dropFirst(8))
    }
    epoch = words.count > 6 ? Int(words[6]) : nil
    for word in words.dropFirst(8) where word.hasPrefix("[") && word.hasSuffix("]") {
      let parts = word.dropFirst().dropLast().split(separator: "-", maxSplits: 2)
      guard parts.count == 3, let number = Int(parts[0]), let slot = HashSlot(exactly: number) else {
        continue
      }
      switch parts[1] {
      case "<": importing.insert(slot)
      case ">": migrating.insert(slot)
      default: continue
      }
    }
  }

  /// Asks a node; one that does not answer CLUSTER NODES, or may not be asked, tells of no motion.
  package static func read(from channel: some CommandChannel) throws(ClientError) -> SlotMotion {
    let reply = try channel.call("CLUSTER", "NODES")
    return SlotMotion(nodes: (try? reply.decode(String.self)) ?? "")
  }

  /// Reads `5461` and `0-5460`; other words stand for no slots.
  private static func slots(_ words: ArraySlice<Substring>) -> SlotSet {
    var slots = SlotSet()
    for word in words {
      let ends = word.split(separator: "-", maxSplits: 1).map { Int($0).flatMap { HashSlot(exactly: $0) } }
      if let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last {
        slots.insert(first...last)
      }
    }
    return slots
  }

  /// The line that the node has flagged as its own.
  ///
  /// Every node of a large cluster lists all of them, so the other lines are not taken apart.
  private static func ownLine(of text: String) -> Substring? {
    var bytes = Array(text.utf8)[...]
    while let flag = position(of: flag, in: bytes) {
      let newline = UInt8(ascii: "\n")
      let start = bytes[..<flag].lastIndex(of: newline).map { $0 + 1 } ?? bytes.startIndex
      let end = bytes[flag...].firstIndex(of: newline) ?? bytes.endIndex
      let line = Substring(decoding: bytes[start..<end], as: UTF8.self)
      // A host name may hold the word, too.
      if isOwn(line) { return line }
      bytes = bytes[end...]
    }
    return nil
  }

  private static let flag = Array("myself".utf8)

  private static func position(of word: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var rest = bytes
    while let start = rest.firstIndex(of: word[0]) {
      rest = rest[start...]
      if rest.starts(with: word) { return start }
      rest = rest.dropFirst()
    }
    return nil
  }

  private static func isOwn(_ line: Substring) -> Bool {
    let words = line.split(separator: " ", maxSplits: 3)
    return words.count > 2 && words[2].split(separator: ",").contains("myself")
  }
}
