import RedisClient
import SeedFormat

/// Reads whole values, large collections piece by piece.
///
/// The beginning is asked for with the command of the type that a key is expected to have; where that is wrong, the
/// server says so, and the type is asked for.
struct ValueFetcher {
  /// What a key held.
  enum Answer: Equatable {
    case value(SeedValue)
    /// The key has gone.
    case gone
    /// The value has no natural form that keeps all of it.
    case lossy(ValueLoss)
    case refused(ServerError)
  }

  /// What the first command said.
  enum First {
    case done(Answer)
    /// The value is whole; whether natural form keeps all of it must be asked.
    case unchecked(SeedValue)
    /// The value must be read from its start, with the type that is known; nil where the key has another than expected.
    case unread(ValueForm?)
  }

  /// What one way of reading a collection came to.
  private enum Reading {
    case answer(Answer)
    /// The key has another type by now.
    case wrongType
    /// Elements may have been missed; the bytes that came.
    case torn(bytes: Int)
  }

  /// How often a key is read from its start before it is given up.
  private static let attempts = 3
  /// What may be asked for in one reply where pieces do not fit together.
  private static let wholeBytes = 8 << 20
  /// The pages of a collection beyond one for each of its elements, before a cursor counts as one that never ends.
  private static let sparePages = 10_000
  /// The elements by which two pieces of a list overlap, to show that nothing was moved between them.
  private static let overlap = 8

  /// Why the run must end now; nil where it may continue.
  let stop: () -> ClientError?
  /// True where values that natural form would change are told from others.
  let findsLosses: Bool
  /// False once the server has said that it knows no TTLs of fields.
  var knowsFieldTimes = true
  private let replies = ReplyBuffer()

  init(findsLosses: Bool, stop: @escaping () -> ClientError? = { nil }) {
    self.findsLosses = findsLosses
    self.stop = stop
  }

  // MARK: - The first command

  /// Reads the reply to `ValueForm.ask`.
  func read(_ reply: Reply, as form: ValueForm) -> First {
    if let error = reply.error { return error.code == "WRONGTYPE" ? .unread(nil) : .done(.refused(error)) }
    if reply.isNull { return .done(.gone) }
    switch form {
    case .string, .dump: return .done(form.value(reply).map(Answer.value) ?? ValueFetcher.senseless(reply))
    case .hash, .set:
      guard let page = form.page(reply) else { return .done(ValueFetcher.senseless(reply)) }
      guard page.cursor == CommandWord.zero else { return .unread(form) }
      return first(page.value, form)
    case .list, .zset, .stream:
      guard let value = form.value(reply) else { return .done(ValueFetcher.senseless(reply)) }
      return value.count < ValueForm.piece ? first(value, form) : .unread(form)
    }
  }

  private func first(_ value: SeedValue, _ form: ValueForm) -> First {
    // Redis keeps no empty collections but streams.
    guard value.count > 0 else { return .done(form == .stream ? .lossy(.emptyStream) : .gone) }
    return mayLose(form) ? .unchecked(value) : .done(.value(value))
  }

  /// Whatever fits no answer of a command is a fault, never a value of which half is used.
  private static func senseless(_ reply: Reply) -> Answer {
    .refused(ServerError(line: "ERR unexpected reply, \(reply.summary)"))
  }

  // MARK: - Whole values

  /// Reads one value from its start to its end; nothing else may be under way.
  ///
  /// Without a known form the type is asked for first. Throws what `stop` gives between two pieces.
  mutating func fetch(
    _ key: [UInt8], as known: ValueForm? = nil, on channel: some CommandChannel
  ) throws(ClientError) -> Answer {
    var known = known
    for _ in 0..<ValueFetcher.attempts {
      let reading: Reading
      var form = known ?? .string
      if known == nil {
        guard let type = try askType(of: key, on: channel) else {
          return replies[0].error.map(Answer.refused) ?? ValueFetcher.senseless(replies[0])
        }
        if type == KeyTypeName.none { return .gone }
        guard let named = ValueForm(rawValue: type) else { return .lossy(.type(type)) }
        form = named
        if let whole = try readAtOnce(key, form, on: channel) {
          reading = whole
        } else {
          reading = try read(key, form, on: channel)
        }
      } else {
        reading = try read(key, form, on: channel)
      }
      switch reading {
      case .answer(.value(let value)): return try check(value, of: key, form, on: channel)
      case .answer(let answer): return answer
      // Retyped meanwhile: what was there has gone, and something else bears the name.
      case .wrongType: known = nil
      case .torn: return .lossy(.changing)
      }
    }
    return .refused(ServerError(line: "ERR the key changes its type again and again"))
  }

