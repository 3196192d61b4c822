import RedisClient
import SeedFormat

/// One record whose commands were sent: how many replies they bring, and what those replies say.
struct RecordWrite {
  /// How the replies say whether the key was written.
  enum Form {
    /// The last reply is OK, or null where the key was there already.
    case set
    /// As `set`, but a key that is there already is an error, BUSYKEY.
    case restore
    /// MULTI, its commands, and EXEC.
    case transaction
    /// As `transaction`; its last commands but EXEC are RENAMENX and UNLINK.
    case conditionalTransaction
    /// Pieces under another name, and last PTTL of that name; what became of them decides on the `Move`.
    case pieces
  }

  /// What puts a collection into its place that was written in pieces.
  struct Move {
    /// MULTI, the expiry, RENAME or RENAMENX, EXEC, and UNLINK, where all pieces have arrived.
    let whenWhole: [[[UInt8]]]
    /// What is done where they have not.
    let otherwise: [[[UInt8]]]
    /// Where the replies to it begin, once it is sent.
    var start: Int?
  }

  /// Where the record is in the seed.
  let position: SeedPosition
  let form: Form
  /// The replies that its commands bring.
  let replies: Int
  /// The key.
  var key: [UInt8] = []
  /// What was to be written, for the file of rejects; nil where it is too large to be kept until it is answered.
  var record: SeedRecord?
  /// Replies of commands about tags, behind the others.
  var tagReplies = 0
  /// The sets that the key is put back into.
  var memberships = 0
  /// The replies that belong to it, one kind after the other.
  var allReplies: Int { replies + tagReplies }
  /// The time that the key is given, in milliseconds; nil where it does not expire.
  var time: Int64?
  /// Set for pieces.
  var move: Move?
  /// The hash of the key where its record may be read back later.
  var sampled: UInt64?
  /// What became of it when it was sent before; nil where that is not known.
  var earlier: Outcome?

  /// What became of a key.
  enum Outcome {
    case written
    /// Left as it was, because it was there already.
    case skipped
    case refused(ServerError)
    /// The replies fit no command that was sent.
    case senseless(String)

    var isWritten: Bool { if case .written = self { true } else { false } }
  }

  /// Reads the replies from a position on.
  func outcome(_ buffer: ReplyBuffer, at start: Int) -> Outcome {
    if form == .restore, let error = buffer[start].error, error.code == "BUSYKEY" { return .skipped }
    if let error = refusal(buffer, at: start) { return .refused(error) }
    switch form {
    case .set, .restore:
      let reply = buffer[start + replies - 1]
      if reply.isNull { return .skipped }
      // Only this status says so: in a transaction that was never closed all is QUEUED.
      return (try? reply.decode(String.self)) == "OK" && reply.kind == .status
        ? .written : .senseless(reply.summary)
    // All replies but those to MULTI and EXEC come once more, in the reply to EXEC.
    case .transaction: return RecordWrite.end(buffer[start + replies - 1], count: replies - 2, rename: nil)
    case .conditionalTransaction:
      return RecordWrite.end(buffer[start + replies - 1], count: replies - 2, rename: 2)
    case .pieces:
      guard let move, let first = move.start else { return .senseless("nothing") }
      let last = first + move.whenWhole.count - 1
      for index in first..<last {
        if let error = buffer[index].error { return .refused(error) }
      }
      return RecordWrite.end(buffer[last - 1], count: move.whenWhole.count - 3, rename: 1)
    }
  }

  /// Why the commands sent first were refused; nil where they were not.
  func refusal(_ buffer: ReplyBuffer, at start: Int) -> ServerError? {
    for index in start..<(start + replies) {
      if let error = buffer[index].error { return error }
      if form == .pieces, let error = buffer[index].children.lazy.compactMap(\.error).first { return error }
    }
    if form == .pieces, (buffer[start + replies - 1].integer ?? 0) <= 0 {
      return ServerError(line: "ERR the key was gone before all of it was written: evicted, or removed")
    }
    return nil
  }

  /// Reads the reply to EXEC, which holds `count` replies. `place` is how far from the end that to RENAME or RENAMENX is:
  /// 0 there means that the key existed already.
  private static func end(_ reply: Reply, count: Int, rename place: Int?) -> Outcome {
    let children = reply.children
    guard reply.kind == .array, children.count == count else { return .senseless(reply.summary) }
    if let error = children.lazy.compactMap(\.error).first { return .refused(error) }
    if let odd = children.first(where: { !$0.saysWritten }) { return .senseless(odd.summary) }
    guard let place else { return .written }
    return children[count - place].integer == 0 ? .skipped : .written
  }
}

extension Reply {
  /// True for what commands that write answer where they succeed: OK, a count, or the id of an entry.
  fileprivate var saysWritten: Bool {
    switch kind {
    case .status: (try? decode(Acknowledgement.self)) != nil
    case .integer: (integer ?? -1) >= 0
    case .string: true
    case .error, .double, .boolean, .null, .array, .map: false
    }
  }
}
