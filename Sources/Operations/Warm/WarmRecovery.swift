import RedisClient

/// How a warming goes on after a lost connection.
struct WarmRecovery<Channel: CommandChannel> {
  var backoff: Backoff
  let patience: WritePatience
  let reconnect: () throws(ClientError) -> Channel
}

extension WarmRun {
  /// Carries a step out, through lost connections.
  ///
  /// Flights whose replies were lost are sent once more: what they write they write whole, so that a second time changes
  /// nothing but the moment. Collections in pieces are the exception: theirs would be doubled, so they count as unknown.
  mutating func persist(_ step: (inout Self) throws(ClientError) -> Void) throws(ClientError) {
    while true {
      do throws(ClientError) {
        return try step(&self)
      } catch {
        try recover(from: error)
      }
    }
  }

  private mutating func recover(from first: ClientError) throws(ClientError) {
    var error = first
    while true {
      guard error.isWorthAnotherTry, stop == nil, !mustStop, let wait = recovery.backoff.next() else {
        throw error
      }
      context.pause(wait)
      guard !mustStop else {
        throw context.stopError(" while \(channel.endpoint.description) did not answer")
      }
      do throws(ClientError) {
        channel = try recovery.reconnect()
        return try repeatFlights()
      } catch let other {
        error = other
      }
    }
  }

  private mutating func repeatFlights() throws(ClientError) {
    timer.forgetPending()
    for index in underWay.indices where underWay[index].needsMoves { underWay[index].giveUp() }
    for index in underWay.indices {
      underWay[index].isRepeated = true
      timer.noteSent()
      if !underWay[index].commands.isEmpty { try channel.send(underWay[index].commands) }
    }
  }

  /// Throws where the server did nothing because of a state that passes, or because another one has taken over.
  mutating func expectAnswers() throws(ClientError) {
    guard replies.hasErrors else { return }
    for index in 0..<replies.count {
      guard let error = replies[index].error, recovery.patience.outlasts(error) else { continue }
      noteAnswers()
      throw ClientError(refusing: error, "a write", channel.endpoint)
    }
  }

  /// Remembers what the server answered to the flights under way, which are sent once more as a whole: those to the first
  /// have come, and as it does answer, so will the others.
  private mutating func noteAnswers() {
    underWay[0].noteAnswers(replies)
    for index in underWay.indices.dropFirst() where !underWay[index].commands.isEmpty {
      replies.removeAll()
      do throws(ClientError) {
        try channel.receive(underWay[index].commands.count, into: replies)
      } catch { return }
      underWay[index].noteAnswers(replies)
    }
  }
}
