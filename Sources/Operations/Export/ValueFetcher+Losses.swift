import RedisClient
import SeedFormat

/// Finds what natural form would lose: TTLs of fields, and what a stream is beside its entries.
extension ValueFetcher {
  /// The fields that one question names.
  private static let fields = ValueForm.piece

  /// True where a value of this form may hold more than its elements.
  func mayLose(_ form: ValueForm) -> Bool {
    findsLosses && (form == .stream || form == .hash && knowsFieldTimes)
  }

  /// Adds the questions about a value that was just read: each is one reply.
  ///
  /// What changes between the value and its question counts as a loss, so that nothing is missed.
  func askLosses(of value: SeedValue, _ key: [UInt8], to commands: inout CommandBuffer) {
    switch value {
    case .hash(let fields):
      for start in stride(from: 0, to: fields.count, by: ValueFetcher.fields) {
        ValueFetcher.askTimes(
          of: fields[start..<min(fields.count, start + ValueFetcher.fields)], key, to: &commands)
      }
    case .stream: commands.append([Array("XINFO".utf8), Array("STREAM".utf8), key])
    case .string, .list, .set, .sortedSet, .dump: break
    }
  }

  private static func askTimes(
    of fields: ArraySlice<SeedField>, _ key: [UInt8], to commands: inout CommandBuffer
  ) {
    commands.append(
      [Array("HPTTL".utf8), key, Array("FIELDS".utf8), Array(String(fields.count).utf8)] + fields.map(\.field)
    )
  }

  /// What the replies to `askLosses` make of a value.
  mutating func judge(
    _ value: SeedValue, by replies: ReplyBuffer, _ places: Range<Int>
  ) -> Answer {
    for place in places {
      if let answer = judge(value, by: replies[place]) { return answer }
    }
    return .value(value)
  }

  /// What one reply says against a value; nil for nothing.
  private mutating func judge(_ value: SeedValue, by reply: Reply) -> Answer? {
    if let error = reply.error { return judge(value, by: error) }
    switch value {
    case .hash:
      guard let times = try? reply.decode([RemainingTime].self) else { return ValueFetcher.unanswered(value) }
      return times.allSatisfy { $0 == .forever } ? nil : .lossy(.fieldTimes)
    case .stream(let entries):
      guard let facts = try? reply.decode(ReplyFields.self).values, let groups = facts["groups"],
        let last = facts["last-generated-id"]
      else { return ValueFetcher.unanswered(value) }
      let isShown = groups == "0" && Array(last.utf8) == entries.last?.id
      return isShown && facts["max-deleted-entry-id", default: "0-0"] == "0-0" ? nil : .lossy(.streamState)
    case .string, .list, .set, .sortedSet, .dump: return nil
    }
  }

  private mutating func judge(_ value: SeedValue, by error: ServerError) -> Answer? {
    if error.isTransient || error.isRedirection { return .refused(error) }
    if error.message.contains("no such key") { return .gone }
    if case .hash = value, error.isUnknownCommand {
      knowsFieldTimes = false
      return nil
    }
    return ValueFetcher.unanswered(value)
  }

  private static func unanswered(_ value: SeedValue) -> Answer {
    if case .hash = value { return .lossy(.unknown(command: "HPTTL")) }
    return .lossy(.unknown(command: "XINFO STREAM"))
  }

  /// Asks whether natural form keeps all of a value; nothing else may be under way.
  mutating func check(
    _ value: SeedValue, of key: [UInt8], _ form: ValueForm, on channel: some CommandChannel
  ) throws(ClientError) -> Answer {
    guard mayLose(form) else { return .value(value) }
    guard case .hash(let fields) = value else {
      try ask(on: channel) { askLosses(of: value, key, to: &$0) }
      return judge(value, by: answers, 0..<answers.count)
    }
    // One piece after the other, as they were read.
    for start in stride(from: 0, to: fields.count, by: ValueFetcher.fields) where knowsFieldTimes {
      let piece = fields[start..<min(fields.count, start + ValueFetcher.fields)]
      try ask(on: channel) { ValueFetcher.askTimes(of: piece, key, to: &$0) }
      if let answer = judge(value, by: answers[0]) { return answer }
    }
    return .value(value)
  }
}
