import RedisClient

/// What the server says of a key before its record is written.
struct KeyState: Equatable {
  /// The TTL that is left, in milliseconds: -1 for ever, -2 where there is no key; nil where it was not asked for.
  var ttl: Int64?
  /// The type's name, `none` where there is no key; nil where it was not asked for, or is not known.
  var type: String?

  /// True where the server has said anything.
  var isKnown: Bool { ttl != nil || type != nil }

  /// True where there is such a key, as far as is known.
  var isThere: Bool { ttl.map { $0 != -2 } ?? (type != nil && type != "none") }
}

/// The replies to PTTL and TYPE of many names, read one after the other.
struct KeyAnswers {
  private let replies: ReplyBuffer
  /// True where what is written depends on the answers: a refusal ends the run then.
  private let isCertain: Bool
  private var position = 0

  init(_ replies: ReplyBuffer, isCertain: Bool) {
    self.replies = replies
    self.isCertain = isCertain
  }

  /// The next replies.
  mutating func take(_ count: Int) -> [Reply] {
    defer { position += count }
    return (position..<position + count).map { replies[$0] }
  }

  /// The next replies, to PTTL; the lines are those of the records. A key that may not be read is noted as a failure and
  /// gets a time of its own.
  mutating func times(
    _ lines: [Int], ifForbidden standard: Int64, _ ledger: inout WarmLedger
  ) throws(ClientError) -> [Int64] {
    var times: [Int64] = []
    for (reply, line) in zip(take(lines.count), lines) {
      if let error = reply.error {
        guard error.isKeyForbidden else { throw ClientError(error, to: "PTTL", at: ledger.endpoint) }
        ledger.noteFailure(error, line: line)
      }
      guard reply.error == nil else {
        times.append(standard)
        continue
      }
      do throws(DecodeError) { times.append(try reply.decode(RemainingTime.self).number) } catch {
        throw ClientError(error, to: "PTTL", at: ledger.endpoint)
      }
    }
    return times
  }

  /// The next replies, to TYPE; nil for a type that cannot be learned and is not needed.
  mutating func types(
    _ lines: [Int], isDryRun: Bool, _ ledger: inout WarmLedger
  ) throws(ClientError) -> [String?] {
    var types: [String?] = []
    for (reply, line) in zip(take(lines.count), lines) {
      guard let error = reply.error else {
        do throws(DecodeError) { types.append(try reply.decode(KeyTypeName.self).name) } catch {
          throw ClientError(error, to: "TYPE", at: ledger.endpoint)
        }
        continue
      }
      let isMissing = error.isCommandForbidden || error.isUnknownCommand
      if error.isKeyForbidden {
        // What is written afterwards says so itself.
        if isDryRun { ledger.noteFailure(error, line: line) }
      } else if isMissing, !(isDryRun && isCertain) {
        if isDryRun { ledger.noteUnknownTypes(error) }
      } else {
        throw ClientError(error, to: "TYPE", at: ledger.endpoint)
      }
      types.append(nil)
    }
    return types
  }
}