  /// The type of a key; nil where the reply is none.
  private func askType(of key: [UInt8], on channel: some CommandChannel) throws(ClientError) -> String? {
    try ask(on: channel) { $0.append([CommandWord.type, key]) }
    return (try? replies[0].decode(KeyTypeName.self))?.name
  }

  /// Reads a value with one command; nil where there is more than a piece.
  private func readAtOnce(
    _ key: [UInt8], _ form: ValueForm, on channel: some CommandChannel
  ) throws(ClientError) -> Reading? {
    try ask(on: channel) { form.ask(key, to: &$0) }
    switch read(replies[0], as: form) {
    case .done(let answer): return .answer(answer)
    case .unchecked(let value): return .answer(.value(value))
    case .unread(let known): return known == nil ? .wrongType : nil
    }
  }

  /// Reads a value in pieces; where these do not fit together once more, in one reply if that is not too large.
  private func read(
    _ key: [UInt8], _ form: ValueForm, on channel: some CommandChannel
  ) throws(ClientError) -> Reading {
    guard form.length != nil else {
      return form == .stream ? try readEntries(key, on: channel) : try readWhole(key, form, on: channel)
    }
    let first = try readPieces(key, form, on: channel)
    guard case .torn(let bytes) = first else { return first }
    if bytes <= ValueFetcher.wholeBytes { return try readWhole(key, form, on: channel) }
    // By its places a sorted set comes in its order, but only SCAN finds all of one whose scores change.
    return form == .list ? try readPieces(key, form, on: channel) : try readPages(key, form, on: channel)
  }

  private func readPieces(
    _ key: [UInt8], _ form: ValueForm, on channel: some CommandChannel
  ) throws(ClientError) -> Reading {
    switch form {
    case .list:
      try readElements(key, form, on: channel) {
        if case .list(let elements)? = $0 { elements } else { nil }
      } whole: {
        .list($0)
      }
    case .zset:
      try readElements(key, form, on: channel) {
        if case .sortedSet(let members)? = $0 { members } else { nil }
      } whole: {
        .sortedSet($0)
      }
    default: try readPages(key, form, on: channel)
    }
  }

  private func readWhole(
    _ key: [UInt8], _ form: ValueForm, on channel: some CommandChannel
  ) throws(ClientError) -> Reading {
    try ask(on: channel) { form.askWhole(key, to: &$0) }
    if let ending = ValueFetcher.ending(replies[0]) { return ending }
    guard let value = form.value(replies[0]) else { return .answer(ValueFetcher.senseless(replies[0])) }
    return .answer(form.length != nil && value.count == 0 ? .gone : .value(value))
  }

  /// Reads a hash, a set or a sorted set with its SCAN: what was there all the time comes for certain.
  ///
  /// Fewer elements than were ever counted meanwhile mean that some were replaced: the pages are of different values.
  private func readPages(
    _ key: [UInt8], _ form: ValueForm, on channel: some CommandChannel
  ) throws(ClientError) -> Reading {
    var assembly = ValueAssembly()
    var cursor = CommandWord.zero
    var (pages, least) = (0, Int.max)
    repeat {
      try ask(on: channel) { commands in
        ValueFetcher.askLength(of: key, form, to: &commands)
        form.askPage(of: key, from: cursor, to: &commands)
      }
      if let ending = ValueFetcher.ending(replies[0]) ?? ValueFetcher.ending(replies[1]) { return ending }
      guard let count = ValueFetcher.count(replies[0]), let page = form.page(replies[1]) else {
        return .answer(ValueFetcher.senseless(replies[1]))
      }
      guard count > 0 else { return .answer(.gone) }
      least = min(least, count)
      assembly.append(page.value)
      cursor = page.cursor
      pages += 1
      guard assembly.bytes <= SeedReader.longestRecord, pages <= ValueFetcher.sparePages + count else {
        return ValueFetcher.endless
      }
    } while cursor != CommandWord.zero
    try ask(on: channel) { ValueFetcher.askLength(of: key, form, to: &$0) }
    if let ending = ValueFetcher.ending(replies[0]) { return ending }
    guard let count = ValueFetcher.count(replies[0]) else {
      return .answer(ValueFetcher.senseless(replies[0]))
    }
    guard count > 0 else { return .answer(.gone) }
    guard assembly.count >= min(least, count) else { return .torn(bytes: assembly.bytes) }
    return .answer(.value(assembly.value(as: form)))
  }

