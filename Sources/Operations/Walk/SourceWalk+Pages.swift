import RedisClient

/// What comes to a walk: pages of names, and what was answered about them.
extension SourceWalk {
  mutating func receivePage(_ page: KeyPage) throws(ClientError) -> [UInt8] {
    page.removeAll()
    try channel.receive(1, into: page.replies)
    drawing = clock.noteDone(expected: plan.pace.drawingTime(of: drawn)) ?? .zero
    let reply = page.replies[0]
    let name = String(decoding: plan.source.command?.first ?? [], as: UTF8.self)
    if let error = reply.error { throw ClientError(error, to: name, at: channel.endpoint) }
    let parts = reply.children
    guard parts.count == 2, let cursor = try? parts[0].decode(ReplyBytes.self), take(parts[1], page) else {
      throw ClientError(
        DecodeError(expected: "a cursor and a page of keys", found: reply.summary), to: name,
        at: channel.endpoint)
    }
    return cursor.bytes
  }

  private func take(_ reply: Reply, _ page: KeyPage) -> Bool {
    if case .sortedSet(_, let prefix) = plan.source { return page.takeMembers(of: reply, prefix: prefix) }
    return page.take(reply)
  }

  func openList() throws(ClientError) -> ((Int) throws(ClientError) -> KeyList.Piece)? {
    guard case .list(let list) = plan.source else { return nil }
    return try list.open()
  }

  /// Takes the next piece of a list; an empty one ends the walk as cursor 0 does.
  func take(
    _ next: (Int) throws(ClientError) -> KeyList.Piece, _ page: KeyPage
  ) throws(ClientError) -> [UInt8] {
    page.removeAll()
    let piece = try next(plan.pace.batchSize)
    page.take(piece)
    return piece.ranges.isEmpty ? WalkPosition.start : []
  }

  mutating func choose<Visitor: KeyVisitor>(_ page: KeyPage, _ visitor: inout Visitor) {
    let bytes = page.bytes
    // A list may name a key twice, and whoever reads it says what that means.
    let admissions =
      plan.source.namesLiveKeys
      ? filter.admit(page.ranges, of: bytes) : [Bool](repeating: true, count: page.ranges.count)
    for (range, isAdmitted) in zip(page.ranges, admissions) {
      page.choices.append(isAdmitted ? visitor.choose(bytes.span.extracting(range)) : KeyPage.Choice())
    }
    // Until its commands are on their way the page has none that could be awaited.
    page.stage = .asked
  }

  /// Receives what the oldest piece under way of a page has answered.
  mutating func receivePiece(of page: KeyPage) throws(ClientError) {
    guard let count = page.underWay.first else { return }
    if count > 0 {
      try channel.receive(count, into: page.answers)
      page.service += clock.noteDone() ?? .zero
    }
    page.underWay.removeFirst()
  }

  mutating func visit<Visitor: KeyVisitor>(
    _ page: KeyPage, _ visitor: inout Visitor
  ) throws(ClientError) {
    while !page.underWay.isEmpty { try receivePiece(of: page) }
    // Nobody is visited by halves: a server that answers nothing now will be asked about the whole page again.
    if let refusal = measurer.refusal(in: page.answers) {
      throw ClientError(refusal.error, to: refusal.command, at: channel.endpoint)
    }
    if page.stage == .asked {
      plan.pace.observe(
        keys: page.ranges.count, requested: page.requestedBeside, service: page.service + drawing,
        drawing: drawing, roundTrip: clock.roundTrip)
    }
    visitor.beginPage()
    let bytes = page.bytes
    var position = 0
    for index in page.ranges.indices {
      let choice = page.choices[index]
      guard choice.isChosen else { continue }
      let key = bytes.span.extracting(page.ranges[index])
      let outcome = measurer.read(choice.measurements, from: page.answers, at: &position)
      if outcome.hasMoved { filter.retract(key) }
      visitor.visit(key, choice, outcome)
    }
    page.stage = .visited
    try visitor.endPage(on: channel)
    try takeMoved(&visitor)
  }
}
