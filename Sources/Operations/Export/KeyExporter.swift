import Bytes
import Keyspace
import Quantities
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
  private static let firstPage = 50

  private let request: ExportRequest
  /// What each key is asked for; taken out of the request once, because reading it there copies the whole choice.
  private let wanted: KeyMeasurements
  /// True where what a key answers decides whether it is exported.
  private let choosesByMeasure: Bool
  private let sink: ([UInt8]) -> Bool
  private let spell: @Sendable (MentionedOption) -> String
  private var chooser: KeyChooser
  private var types = TypeGuess()
  private var pending: [Item] = []
  private var underWay: [Item] = []
  /// Keys that need more than one command, with what is known of them.
  private var unfinished: [(item: Item, beginning: SeedValue?, cursor: [UInt8])] = []
  private var commands = CommandBuffer()
  private let replies = ReplyBuffer()
  private var line: [UInt8] = []
  private var bytesPerKey = 0.0
  private(set) var written = 0
  /// Keys that were chosen and whose values could not be read.
  private(set) var unread = 0
  private var firstRefusal: String?
  /// Keys that another node has.
  private var moved: [[UInt8]] = []
  private(set) var largestPage = KeyExporter.firstPage
  private(set) var wantsStop = false

  init(
    _ request: ExportRequest, superseded: SupersededChoice?,
    spell: @escaping @Sendable (MentionedOption) -> String, sink: @escaping ([UInt8]) -> Bool
  ) {
    self.init(
      request, spell: spell,
      chooser: KeyChooser(request.walk, superseded: superseded, readsNames: false, rendersTail: false),
      sink: sink)
  }

  private init(
    _ request: ExportRequest, spell: @escaping @Sendable (MentionedOption) -> String, chooser: KeyChooser,
    sink: @escaping ([UInt8]) -> Bool
  ) {
    self.request = request
    self.spell = spell
    self.sink = sink
    self.chooser = chooser
    let selection = request.walk.selection
    let conditions = selection.neededMeasurements.union(selection.type == nil ? [] : .type)
    wanted = conditions.union(.ttl)
    choosesByMeasure = !conditions.isEmpty || request.minimumTTL != nil
  }

  // MARK: - Choosing

  let isIrrevocable = true

  func fork() -> KeyExporter {
    KeyExporter(request, spell: spell, chooser: chooser.fork(), sink: sink)
  }

  // What has been handed over stays so.
  mutating func startOver() {}

  mutating func merge(_ other: KeyExporter) {
    written += other.written
    unread += other.unread
    firstRefusal = firstRefusal ?? other.firstRefusal
    wantsStop = wantsStop || other.wantsStop
  }

  mutating func connectionLost() {
    // Reading once more changes nothing.
    pending = underWay + pending
    underWay = []
    // A cursor holds for the process that gave it, and another one may answer now.
    unfinished = unfinished.map { ($0.item, nil, []) }
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
    case .vanished, .moved: return
    case .forbidden: unread += 1
    case .measured(let measure):
      guard !choosesByMeasure || admits(measure) else { return }
      enqueue(Array(copying: key), ttl: measure.ttlMilliseconds ?? -1)
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
    for item in pending { ValueFetcher.ask(item.key, as: item.form, from: CommandWord.zero, to: &commands) }
    swap(&underWay, &pending)
    pending.removeAll(keepingCapacity: true)
    try channel.send(commands)
  }

  /// Receives the values that are under way, and gives back whose they are.
  private mutating func receive(on channel: some CommandChannel) throws(ClientError) -> [Item] {
    guard !underWay.isEmpty else { return [] }
    replies.removeAll()
    try channel.receive(underWay.count, into: replies)
    for index in underWay.indices where replies.hasErrors {
      // The server answers nothing now: all of it is asked for again once it does.
      if let error = replies[index].error, error.isTransient {
        throw ClientError(error, to: "a question for a value", at: channel.endpoint)
      }
    }
    adapt(to: replies.bytes.count, keys: underWay.count)
    defer { underWay = [] }
    return underWay
  }

  private mutating func take(_ arrived: [Item]) {
    for (index, item) in arrived.enumerated() where !wantsStop {
      switch ValueFetcher.read(replies[index], as: item.form, from: CommandWord.zero) {
      case .done(let answer): take(answer, of: item)
      case .wrongType: unfinished.append((item, nil, []))
      case .more(let beginning, let cursor): unfinished.append((item, beginning, cursor))
      }
    }
  }

  /// Finishes, one by one, what a single command could not fetch.
  private mutating func finishAll(on channel: some CommandChannel) throws(ClientError) {
    while let (item, beginning, cursor) = unfinished.first, !wantsStop {
      if let beginning {
        let answer = try ValueFetcher.finish(item.key, item.form, beginning, from: cursor, on: channel)
        try expectAnswer(answer, at: channel.endpoint)
        take(answer, of: item)
      } else {
        let answer = try ValueFetcher.fetch(item.key, on: channel)
        try expectAnswer(answer, at: channel.endpoint)
        if case .value(let value) = answer, let form = value.typeName.flatMap(ValueForm.init(rawValue:)) {
          types.learn(form, of: item.key)
        }
        take(answer, of: item)
      }
      unfinished.removeFirst()
    }
    unfinished = []
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

  private mutating func take(_ answer: ValueFetcher.Answer, of item: Item) {
    switch answer {
    case .gone: return
    case .value(let value):
      let expiry: SeedExpiry = item.ttl < 0 ? .never : .after(milliseconds: max(1, item.ttl))
      line.removeAll(keepingCapacity: line.capacity < 1 << 20)
      SeedWriter.append(SeedRecord(key: item.key, value: value, expiry: expiry), to: &line)
      guard sink(line) else {
        wantsStop = true
        return
      }
      written += 1
    case .emptyStream:
      note("\(KeyText.quoted(item.key)) is a stream without entries, which only \(spell(.dump)) can export")
    case .unknownType(let type):
      note(
        "\(KeyText.quoted(item.key)) is of type \(KeyText.sanitized(type)), which only \(spell(.dump)) can export"
      )
    case .refused(let error) where error.isRedirection: moved.append(item.key)
    case .refused(let error): note(error.shownMessage)
    }
  }

  private mutating func note(_ reason: String) {
    unread += 1
    firstRefusal = firstRefusal ?? reason
  }

  /// What the reader must know.
  var warnings: [String] {
    guard unread > 0 else { return [] }
    return [
      "\(NumberText.keys(unread)) not exported" + (firstRefusal.map { ", the first because: \($0)" } ?? "")
    ]
  }
}
