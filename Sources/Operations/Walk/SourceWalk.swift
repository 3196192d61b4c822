import RedisClient
import Reporting

/// Walks the keys of one source, by SCAN for a database, measuring each page while the server already draws the
/// next.
///
/// A batch is one SCAN followed by the measuring commands of the page before. As soon as its first reply,
/// the next page, is in, the following batch is sent, so that the server has always something to do. Commands
/// of the visitor's own go behind the measuring commands. Where the server is far away a page is large, and the
/// commands that measure it go in pieces, each when the one before has had its time.
struct SourceWalk<Channel: CommandChannel> {
  /// What to ask for, and how hard.
  struct Plan {
    var source = KeySource.database
    var pattern: [UInt8]?
    var type: String?
    var pace: PaceController
  }

  /// How the walk ended.
  enum Ending: Equatable {
    /// The source was read to its end: SCAN came round to cursor 0.
    case complete
    /// The caller or the visitor asked for a stop; the page under way was finished.
    case stopped
  }

  private(set) var channel: Channel
  var plan: Plan
  var measurer: KeyMeasurer
  /// Which of the names that come are looked at.
  var filter: NameFilter
  /// Names that the source has given.
  private(set) var seen = 0
  private var batch = CommandBuffer()
  private let roundTrip: Duration
  private let now: ServiceClock.Now
  var clock: ServiceClock
  /// The keys that SCAN was last asked for.
  var drawn = 0
  /// The time that the server took to draw the page that came last.
  var drawing = Duration.zero

  // Where the walk stands; kept beyond a lost connection.
  private var list: ((Int) throws(ClientError) -> KeyList.Piece)?
  /// The cursor of the next page; nil before the first has come.
  private var cursor: [UInt8]?
  /// The cursor that the page under way was asked for with.
  private var asked = WalkPosition.start
  private var previous = KeyPage()
  private var page = KeyPage()
  private var hasBegun = false

  init(
    channel: Channel, plan: Plan, filter: NameFilter, roundTrip: Duration,
    now: @escaping ServiceClock.Now = { ContinuousClock.now }
  ) {
    self.channel = channel
    self.filter = filter
    self.plan = plan
    self.roundTrip = roundTrip
    self.now = now
    measurer = KeyMeasurer(user: channel.endpoint.userName)
    clock = ServiceClock(roundTrip: roundTrip, now: now)
  }

  /// Begins where another walk over the same process's keys stood.
  mutating func begin(at mark: SourceState) {
    cursor = mark.cursor == WalkPosition.start ? nil : mark.cursor
    seen = mark.seen
    filter = mark.filter
    measurer.findings = mark.findings
  }

  /// Where the walk stands; nil while keys are under way, and at its end.
  var mark: SourceState? {
    guard previous.stage == .visited, page.stage != .asked else { return nil }
    let isNamed = page.stage == .named
    guard isNamed || cursor != WalkPosition.start else { return nil }
    return SourceState(
      cursor: isNamed ? asked : cursor ?? WalkPosition.start, seen: seen - (isNamed ? page.ranges.count : 0),
      filter: filter, findings: measurer.findings)
  }

  /// Goes on over another connection to the same process of the server, whose cursors hold there.
  mutating func reconnect(_ channel: Channel) {
    self.channel = channel
    clock.forgetPending()
  }

  /// Runs to the end, or until `shouldStop` or the visitor says so between two pages; called again after a failure it
  /// goes on where it was.
  ///
  /// Throws when the connection fails or SCAN is refused; the visitor then has what was seen so far. The `keeper` is
  /// brought where the walk stands as often as it wants.
  mutating func run<Visitor: KeyVisitor>(
    _ visitor: inout Visitor, keeper: NodeCheckpoint? = nil, shouldStop: (WalkPosition) -> Bool
  ) throws(ClientError) -> Ending {
    if hasBegun {
      if try resume(&visitor) { return .complete }
    } else {
      hasBegun = true
      list = try openList()
      try requestPage(after: cursor ?? WalkPosition.start, visitor.largestPage)
    }
    while true {
      let next = if let list { try take(list, page) } else { try receivePage(page) }
      page.stage = .named
      (asked, cursor) = (cursor ?? WalkPosition.start, next)
      seen += page.ranges.count
      let isLast = next == WalkPosition.start
      let isStopped = !isLast && (shouldStop(WalkPosition(seen: seen, cursor: next)) || visitor.wantsStop)
      let ends = isLast || isStopped
      // A rest begins when the server is done: before that it is none, and would count as the server's work.
      let isKept = keeper?.isDue ?? false
      let isQuiet = plan.pace.rests || visitor.wantsQuiet || isKept
      if isQuiet {
        try visit(previous, &visitor)
        try visitor.catchUp(on: channel)
        try takeMoved(&visitor)
        if isKept, let mark { keeper?.keep(mark, visitor) }
        rest()
      }
      // The server draws the next page while this one is looked at.
      batch.removeAll()
      let most = min(plan.pace.batchSize, visitor.largestPage)
      if !ends { appendPageRequest(cursor: next, most: most) }
      page.requestedBeside = ends ? 0 : list == nil ? most : page.ranges.count
      try sendBatch()
      choose(page, &visitor)
      try sendMeasurements(of: page, behind: isQuiet ? nil : previous)
      if !isQuiet { try visit(previous, &visitor) }
      if ends {
        try visit(page, &visitor)
        try finish(&visitor)
        return isLast ? .complete : .stopped
      }
      swap(&previous, &page)
    }
  }

