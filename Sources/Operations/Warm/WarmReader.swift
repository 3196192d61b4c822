import Bytes
import Keyspace
import RedisClient
import Reporting
import SeedFormat

/// Reads the records of a seed, from the first that no earlier run has loaded.
///
/// A record gets the tags of the request, and where the request says so, an envelope around its value.
struct WarmReader {
  /// What the seed holds at one place.
  enum Entry {
    case record(SeedRecord, SeedPosition)
    case rejected(SeedRejection)
    /// A record that can be read, and that this run does not load.
    case refused(SeedRejection)
    /// Nothing can be read from here on.
    case unreadable(SeedRejection)
  }

  private let request: WarmRequest
  private let rule: SeedExpiryRule
  /// The last line that an earlier run has dealt with.
  private let loadedLines: Int
  private let spell: @Sendable (MentionedOption) -> String
  private var input: SeedInput
  private var seen = SeenKeys()
  /// Records that name a key which an earlier line named.
  private(set) var duplicates = 0

  init(
    _ request: WarmRequest, source: any SeedSource, spell: @escaping @Sendable (MentionedOption) -> String
  ) {
    self.spell = spell
    self.request = request
    rule = SeedExpiryRule(request)
    loadedLines = request.earlier?.line ?? 0
    input = SeedInput(source, format: request.format)
  }

  var isAtEnd: Bool { input.isAtEnd }

  /// The share of the seed that has been read, 0 to 1; nil where the source does not know.
  var share: Double? { input.share }

  /// Waits for bytes, or the end, at most `time`; false where `draw` would still have to wait.
  func isReady(within time: Duration) -> Bool { input.isReady(within: time) }

  /// Reads more bytes, waiting for them.
  mutating func draw() throws(SeedSourceError) { try input.draw() }

  /// The next entry of the bytes that have been read; nil where more are needed. `now` is the server's time in
  /// milliseconds since 1970, for envelopes.
  mutating func next(now: Int64) -> Entry? {
    while let item = input.next() {
      switch item {
      // What an earlier run has dealt with is counted there.
      case .record(_, let position) where position.line <= loadedLines: continue
      case .rejected(let rejection) where rejection.position.line <= loadedLines: continue
      case .record(let record, let position): return prepared(record, position, now: now)
      case .rejected(let rejection): return .rejected(rejection)
      case .refused(let rejection): return .unreadable(rejection)
      }
    }
    return nil
  }

  private mutating func prepared(
    _ record: consuming SeedRecord, _ position: SeedPosition, now: Int64
  ) -> Entry {
    if let number = record.database {
      switch request.databases {
      case .own where number != request.database:
        return .refused(
          SeedRejection(
            of: record, at: position,
            "it belongs to database \(number), and this run writes to database \(request.database)"
              + "; \(spell(.allDatabases)) loads each into its own"))
      case .each where number != request.database: break
      case .own, .each, .ignored: record.database = nil
      }
    }
    if !seen.insert(record.place.span) { duplicates += 1 }
    if !request.tags.isEmpty { record.tags += request.tags }
    guard request.envelope != nil else { return .record(record, position) }
    guard let wrapped = enveloped(record, now: now) else {
      let type = record.value.typeName ?? "dump"
      return .refused(
        SeedRejection(
          of: record, at: position,
          "\(spell(.envelope)) wraps strings of text, and this is a \(type == "string" ? "binary string" : type)"
        ))
    }
    record.value = .string(wrapped)
    return .record(record, position)
  }

  private func enveloped(_ record: SeedRecord, now: Int64) -> [UInt8]? {
    guard case .string(let value) = record.value else { return nil }
    var fresh = rule.freshness(of: record)
    if case .at(let moment) = record.expiry { fresh = moment - now }
    return SeedEnvelope.wrap(value, isJSON: record.isJSON, now: now, freshFor: fresh)
  }
}
