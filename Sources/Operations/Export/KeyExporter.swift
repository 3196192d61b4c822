import Bytes
import Keyspace
import RedisClient
import Reporting
import SeedFormat

/// Fetches the values of the keys that a walk chooses and hands them over as seed lines.
struct KeyExporter: SendingVisitor {
  /// A key whose value is to be fetched.
  private struct Item {
    let key: [UInt8]
    /// What is left of it in milliseconds; -1 for ever.
    let ttl: Int64
    var form: ValueForm
  }

  /// The values of a page should not take more bytes than this: what does not fit the buffers of a socket keeps the
  /// server waiting, and the peak of memory stays near the largest value.
  private static let pageBytes = 96 << 10
  /// Values of unknown size: a batch grows by what those before it came to.
  private static let firstPage = 4
  /// What is received before it is written down. Values that are far larger than those before would fill the memory.
  private static let portionBytes = 4 << 20

  private let request: ExportRequest
  /// What each key is asked for; taken out of the request once, because reading it there copies the whole choice.
  private let wanted: KeyMeasurements
  /// True where what a key answers decides whether it is exported.
  private let choosesByMeasure: Bool
  private let sink: ([UInt8]) -> Bool
  private let stop: @Sendable () -> ClientError?
  private var fetcher: ValueFetcher
  private var chooser: KeyChooser
  private var types = TypeGuess()
  private var pending: [Item] = []
  private var underWay: [Item] = []
  /// Keys that need more than one command, in their order.
  private var unfinished: [(item: Item, rest: Rest)] = []
  private var commands = CommandBuffer()
  private let replies = ReplyBuffer()
  private var line: [UInt8] = []
  private var bytesPerKey = 0.0
  private(set) var tally = Tally()
  /// Keys that another node has.
  private var moved: [[UInt8]] = []
  private(set) var largestPage = KeyExporter.firstPage
  private(set) var wantsStop = false

  /// What is left to do about a key whose first command did not settle it.
  private enum Rest {
    /// To ask whether natural form keeps all of a value.
    case check(SeedValue)
    /// To read the value from its start; without a form the type is asked for.
    case read(ValueForm?)
    /// To ask for the dump, because natural form does not keep all.
    case dump(ValueLoss)
  }

  /// `stop` gives the reason why the run must end between two pieces of a value.
  init(
    _ request: ExportRequest, superseded: SupersededChoice?,
    stop: @escaping @Sendable () -> ClientError?, sink: @escaping ([UInt8]) -> Bool
  ) {
    self.init(
      request, stop: stop,
      chooser: KeyChooser(request.walk, superseded: superseded, readsNames: false),
      sink: sink)
  }

  private init(
    _ request: ExportRequest, stop: @escaping @Sendable () -> ClientError?, chooser: KeyChooser,
    sink: @escaping ([UInt8]) -> Bool
  ) {
    self.request = request
    self.stop = stop
    self.sink = sink
    self.chooser = chooser
    fetcher = ValueFetcher(findsLosses: true, stop: stop)
    let selection = request.walk.selection
    let conditions = selection.neededMeasurements.union(selection.type == nil ? [] : .type)
    wanted = conditions.union(.ttl)
    choosesByMeasure = !conditions.isEmpty || request.minimumTTL != nil
  }

  // MARK: - Choosing

  let isIrrevocable = true

  func fork() -> KeyExporter {
    KeyExporter(request, stop: stop, chooser: chooser.fork(), sink: sink)
  }

  // What has been handed over stays so.
  mutating func startOver() {}

  mutating func merge(_ other: KeyExporter) {
    tally.add(other.tally, naming: request.namedAtMost)
    wantsStop = wantsStop || other.wantsStop
  }

  mutating func connectionLost() {
    // Reading once more changes nothing.
    pending = underWay + pending
    underWay = []
    // A cursor holds for the process that gave it, and another one may answer now.
    unfinished = unfinished.map { ($0.item, .read(nil)) }
  }

