import RedisClient
import Reporting

/// Records on their way to the server.
struct WarmFlight {
  var commands = CommandBuffer()
  var writes: [KeyWrite] = []
  /// Records that were settled without a command while the flight was filled.
  var settled = WarmCounts()
  /// The last line of the seed that the flight deals with.
  var lastLine = 0
  /// True where the flight ends with INFO.
  var asksFacts = false

  /// True where collections are written in pieces, and must then be put into their places.
  var needsMoves = false

  /// True where it was sent before, and the replies were lost.
  var isRepeated = false

  /// Remembers the answers to commands that are sent once more because others of the flight were refused.
  mutating func noteAnswers(_ replies: ReplyBuffer) {
    var position = 0
    for index in writes.indices {
      if writes[index].earlier?.isWritten != true {
        writes[index].earlier = writes[index].outcome(replies, at: position)
      }
      position += writes[index].allReplies
    }
  }

  /// Counts all writes as unknown: they are not sent again.
  mutating func giveUp() {
    settled.unknown += writes.count
    writes = []
    commands.removeAll()
    (needsMoves, asksFacts) = (false, false)
  }

  var isEmpty: Bool { size == 0 }

  /// The records that the flight deals with.
  var size: Int { writes.count + settled.records }
}
