import Keyspace
import RedisClient

/// Walks the keys of one source, by SCAN for a database, measuring each page while the server already draws the
/// next.
///
/// A flight is one SCAN followed by the measuring commands of the page before. As soon as its first reply,
/// the next page, is in, the following flight is sent, so that the server has always something to do. Commands
/// of the visitor's own go behind the measuring commands.
struct KeyWalk<Channel: CommandChannel> {
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
    /// The caller or the visitor asked for a stop; the page in flight was finished.
    case stopped
  }

  /// Where a walk stands between two pages.
  struct Position {
    /// Keys that the source has named.
    let seen: Int
    fileprivate let cursor: [UInt8]

    /// The cursor that begins a walk, and that ends it.
    fileprivate static var start: [UInt8] { [UInt8(ascii: "0")] }

    fileprivate init(seen: Int, cursor: [UInt8]) {
      self.seen = seen
      self.cursor = cursor
    }

    /// The share of the keyspace that lies behind, 0 to 1; nil where the cursor is no number.
    ///
    /// Redis walks its hash table by counting in reversed binary (dictScan in its dict.c), so the cursor's
    /// bits, mirrored, are a fraction of the table. A hint for progress only: cursors are opaque.
    var share: Double? {
      guard let number = UInt64(String(decoding: cursor, as: UTF8.self)) else { return nil }
      var (mirrored, rest) = (UInt64(0), number)
      for _ in 0..<64 {
        mirrored = mirrored << 1 | rest & 1
        rest >>= 1
      }
      return Double(mirrored) / Double(UInt64.max)
    }
  }

  let channel: Channel
  var plan: Plan
  var measurer: KeyMeasurer
  private var flight = CommandBuffer()
  private let measures = ReplyBuffer()
  private var clock: FlightClock

  init(
    channel: Channel, plan: Plan, roundTrip: Duration,
    now: @escaping FlightClock.Now = { ContinuousClock.now }
  ) {
    self.channel = channel
    measurer = KeyMeasurer(user: channel.endpoint.userName)
    self.plan = plan
    clock = FlightClock(roundTrip: roundTrip, now: now)
  }

  /// Runs to the end, or until `shouldStop` or the visitor says so between two pages.
  ///
  /// Throws when the connection fails or SCAN is refused; the visitor then has what was seen so far.
  mutating func run<Visitor: KeyVisitor>(
    _ visitor: inout Visitor, shouldStop: (Position) -> Bool
  ) throws(ClientError) -> Ending {
    var (previous, page) = (KeyPage(), KeyPage())
    var seen = 0
    let list = try openList()
    flight.removeAll()
    appendPageRequest(cursor: Position.start, most: visitor.largestPage)
    try send(keys: 0, requested: 0)
    while true {
      let cursor = if let list { try take(list, page) } else { try receivePage(page) }
      seen += page.ranges.count
      let isLast = cursor == Position.start
      let isStopped = !isLast && (shouldStop(Position(seen: seen, cursor: cursor)) || visitor.wantsStop)
      let ends = isLast || isStopped
      // A rest begins when the server is done: before that it is none, and would count as the server's work.
      let isQuiet = plan.pace.rests || visitor.wantsQuiet
      if isQuiet {
        try visit(previous, &visitor)
        try visitor.catchUp(on: channel)
        rest()
      }
      // The server draws the next page while this one is looked at.
      flight.removeAll()
      let most = min(plan.pace.flightSize, visitor.largestPage)
      if !ends { appendPageRequest(cursor: cursor, most: most) }
      let requested = list == nil ? most : page.ranges.count
      try send(keys: page.ranges.count, requested: ends ? 0 : requested)
      choose(page, &visitor)
      try sendMeasurements(of: page)
      if !isQuiet { try visit(previous, &visitor) }
      if ends {
        try visit(page, &visitor)
        try visitor.endWalk(on: channel)
        return isLast ? .complete : .stopped
      }
      swap(&previous, &page)
    }
  }

  // MARK: - Sending

  private mutating func appendPageRequest(cursor: [UInt8], most: Int) {
    guard var command = plan.source.command else { return }
    command.append(cursor)
    if let pattern = plan.pattern { command += [Array("MATCH".utf8), pattern] }
    command += [Array("COUNT".utf8), Array(String(min(most, plan.pace.flightSize)).utf8)]
    if let type = plan.type { command += [Array("TYPE".utf8), Array(type.utf8)] }
    flight.append(command)
  }

  private mutating func sendMeasurements(of page: KeyPage) throws(ClientError) {
    flight.removeAll()
    let bytes = page.bytes
    for index in page.ranges.indices where page.choices[index].isChosen {
      let wanted = page.choices[index].measurements
      guard !wanted.isEmpty else { continue }
      let key = bytes.span.extracting(page.ranges[index])
      page.choices[index].measurements = measurer.append(wanted, of: key, to: &flight)
    }
    page.expectedReplies = flight.count
    if !flight.isEmpty { try channel.send(flight) }
  }

  /// Begins a flight: what is measured of the page follows.
  private mutating func send(keys: Int, requested: Int) throws(ClientError) {
    clock.noteSent(keys: keys, requested: requested)
    if !flight.isEmpty { try channel.send(flight) }
  }

  /// Keeps to the pace.
  private func rest() {
    let pause = plan.pace.pause(elapsed: clock.elapsed)
    if pause > .zero { channel.pause(pause) }
  }

  // MARK: - Receiving

  private func receivePage(_ page: KeyPage) throws(ClientError) -> [UInt8] {
    page.removeAll()
    try channel.receive(1, into: page.replies)
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

  private func openList() throws(ClientError) -> ((Int) throws(ClientError) -> KeyList.Piece)? {
    guard case .list(let list) = plan.source else { return nil }
    return try list.open()
  }

  /// Takes the next piece of a list; an empty one ends the walk as cursor 0 does.
  private func take(
    _ next: (Int) throws(ClientError) -> KeyList.Piece, _ page: KeyPage
  ) throws(ClientError) -> [UInt8] {
    page.removeAll()
    let piece = try next(plan.pace.flightSize)
    page.take(piece)
    return piece.ranges.isEmpty ? Position.start : []
  }

  private func choose<Visitor: KeyVisitor>(_ page: KeyPage, _ visitor: inout Visitor) {
    let bytes = page.bytes
    for range in page.ranges { page.choices.append(visitor.choose(bytes.span.extracting(range))) }
  }

  private mutating func visit<Visitor: KeyVisitor>(
    _ page: KeyPage, _ visitor: inout Visitor
  ) throws(ClientError) {
    measures.removeAll()
    if page.expectedReplies > 0 { try channel.receive(page.expectedReplies, into: measures) }
    if let done = clock.noteDone() {
      plan.pace.observe(keys: done.keys, requested: done.requested, service: done.time)
    }
    visitor.beginPage()
    let bytes = page.bytes
    var position = 0
    for index in page.ranges.indices {
      let choice = page.choices[index]
      guard choice.isChosen else { continue }
      let outcome = measurer.read(choice.measurements, from: measures, at: &position)
      visitor.visit(bytes.span.extracting(page.ranges[index]), choice, outcome)
    }
    if let refusal = measurer.refusal {
      throw ClientError(refusal.error, to: refusal.command, at: channel.endpoint)
    }
    try visitor.endPage(on: channel)
  }
}
