import RedisClient
import Reporting

/// Records whose commands are sent together.
struct WarmBatch {
  var commands = CommandBuffer()
  var writes: [RecordWrite] = []
  /// Records that need no command.
  var settled = WarmCounts()
  /// The last line of the seed that the batch covers.
  var lastLine = 0
  /// True where the batch ends with INFO.
  var asksInfo = false
  /// True where collections are written in pieces under other names, and are renamed once all pieces have arrived.
  var needsMoves = false
  /// True where it was sent before, and the replies were lost.
  var isRepeated = false

  /// The records that the batch covers.
  var size: Int { writes.count + settled.records }

  var isEmpty: Bool { size == 0 }

  /// Counts a rejected record.
  mutating func addRejected(line: Int) {
    settled.rejected += 1
    lastLine = max(lastLine, line)
  }

  /// Keeps the replies to a batch that is sent again as a whole, because the server refused a part of it for now.
  mutating func noteReplies(_ replies: ReplyBuffer) {
    var position = 0
    for index in writes.indices {
      if writes[index].earlier?.isWritten != true {
        writes[index].earlier = writes[index].outcome(replies, at: position)
      }
      position += writes[index].allReplies
    }
  }

  /// Counts all writes as unknown, so that they are not sent again.
  mutating func dropWrites() {
    settled.unknown += writes.count
    writes = []
    commands.removeAll()
    (needsMoves, asksInfo) = (false, false)
  }
}