  mutating func takeMoved() -> [[UInt8]] {
    defer { moved = [] }
    return moved
  }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    choice.isChosen = chooser.admits(key)
    choice.measurements = wanted
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    switch outcome {
    case .vanished: tally.noteGone()
    case .moved: return
    case .forbidden: note(Array(copying: key), "its TTL or type was refused")
    case .measured(let measure):
      guard !choosesByMeasure || admits(measure) else { return }
      // Without a known TTL the record would never expire.
      guard let ttl = measure.ttlMilliseconds else {
        return note(Array(copying: key), "its TTL is not known")
      }
      enqueue(Array(copying: key), ttl: ttl)
    }
  }

  private func admits(_ measure: KeyMeasure) -> Bool {
    let selection = request.walk.selection
    return selection.admits(measure) && request.admits(ttl: measure.ttlMilliseconds)
      && (selection.type == nil || selection.type == measure.type)
  }

  /// Adds a key whose value is to be fetched.
  mutating func enqueue(_ key: [UInt8], ttl: Int64) {
    pending.append(Item(key: key, ttl: ttl, form: request.dumps ? .dump : types.guess(for: key)))
  }

  // MARK: - Fetching

  var mustCatchUp: Bool { !unfinished.isEmpty }

  mutating func endPage(on channel: some CommandChannel) throws(ClientError) {
    let arrived = try receive(on: channel)
    // The server works on the next values while these are written down, which they are even where it is gone by now.
    defer { take(arrived) }
    if unfinished.isEmpty { try send(on: channel) }
  }

  mutating func catchUp(on channel: some CommandChannel) throws(ClientError) {
    take(try receive(on: channel))
    try finishAll(on: channel)
  }

  mutating func endWalk(on channel: some CommandChannel) throws(ClientError) {
    try catchUp(on: channel)
    try send(on: channel)
    try catchUp(on: channel)
  }

  private mutating func send(on channel: some CommandChannel) throws(ClientError) {
    guard !pending.isEmpty, !wantsStop else { return }
    commands.removeAll()
    for item in pending { item.form.ask(item.key, to: &commands) }
    swap(&underWay, &pending)
    pending.removeAll(keepingCapacity: true)
    try channel.send(commands)
  }

  /// Receives the values that are under way, and gives back whose they are; where they take much memory, all but the last
  /// are written down already.
  private mutating func receive(on channel: some CommandChannel) throws(ClientError) -> [Item] {
    let keys = underWay.count
    var bytes = 0
    while !underWay.isEmpty {
      replies.removeAll()
      try channel.receive(upTo: underWay.count, ofAbout: KeyExporter.portionBytes, into: replies)
      for index in 0..<replies.count where replies.hasErrors {
        // The server answers nothing now: all of it is asked for again once it does.
        if let error = replies[index].error, error.isTransient {
          throw ClientError(error, to: "a question for a value", at: channel.endpoint)
        }
      }
      bytes += replies.bytes.count
      let arrived = Array(underWay.prefix(replies.count))
      underWay.removeFirst(replies.count)
      guard !underWay.isEmpty else {
        adapt(to: bytes, keys: keys)
        return arrived
      }
      take(arrived)
    }
    return []
  }

  private mutating func take(_ arrived: [Item]) {
    for (index, item) in arrived.enumerated() where !wantsStop {
      switch fetcher.read(replies[index], as: item.form) {
      case .done(.lossy(let loss)): unfinished.append((item, .dump(loss)))
      case .done(let answer): take(answer, of: item)
      case .unchecked(let value): unfinished.append((item, .check(value)))
      case .unread(let form): unfinished.append((item, .read(form)))
      }
    }
  }

  /// Finishes what a single command could not fetch.
  private mutating func finishAll(on channel: some CommandChannel) throws(ClientError) {
    try checkAll(on: channel)
    while let (item, rest) = unfinished.first, !wantsStop {
      let answer: ValueFetcher.Answer
      var loss: ValueLoss?
      switch rest {
      case .check(let value): answer = try fetcher.check(value, of: item.key, item.form, on: channel)
      case .read(let form): answer = try fetcher.fetch(item.key, as: form, on: channel)
      case .dump(let reason):
        loss = reason
        answer = try fetcher.fetch(item.key, as: .dump, on: channel)
      }
      try expectAnswer(answer, at: channel.endpoint)
      if case .lossy(let reason) = answer {
        unfinished[0].rest = .dump(reason)
        continue
      }
      if case .read(nil) = rest, case .value(let value) = answer,
        let form = value.typeName.flatMap(ValueForm.init(rawValue:))
      {
        types.learn(form, of: item.key)
      }
      take(answer, of: item, inPlaceOf: loss)
      unfinished.removeFirst()
    }
    unfinished = []
  }

  /// Asks about all values at once that are whole and may hold more than their elements.
  private mutating func checkAll(on channel: some CommandChannel) throws(ClientError) {
    guard unfinished.contains(where: { if case .check = $0.rest { true } else { false } }) else { return }
    var places: [Range<Int>] = []
    try fetcher.ask(on: channel) { commands in
      for (item, rest) in unfinished {
        let start = commands.count
        if case .check(let value) = rest { fetcher.askLosses(of: value, item.key, to: &commands) }
        places.append(start..<commands.count)
      }
    }
    var rests: [(item: Item, rest: Rest)] = []
    var settled: [(item: Item, answer: ValueFetcher.Answer)] = []
    for (index, entry) in unfinished.enumerated() {
      guard case .check(let value) = entry.rest else {
        rests.append(entry)
        continue
      }
      let answer = fetcher.judge(value, by: fetcher.answers, places[index])
      try expectAnswer(answer, at: channel.endpoint)
      if case .lossy(let loss) = answer {
        rests.append((entry.item, .dump(loss)))
      } else {
        settled.append((entry.item, answer))
      }
    }
    // Nothing is handed over before all answers are in: what fails before is asked again.
    unfinished = rests
    for (item, answer) in settled where !wantsStop { take(answer, of: item) }
  }

  /// Throws where the server answers nothing now: the value is asked for again once it does.
  private func expectAnswer(_ answer: ValueFetcher.Answer, at endpoint: Endpoint) throws(ClientError) {
    if case .refused(let error) = answer, error.isTransient {
      throw ClientError(error, to: "a question for a value", at: endpoint)
    }
  }

  /// Keeps the values of a page within bounds, whatever the size of a value.
  private mutating func adapt(to bytes: Int, keys: Int) {
    let observed = Double(bytes) / Double(max(1, keys))
    bytesPerKey = max(observed, bytesPerKey + (observed - bytesPerKey) / 4)
    let wanted = Int(min(1e6, Double(KeyExporter.pageBytes) / max(1, bytesPerKey)))
    largestPage = max(1, min(wanted, largestPage * 2))
  }

  // MARK: - Handing over

  private mutating func take(_ answer: ValueFetcher.Answer, of item: Item, inPlaceOf loss: ValueLoss? = nil) {
    switch answer {
    case .gone: tally.noteGone()
    case .value(let value):
      line.removeAll(keepingCapacity: line.capacity < 1 << 20)
      let expiry = item.ttl < 0 ? SeedExpiry.never : SeedExpiry(left: item.ttl)
      SeedWriter.append(SeedRecord(key: item.key, value: value, expiry: expiry), to: &line)
      guard sink(line) else {
        wantsStop = true
        return
      }
      tally.noteWritten(inPlaceOf: loss)
    case .lossy(let loss): note(item.key, "it \(loss.reason)")
    case .refused(let error) where error.isRedirection: moved.append(item.key)
    case .refused(let error):
      let refusal = error.shownMessage
      note(item.key, loss.map { "it \($0.reason), and DUMP was answered with: \(refusal)" } ?? refusal)
    }
  }

  private mutating func note(_ key: [UInt8], _ reason: String) {
    tally.noteUnread(key, reason, naming: request.namedAtMost)
  }
}

