import RedisClient
import Reporting

/// Walks the keys of one source, by SCAN for a database, and measures each page while the server already draws the next.
///
/// A batch is one SCAN and the measuring commands of the page before. As soon as its first reply, the next page, is in,
/// the following batch is sent, so that the server always has work. Commands of the visitor's own follow the measuring
/// commands. Where the server is far away a page is large, and its measuring commands go in pieces, each when the server
/// has had time for the one before, and at the gentle pace a rest; how long it works is measured by its own clock.
struct SourceWalk<Channel: CommandChannel> {
  /// What to ask for, and how fast.
  struct Plan {
    var source = KeySource.database
    var pattern: [UInt8]?
    var type: String?
    var pace: PaceController
    /// The elements of a collection that MEMORY USAGE measures; nil for the server's default.
    var memorySamples: Int?
    /// True where INFO tells of hashes whose fields expire.
    var hasExpiringFields = false
    /// The server's clock, where keys are chosen by the moment at which they expire.
    var clock: ServerClock?
  }

  /// How the walk ended.
  enum Ending: Equatable {
    /// The source was read to its end: SCAN came back to cursor 0.
    case complete
    /// The caller or the visitor asked for a stop; the page under way was finished.
    case stopped
  }

  private(set) var channel: Channel
  private(set) var plan: Plan
  private(set) var measurer: KeyMeasurer
  /// Decides which of the names that come are looked at.
  private(set) var filter: NameFilter
  /// Names that the source has given.
  private(set) var seen = 0
  private var batch = CommandBuffer()
  private var clock: ServiceClock
  /// Measures the server's work by its own clock; nil where the clock here does.
  private var timer: ServerTimer?
  /// The keys that SCAN was last asked for.
  private var drawn = 0
  /// How long what was sent last is expected to hold the server.
  private var lastHold = Duration.zero
  /// The time that the server took to draw the page that came last.
  private var drawing = Duration.zero

  // The position; it survives a lost connection.
  private var list: ((Int) throws(ClientError) -> KeyList.Piece)?
  /// The cursor of the next page; nil before the first has come.
  private var cursor: [UInt8]?
  /// The cursor with which the page under way was asked for.
  private var asked = WalkPosition.start
  private var previous = KeyPage()
  private var page = KeyPage()
  private var hasBegun = false

  init(
    channel: Channel, plan: Plan, filter: NameFilter, roundTrip: Duration, asksTime: Bool = false,
    now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    self.channel = channel
    self.filter = filter
    self.plan = plan
    measurer = KeyMeasurer(
      user: channel.endpoint.userName, memorySamples: plan.memorySamples,
      hasExpiringFields: plan.hasExpiringFields, clock: plan.clock)
    clock = ServiceClock(roundTrip: roundTrip, now: now)
    timer = asksTime && plan.source.namesLiveKeys ? ServerTimer() : nil
    self.plan.pace.isFar = timer != nil
  }

  /// Continues another walk over the keys of the same process.
  mutating func resume(at state: SourceState) {
    cursor = state.cursor == WalkPosition.start ? nil : state.cursor
    seen = state.seen
    filter = state.filter
    measurer.findings = state.findings
  }

  /// What a later run needs to continue here; nil while keys are under way, and at the end.
  var state: SourceState? {
    guard previous.stage == .visited, page.stage != .asked else { return nil }
    let isNamed = page.stage == .named
    guard isNamed || cursor != WalkPosition.start else { return nil }
    return SourceState(
      cursor: isNamed ? asked : cursor ?? WalkPosition.start, seen: seen - (isNamed ? page.ranges.count : 0),
      filter: filter, findings: measurer.findings)
  }

  /// Continues over another connection to the same process of the server, whose cursors remain valid.
  mutating func reconnect(_ channel: Channel) {
    self.channel = channel
    clock.forgetPending()
  }