  /// Asks once more about the keys whose answers were lost, and for the page that was; true where there is none.
  private mutating func resume<Visitor: KeyVisitor>(_ visitor: inout Visitor) throws(ClientError) -> Bool {
    for page in [previous, page] where page.stage != .visited {
      // Replies come in the order of the commands: the visitor's own must be in before a page is asked about.
      try visitor.catchUp(on: channel)
      try takeMoved(&visitor)
      if page.stage == .named { choose(page, &visitor) }
      page.requestedBeside = 0
      try sendMeasurements(of: page)
      try visit(page, &visitor)
    }
    if cursor == WalkPosition.start {
      try finish(&visitor)
      return true
    }
    try visitor.catchUp(on: channel)
    try takeMoved(&visitor)
    previous.removeAll()
    page.removeAll()
    try requestPage(after: cursor ?? WalkPosition.start, visitor.largestPage)
    return false
  }

  /// Takes back the names whose keys were not visited, before the walk is given up for another one.
  mutating func forgetUnvisited<Visitor: KeyVisitor>(_ visitor: inout Visitor) {
    for page in [previous, page] where page.stage == .asked {
      let bytes = page.bytes
      for (range, choice) in zip(page.ranges, page.choices) where choice.isChosen {
        let key = bytes.span.extracting(range)
        if plan.source.namesLiveKeys { filter.retract(key) } else { visitor.takeBack(key) }
      }
    }
  }

  private mutating func finish<Visitor: KeyVisitor>(_ visitor: inout Visitor) throws(ClientError) {
    try visitor.endWalk(on: channel)
    try takeMoved(&visitor)
  }

  /// Forgets the keys that the visitor's own commands have found on another node.
  mutating func takeMoved<Visitor: KeyVisitor>(_ visitor: inout Visitor) throws(ClientError) {
    for key in visitor.takeMoved() { filter.retract(key.span) }
  }

  // MARK: - Sending

  private mutating func requestPage(after cursor: [UInt8], _ most: Int) throws(ClientError) {
    batch.removeAll()
    appendPageRequest(cursor: cursor, most: most)
    try sendBatch()
  }

  private mutating func appendPageRequest(cursor: [UInt8], most: Int) {
    guard var command = plan.source.command else { return }
    drawn = min(most, plan.pace.batchSize)
    command.append(cursor)
    if let pattern = plan.pattern { command += [Array("MATCH".utf8), pattern] }
    command += [Array("COUNT".utf8), Array(String(drawn).utf8)]
    if let type = plan.type { command += [Array("TYPE".utf8), Array(type.utf8)] }
    batch.append(command)
  }

  /// Asks about the keys of a page, in pieces that hold the server no longer than the pace allows.
  ///
  /// For each piece that goes, one of the page before is awaited: pieces that arrived apart from each other are
  /// followed by pieces that arrive so.
  private mutating func sendMeasurements(
    of page: KeyPage, behind previous: KeyPage? = nil
  ) throws(ClientError) {
    page.beginAsking()
    let bytes = page.bytes
    let count = page.ranges.count
    let pieces = max(1, Int((Double(count) / Double(plan.pace.pieceSize)).rounded()))
    for piece in 0..<pieces {
      if pieces > 1 {
        // The first has SCAN before it.
        keepApart(piece > 0 ? PaceController.targetHold : plan.pace.drawingTime(of: drawn))
      }
      batch.removeAll()
      for index in (count * piece / pieces)..<(count * (piece + 1) / pieces)
      where page.choices[index].isChosen {
        let wanted = page.choices[index].measurements
        guard !wanted.isEmpty else { continue }
        let key = bytes.span.extracting(page.ranges[index])
        page.choices[index].measurements = measurer.append(wanted, of: key, to: &batch)
      }
      page.underWay.append(batch.count)
      try sendBatch()
      if let previous, piece + 1 < pieces { try receivePiece(of: previous) }
    }
  }

  private mutating func sendBatch() throws(ClientError) {
    guard !batch.isEmpty else { return }
    clock.noteSent()
    try channel.send(batch)
  }

  /// Lets most of the time pass that the server takes for what was sent last.
  private func keepApart(_ hold: Duration) {
    guard let passed = clock.sinceSent else { return }
    let rest = hold * 7 / 8 - passed
    if rest > .zero { channel.pause(rest) }
  }

  /// Keeps to the pace.
  private func rest() {
    let pause = plan.pace.pause(elapsed: clock.elapsed)
    if pause > .zero { channel.pause(pause) }
  }
}