extension KeyExporter {
  /// What became of the keys that an export has chosen.
  struct Tally {
    /// Keys whose records were handed over.
    private(set) var written = 0
    /// Keys that had gone before their values were read.
    private(set) var gone = 0
    /// Keys whose values could not be read.
    private(set) var unread = 0
    /// The first of those, with the reasons.
    private(set) var named: [ExportReport.Unread] = []
    /// Keys that were written as dumps because natural form would have lost something, by what that is.
    private(set) var dumped: [String: Int] = [:]

    mutating func noteWritten(inPlaceOf loss: ValueLoss?) {
      written += 1
      if let loss { dumped[loss.name, default: 0] += 1 }
    }

    mutating func noteGone() { gone += 1 }

    /// Counts a key that could not be read, and names it while no more than `limit` are named.
    mutating func noteUnread(_ key: [UInt8], _ reason: String, naming limit: Int) {
      unread += 1
      if named.count < limit { named.append(ExportReport.Unread(key: key, reason: reason)) }
    }

    /// Adds what another node's keys came to.
    mutating func add(_ other: KeyExporter.Tally, naming limit: Int) {
      written += other.written
      gone += other.gone
      unread += other.unread
      named += other.named.prefix(max(0, limit - named.count))
      dumped.merge(other.dumped, uniquingKeysWith: +)
    }
  }
}