  /// Runs to the end, or until `shouldStop` or the visitor says so between two pages; called again after a failure it
  /// continues where it was.
  ///
  /// Throws when the connection fails or SCAN is refused; the visitor then has what was seen so far. Saves its state to
  /// the checkpoint whenever that is due.
  mutating func run<Visitor: SendingVisitor>(
    _ visitor: inout Visitor, savingTo checkpoint: NodeCheckpoint? = nil,
    shouldStop: (WalkPosition) -> Bool
  ) throws(ClientError) -> Ending {
    if hasBegun {
      if try askAgain(&visitor) { return .complete }
    } else {
      hasBegun = true
      list = try openList()
      try requestPage(after: cursor ?? WalkPosition.start, most: visitor.largestPage)
    }
    while true {
      let next = if let list { try take(list, into: page) } else { try receivePage(into: page) }
      page.stage = .named
      (asked, cursor) = (cursor ?? WalkPosition.start, next)
      seen += page.ranges.count
      let isLast = next == WalkPosition.start
      let isStopped = !isLast && (shouldStop(WalkPosition(seen: seen, cursor: next)) || visitor.wantsStop)
      let ends = isLast || isStopped
      // A rest begins when the server is done: before that it is none, and would count as the server's work.
      let isSaved = checkpoint?.isDue ?? false
      let isQuiet = plan.pace.rests || visitor.mustCatchUp || isSaved
      if isQuiet {
        try visit(previous, with: &visitor)
        try visitor.catchUp(on: channel)
        retractMoved(by: &visitor)
        if isSaved, let state { checkpoint?.save(state, visitor) }
      }
      rest()
      if plan.pace.spreads { keepApart() }
      // The server draws the next page while this one is looked at.
      batch.removeAll()
      let most = min(plan.pace.batchSize, visitor.largestPage)
      if !ends { appendPageRequest(after: next, most: most) }
      page.requestedBeside = ends ? 0 : list == nil ? most : page.ranges.count
      try sendBatch(holding: plan.pace.drawingTime(of: drawn))
      choose(page, with: &visitor)
      try sendMeasurements(of: page, behind: isQuiet ? nil : previous)
      if !isQuiet { try visit(previous, with: &visitor) }
      if ends {
        try visit(page, with: &visitor)
        try finish(&visitor)
        return isLast ? .complete : .stopped
      }
      swap(&previous, &page)
    }
  }

  /// Asks once more about the keys whose answers were lost, and for the page that was; true where there is none.
  private mutating func askAgain<Visitor: SendingVisitor>(
    _ visitor: inout Visitor
  ) throws(ClientError) -> Bool {
    for page in [previous, page] where page.stage != .visited {
      // Replies come in the order of the commands: the visitor's own must be in before a page is asked about.
      try visitor.catchUp(on: channel)
      retractMoved(by: &visitor)
      if page.stage == .named { choose(page, with: &visitor) }
      page.requestedBeside = 0
      try sendMeasurements(of: page)
      try visit(page, with: &visitor)
    }
    if cursor == WalkPosition.start {
      try finish(&visitor)
      return true
    }
    try visitor.catchUp(on: channel)
    retractMoved(by: &visitor)
    previous.removeAll()
    page.removeAll()
    try requestPage(after: cursor ?? WalkPosition.start, most: visitor.largestPage)
    return false
  }

  /// Takes back the names whose keys were not visited, before another walk replaces this one.
  mutating func forgetUnvisited<Visitor: SendingVisitor>(_ visitor: inout Visitor) {
    for page in [previous, page] where page.stage == .asked {
      let bytes = page.bytes
      for (range, choice) in zip(page.ranges, page.choices) where choice.isChosen {
        let key = bytes.span.extracting(range)
        if plan.source.namesLiveKeys { filter.retract(key) } else { visitor.unchoose(key) }
      }
    }
  }

  private mutating func finish<Visitor: SendingVisitor>(_ visitor: inout Visitor) throws(ClientError) {
    try visitor.endWalk(on: channel)
    retractMoved(by: &visitor)
  }

