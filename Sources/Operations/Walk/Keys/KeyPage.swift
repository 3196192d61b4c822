import Keyspace
import RedisClient

/// One page of keys, and what was asked about each.
final class KeyPage {
  /// What was decided about a key when it came.
  struct Choice {
    /// What to ask; empty where nothing is.
    var measurements: KeyMeasurements = []
    /// A number that the visitor may use, such as the key's group.
    var tag = 0
    /// False where the key is not looked at any further.
    var isChosen = false
  }

  /// How far a page has come.
  enum Stage {
    /// Its keys have been named.
    case named
    /// It has been decided which keys are wanted, and what is asked about them.
    case asked
    /// Its keys have been visited, as those of an empty page have.
    case visited
  }

  let replies = ReplyBuffer()
  var stage = Stage.visited
  /// Keys that do not lie in a reply as they are.
  private var copied: [UInt8] = []
  private var isCopied = false
  private(set) var ranges: [Range<Int>] = []
  var choices: [Choice] = []

  /// What the measuring commands of this page have answered so far.
  let answers = ReplyBuffer()
  /// For each piece of them that is under way the number of replies that it brings.
  var underWay: [Int] = []
  /// How long the server worked on them.
  var service = Duration.zero
  /// Keys that SCAN was asked for together with them; 0 where no further page was.
  var requestedBeside = 0

  /// What the ranges point into.
  var bytes: [UInt8] { isCopied ? copied : replies.bytes }

  func removeAll() {
    replies.removeAll()
    copied.removeAll(keepingCapacity: copied.capacity < 8 << 20)
    isCopied = false
    ranges.removeAll(keepingCapacity: true)
    choices.removeAll(keepingCapacity: true)
    underWay.removeAll(keepingCapacity: true)
    stage = .visited
  }

  /// Forgets what was asked about the keys, to ask again.
  func beginAsking() {
    answers.removeAll()
    underWay.removeAll(keepingCapacity: true)
    service = .zero
    stage = .asked
  }

  /// Takes the keys of a reply where they lie; false where it is no array of strings.
  func take(_ reply: Reply) -> Bool { reply.appendTextRanges(to: &ranges) }

  /// Takes the members of a reply as keys; `stride` is 2 where each is followed by its score. False where it is no array of
  /// strings.
  func takeMembers(of reply: Reply, stride: Int, as member: MemberKey) -> Bool {
    var strings: [Range<Int>] = []
    guard reply.appendTextRanges(to: &strings), strings.count.isMultiple(of: stride) else { return false }
    isCopied = true
    for index in Swift.stride(from: 0, to: strings.count, by: stride) {
      let start = copied.count
      copied += member.before
      copied += replies.bytes[strings[index]]
      copied += member.after
      ranges.append(start..<copied.count)
    }
    return true
  }

  /// Takes a piece of a list.
  func take(_ piece: KeyList.Piece) {
    isCopied = true
    copied = piece.bytes
    ranges = piece.ranges
  }
}