  /// Reads a list or a sorted set by places, in pieces that overlap: where one does not continue the one before, elements
  /// have moved.
  private func readElements<Element: Equatable>(
    _ key: [UInt8], _ form: ValueForm, on channel: some CommandChannel, of piece: (SeedValue?) -> [Element]?,
    whole: ([Element]) -> SeedValue
  ) throws(ClientError) -> Reading {
    var elements: [Element] = []
    var (bytes, before) = (0, 0)
    while true {
      let seam = min(elements.count, ValueFetcher.overlap)
      let start = elements.count - seam
      try ask(on: channel) { commands in
        ValueFetcher.askLength(of: key, form, to: &commands)
        form.askElements(of: key, start..<(start + seam + ValueForm.piece), to: &commands)
      }
      if let ending = ValueFetcher.ending(replies[0]) ?? ValueFetcher.ending(replies[1]) { return ending }
      guard let count = ValueFetcher.count(replies[0]), let more = piece(form.value(replies[1])) else {
        return .answer(ValueFetcher.senseless(replies[1]))
      }
      guard count > 0 else { return .answer(.gone) }
      if elements.isEmpty { before = count }
      guard more.count >= seam, more[..<seam] == elements[start...] else { return .torn(bytes: bytes) }
      elements += more[seam...]
      bytes += whole(Array(more[seam...])).size
      guard bytes <= SeedReader.longestRecord else { return ValueFetcher.endless }
      guard more.count < seam + ValueForm.piece else { continue }
      // The length came just before the last piece.
      return before <= elements.count && count <= elements.count
        ? .answer(.value(whole(elements))) : .torn(bytes: bytes)
    }
  }

  /// Reads a stream by ids, which only rise.
  private func readEntries(
    _ key: [UInt8], on channel: some CommandChannel
  ) throws(ClientError) -> Reading {
    var entries: [SeedEntry] = []
    var (bytes, start) = (0, [UInt8(ascii: "-")])
    while true {
      try ask(on: channel) { ValueForm.stream.askEntries(of: key, from: start, to: &$0) }
      if let ending = ValueFetcher.ending(replies[0]) { return ending }
      guard case .stream(let piece)? = ValueForm.stream.value(replies[0]),
        piece.first.map({ $0.follows(entries.last) }) ?? true
      else { return .answer(ValueFetcher.senseless(replies[0])) }
      entries += piece
      bytes += SeedValue.stream(piece).size
      guard bytes <= SeedReader.longestRecord else { return ValueFetcher.endless }
      // An id below 6.2 cannot be excluded from a range: the next one is named.
      guard piece.count >= ValueForm.piece, let next = piece.last?.nextID else {
        return .answer(entries.isEmpty ? .lossy(.emptyStream) : .value(.stream(entries)))
      }
      start = next
    }
  }

  // MARK: - Steps

  private static let endless = Reading.answer(
    .refused(ServerError(line: "ERR the value never ends, or takes more than a record can hold")))

  /// Sends some commands and waits for their replies, unless the run must end.
  func ask(
    on channel: some CommandChannel, _ write: (inout CommandBuffer) -> Void
  ) throws(ClientError) {
    if let error = stop() { throw error }
    var commands = CommandBuffer()
    write(&commands)
    replies.removeAll()
    try channel.send(commands)
    try channel.receive(commands.count, into: replies)
  }

  /// The replies to what was asked last.
  var answers: ReplyBuffer { replies }

  private static func askLength(of key: [UInt8], _ form: ValueForm, to commands: inout CommandBuffer) {
    if let length = form.length { commands.append([Array(length.utf8), key]) }
  }

  /// The number that a command counts; nil where the reply is none.
  private static func count(_ reply: Reply) -> Int? { (try? reply.decode(ElementCount.self))?.count }

  /// What a reply ends the reading with; nil where it continues.
  private static func ending(_ reply: Reply) -> Reading? {
    if let error = reply.error { return error.code == "WRONGTYPE" ? .wrongType : .answer(.refused(error)) }
    return reply.isNull ? .answer(.gone) : nil
  }
}

extension SeedValue {
  /// The number of elements; 1 for what is no collection.
  fileprivate var count: Int {
    switch self {
    case .string, .dump: 1
    case .hash(let fields): fields.count
    case .list(let elements), .set(let elements): elements.count
    case .sortedSet(let members): members.count
    case .stream(let entries): entries.count
    }
  }
}
