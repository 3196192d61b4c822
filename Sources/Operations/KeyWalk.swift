import Keyspace
import RedisClient

/// Walks the keys of one database with SCAN, measuring each page while the server already draws the next.
///
/// A flight is one SCAN followed by the measuring commands of the page before. As soon as its first reply,
/// the next page, is in, the following flight is sent, so that the server has always something to do.
struct KeyWalk<Channel: CommandChannel> {
  /// What to ask SCAN for, and how hard.
  struct Plan {
    var pattern: [UInt8]?
    var type: String?
    var pace: PaceController
  }

  /// How the walk ended.
  enum Ending: Equatable {
    /// SCAN came round to cursor 0.
    case complete
    /// The caller asked for a stop; the page in flight was finished.
    case stopped
  }

  /// Where a walk stands between two pages.
  struct Position {
    /// Keys that SCAN has returned.
    let seen: Int
    fileprivate let cursor: [UInt8]

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

  /// Runs to the end, or until `shouldStop` says so between two pages.
  ///
  /// Throws when the connection fails or SCAN is refused; the visitor then has what was seen so far.
  mutating func run<Visitor: KeyVisitor>(
    _ visitor: inout Visitor, shouldStop: (Position) -> Bool
  ) throws(ClientError) -> Ending {
    var (previous, page) = (KeyPage(), KeyPage())
    var seen = 0
    flight.removeAll()
    appendScan(cursor: [UInt8(ascii: "0")])
    try send(keys: 0, requested: 0)
    while true {
      let cursor = try receivePage(page)
      seen += page.ranges.count
      let isLast = cursor == [UInt8(ascii: "0")]
      let isStopped = !isLast && shouldStop(Position(seen: seen, cursor: cursor))
      let ends = isLast || isStopped
      // A rest begins when the server is done: before that it is none, and would count as the server's work.
      let rests = plan.pace.rests
      if rests {
        try visit(previous, &visitor)
        rest()
      }
      // The server draws the next page while this one is looked at.
      flight.removeAll()
      if !ends { appendScan(cursor: cursor) }
      try send(keys: page.ranges.count, requested: ends ? 0 : plan.pace.flightSize)
      choose(page, &visitor)
      try sendMeasurements(of: page)
      if !rests { try visit(previous, &visitor) }
      if ends {
        try visit(page, &visitor)
        return isLast ? .complete : .stopped
      }
      swap(&previous, &page)
    }
  }

  // MARK: - Sending

  private mutating func appendScan(cursor: [UInt8]) {
    var command: [[UInt8]] = [Array("SCAN".utf8), cursor]
    if let pattern = plan.pattern { command += [Array("MATCH".utf8), pattern] }
    command += [Array("COUNT".utf8), Array(String(plan.pace.flightSize).utf8)]
    if let type = plan.type { command += [Array("TYPE".utf8), Array(type.utf8)] }
    flight.append(command)
  }

  private mutating func sendMeasurements(of page: KeyPage) throws(ClientError) {
    flight.removeAll()
    let bytes = page.replies.bytes
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
    if let error = reply.error { throw ClientError(error, to: "SCAN", at: channel.endpoint) }
    let parts = reply.children
    guard parts.count == 2, let cursor = try? parts[0].decode(ReplyBytes.self),
      parts[1].appendTextRanges(to: &page.ranges)
    else {
      throw ClientError(
        DecodeError(expected: "a cursor and a page of keys", found: reply.summary), to: "SCAN",
        at: channel.endpoint)
    }
    return cursor.bytes
  }

  private func choose<Visitor: KeyVisitor>(_ page: KeyPage, _ visitor: inout Visitor) {
    let bytes = page.replies.bytes
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
    let bytes = page.replies.bytes
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
  }
}