  /// Forgets the keys that the visitor's own commands have found on another node.
  private mutating func retractMoved<Visitor: SendingVisitor>(by visitor: inout Visitor) {
    for key in visitor.takeMoved() { filter.retract(key.span) }
  }

  // MARK: - Sending

  private mutating func requestPage(after cursor: [UInt8], most: Int) throws(ClientError) {
    batch.removeAll()
    appendPageRequest(after: cursor, most: most)
    try sendBatch(holding: plan.pace.drawingTime(of: drawn))
  }

  private mutating func appendPageRequest(after cursor: [UInt8], most: Int) {
    guard var command = plan.source.command else { return }
    if !plan.source.isKey {
      drawn = min(most, plan.pace.batchSize)
      command.append(cursor)
      if let pattern = plan.pattern { command += [Array("MATCH".utf8), pattern] }
      command += [Array("COUNT".utf8), Array(String(drawn).utf8)]
      if let type = plan.type { command += [Array("TYPE".utf8), Array(type.utf8)] }
    }
    if timer != nil { ServerTimer.mark(&batch) }
    batch.append(command)
    if timer != nil { ServerTimer.mark(&batch) }
  }

  /// Asks about the keys of a page, in pieces that hold the server no longer than the pace allows.
  ///
  /// Receives one piece of the page before for each piece that it sends: pieces that arrived apart from each other are
  /// followed by pieces that arrive apart.
  private mutating func sendMeasurements(
    of page: KeyPage, behind previous: KeyPage? = nil
  ) throws(ClientError) {
    page.beginAsking()
    let bytes = page.bytes
    let count = page.ranges.count
    let pieces = max(1, Int((Double(count) / Double(plan.pace.pieceSize)).rounded()))
    for piece in 0..<pieces {
      if pieces > 1 || plan.pace.spreads { keepApart() }
      batch.removeAll()
      if timer != nil { ServerTimer.mark(&batch) }
      let marks = batch.count
      for index in (count * piece / pieces)..<(count * (piece + 1) / pieces)
      where page.choices[index].isChosen {
        let wanted = page.choices[index].measurements
        guard !wanted.isEmpty else { continue }
        let key = bytes.span.extracting(page.ranges[index])
        page.choices[index].measurements = measurer.append(wanted, of: key, to: &batch)
      }
      page.underWay.append(batch.count - marks)
      if batch.count == marks { batch.removeAll() } else if timer != nil { ServerTimer.mark(&batch) }
      try sendBatch(
        holding: plan.pace.measuringTime(of: count * (piece + 1) / pieces - count * piece / pieces))
      if let previous, piece + 1 < pieces { try receivePiece(of: previous) }
    }
  }

  /// Sends the batch, which is expected to hold the server for a time.
  private mutating func sendBatch(holding hold: Duration) throws(ClientError) {
    guard !batch.isEmpty else { return }
    clock.noteSent()
    lastHold = hold
    try channel.send(batch)
  }

  /// Waits until the server has had time for what was sent last, and for the rest that the pace asks for.
  private func keepApart() {
    guard let passed = clock.sinceSent else { return }
    let rest = plan.pace.spacing(after: lastHold) - passed
    if rest > .zero { channel.pause(rest) }
  }

  /// Waits as the pace asks.
  private func rest() {
    let pause = plan.pace.pause(elapsed: clock.elapsed)
    if pause > .zero { channel.pause(pause) }
  }

  // MARK: - Receiving

