import Keyspace
import RedisClient

/// One page of SCAN: the keys, and what was asked about each.
final class KeyPage {
  /// What was decided about a key when it came.
  struct Choice {
    /// What to ask; empty where nothing is.
    var measurements: KeyMeasurements = []
    /// A number of the visitor's own, such as the key's group.
    var tag = 0
    /// False where the key is not looked at any further.
    var isChosen = false
  }

  let replies = ReplyBuffer()
  var ranges: [Range<Int>] = []
  var choices: [Choice] = []

  /// The number of replies that the measuring commands of this page bring.
  var expectedReplies = 0

  func removeAll() {
    replies.removeAll()
    ranges.removeAll(keepingCapacity: true)
    choices.removeAll(keepingCapacity: true)
    expectedReplies = 0
  }
}