  /// Receives a page and returns the cursor of the next.
  private mutating func receivePage(into page: KeyPage) throws(ClientError) -> [UInt8] {
    page.removeAll()
    try timer?.begin(on: channel)
    try channel.receive(1, into: page.replies)
    let served = try timer?.end(on: channel)
    let passed = clock.noteDone(expected: plan.pace.drawingTime(of: drawn))
    drawing = served ?? passed ?? .zero
    let reply = page.replies[0]
    let name = String(decoding: plan.source.command?.first ?? [], as: UTF8.self)
    if let error = reply.error { throw ClientError(error, to: name, at: channel.endpoint) }
    if case .key(let key) = plan.source { return try take(key, of: reply, into: page) }
    let parts = reply.children
    guard parts.count == 2, let cursor = try? parts[0].decode(ReplyBytes.self), take(parts[1], into: page)
    else {
      throw ClientError(
        DecodeError(expected: "a cursor and a page of keys", found: reply.summary), to: name,
        at: channel.endpoint)
    }
    return cursor.bytes
  }

  private func take(_ reply: Reply, into page: KeyPage) -> Bool {
    guard case .tag(let tag) = plan.source, tag.isSorted || tag.member != .same else {
      return page.take(reply)
    }
    return page.takeMembers(of: reply, stride: tag.isSorted ? 2 : 1, as: tag.member)
  }

  /// Takes the one key that was asked for, if it is there and of the type that is wanted.
  private func take(_ key: [UInt8], of reply: Reply, into page: KeyPage) throws(ClientError) -> [UInt8] {
    let type: String
    do throws(DecodeError) { type = try reply.decode(KeyTypeName.self).name } catch {
      throw ClientError(error, to: "TYPE", at: channel.endpoint)
    }
    if type != KeyTypeName.none, plan.type == nil || plan.type == type {
      var piece = KeyList.Piece()
      (piece.bytes, piece.ranges) = (key, [0..<key.count])
      page.take(piece)
    }
    return WalkPosition.start
  }

  private func openList() throws(ClientError) -> ((Int) throws(ClientError) -> KeyList.Piece)? {
    guard case .list(let list) = plan.source else { return nil }
    return try list.open()
  }

  /// Takes the next piece of a list; an empty one ends the walk as cursor 0 does.
  private func take(
    _ next: (Int) throws(ClientError) -> KeyList.Piece, into page: KeyPage
  ) throws(ClientError) -> [UInt8] {
    page.removeAll()
    let piece = try next(plan.pace.batchSize)
    page.take(piece)
    return piece.ranges.isEmpty ? WalkPosition.start : []
  }

  /// Receives the replies to the oldest piece under way of a page.
  private mutating func receivePiece(of page: KeyPage) throws(ClientError) {
    guard let count = page.underWay.first else { return }
    if count > 0 {
      try timer?.begin(on: channel)
      try channel.receive(count, into: page.answers)
      let served = try timer?.end(on: channel)
      let passed = clock.noteDone()
      page.service += served ?? passed ?? .zero
    }
    page.underWay.removeFirst()
  }

  // MARK: - Choosing and visiting

  private mutating func choose<Visitor: SendingVisitor>(_ page: KeyPage, with visitor: inout Visitor) {
    let bytes = page.bytes
    // A list may name a key twice; the visitor decides what that means.
    let admissions =
      plan.source.namesLiveKeys
      ? filter.admit(page.ranges, of: bytes) : [Bool](repeating: true, count: page.ranges.count)
    for (range, isAdmitted) in zip(page.ranges, admissions) {
      page.choices.append(isAdmitted ? visitor.choose(bytes.span.extracting(range)) : KeyPage.Choice())
    }
    // No command of the page is under way yet that could be received.
    page.stage = .asked
  }

  private mutating func visit<Visitor: SendingVisitor>(
    _ page: KeyPage, with visitor: inout Visitor
  ) throws(ClientError) {
    while !page.underWay.isEmpty { try receivePiece(of: page) }
    // A page is visited as a whole: a server that refuses all questions now is asked about the whole page again.
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
      let outcome = try measurer.read(
        choice.measurements, from: page.answers, at: &position, on: channel.endpoint)
      if outcome.hasMoved { filter.retract(key) }
      visitor.visit(key, choice, outcome)
    }
    page.stage = .visited
    try visitor.endPage(on: channel)
    retractMoved(by: &visitor)
  }
}
