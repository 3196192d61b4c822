import Keyspace
import Quantities
import RedisClient
import Reporting
import SeedFormat

/// Keeps account of a warming: counts, TTLs, rejections, refusals, and why it stops. Writes the journal and the file
/// of rejects.
struct WarmLedger {
  private let request: WarmRequest
  private let records: WarmRecords
  private let context: RunContext
  /// Keys that the server had evicted when the run began; nil where that is unknown.
  private let evictedBefore: Int?

  /// Where the commands go, for messages.
  var endpoint: Endpoint
  /// The share of the seed that has been read, 0 to 1; nil where the source does not know.
  var share: Double?
  /// Some of the written records, to be read back.
  var sample = WarmSample()

  private(set) var counts = WarmCounts()
  /// The TTLs of what was written, in milliseconds.
  private(set) var ttl = LogHistogram()
  /// The first records that could not be loaded.
  private(set) var rejections: [WarmReport.Rejection] = []
  /// How many refusals came from the server, and the first of them.
  private(set) var failures: (count: Int, line: Int, reason: String)?
  /// The first records that the server refused.
  private(set) var refused: [RefusedKey] = []
  /// Lines for the file of rejects whose batches have not been closed yet: the file has them in the order of the journal,
  /// so that a run which resumes knows how many of them are of lines that are dealt with.
  private var pendingRejects: [(line: Int, bytes: [UInt8])] = []
  /// The bytes of those lines.
  private(set) var pendingBytes = 0
  /// Why the run ends before the seed's end; nil where it does not.
  private(set) var stop: WarmStop?
  private(set) var lastLine = 0
  /// Keys that the server has evicted since the run began.
  private(set) var evicted = 0
  private var expired = 0
  /// Memberships that were restored, or that a dry run would restore.
  private(set) var memberships = 0
  /// Records whose commands the server passed over, because the key was there: they wrote no key.
  private(set) var spared = 0
  /// What a dry run would replace; nil where the server does not say which keys are there.
  private(set) var replaced: WarmReport.Replacement?
  private var typesRefusal: String?
  /// How many keys stay as they are because their values could not be saved.
  private var unsaved = 0

  init(
    _ request: WarmRequest, records: WarmRecords, facts: ServerInfo, endpoint: Endpoint, context: RunContext
  ) {
    self.request = request
    self.records = records
    self.endpoint = endpoint
    self.context = context
    evictedBefore = facts.integer("evicted_keys")
    if request.isDryRun { replaced = WarmReport.Replacement() }
  }

  /// True where nothing more may be sent, not even what has been read already.
  var isRefused: Bool {
    switch stop {
    case .limit, .refused, .outOfMemory, .evicting, .cannotRecord: true
    case nil, .strict, .badSeed, .unreadable: false
    }
  }

  /// Ends the run because the seed cannot be read any further.
  mutating func end(_ reason: WarmStop) { stop = reason }

  // MARK: - Records that are not sent

  /// Notes a record that cannot be loaded, and keeps it for the file of rejects.
  mutating func reject(_ rejection: SeedRejection) {
    let line = rejection.position.line
    if rejections.count < WarmReport.rejectionsShown {
      rejections.append(.init(line: line, column: rejection.column, reason: rejection.reason))
    }
    if records.rejects != nil { keep(RejectLine.line(rejection), line: line) }
    if request.isStrict, stop == nil { stop = .strict(line: line, rejection.reason) }
  }

  private mutating func keep(_ reject: [UInt8], line: Int) {
    pendingRejects.append((line, reject))
    pendingBytes += reject.count
  }

  /// Keeps a record that was not written for the file of rejects. One in an envelope is only named: loaded again, it would
  /// get another.
  private mutating func keepRefused(
    _ record: SeedRecord?, _ key: [UInt8], at position: SeedPosition, _ reason: String
  ) {
    guard records.rejects != nil else { return }
    let whole = request.envelope == nil ? record : nil
    keep(RejectLine.line(refused: whole, key, at: position, reason), line: position.line)
  }

  /// Writes the rejects up to a line of the seed into their file.
  private mutating func writeRejects(through line: Int) {
    guard !pendingRejects.isEmpty else { return }
    let due = pendingRejects.filter { $0.line <= line }.sorted { $0.line < $1.line }
    pendingRejects.removeAll { $0.line <= line }
    pendingBytes = pendingRejects.reduce(0) { $0 + $1.bytes.count }
    for reject in due {
      do { try records.rejects?.append(reject.bytes) } catch {
        stop = .cannotRecord(error.message)
        return
      }
    }
  }

  /// Notes a record that had expired before it could be written.
  mutating func noteExpired() { expired += 1 }

  /// Notes a record that a dry run would have written, with its TTL in milliseconds; nil for ever.
  mutating func notePlanned(_ time: Int64?) {
    if let time { ttl.add(time) }
  }

  /// Notes memberships that a dry run would restore.
  mutating func notePlanned(memberships count: Int) { memberships += count }

  /// Notes that a dry run would write a value of some type over what a key holds, by TYPE's word.
  mutating func notePlanned(_ type: String?, over existing: String?) {
    guard let existing, existing != "none" else { return }
    replaced?.add(from: existing, to: type)
  }

  /// Notes that the server does not say which keys are there.
  mutating func noteUnknownTypes(_ error: ServerError) {
    replaced = nil
    typesRefusal = typesRefusal ?? error.shownMessage
  }

  /// Notes a record that was not sent, because what it would replace could not be saved.
  mutating func noteUnsaved(_ record: SeedRecord, at position: SeedPosition) {
    unsaved += 1
    let reason = "what it would replace could not be saved"
    refused.name([RefusedKey(line: position.line, key: record.key, reason: reason)])
    keepRefused(record, record.key, at: position, reason)
  }

  /// Counts a record as failed that was not sent, because the server would refuse it.
  mutating func noteUnsent(_ refusal: ServerError, of key: [UInt8], line: Int) {
    // Counted at once: a batch that is dropped takes its counts along.
    counts.failed += 1
    judge(refusal, of: key, line: line, reason(of: refusal, nil))
  }

  // MARK: - Replies

  /// Counts a record by the replies to it.
  mutating func settle(
    _ write: RecordWrite, _ outcome: RecordWrite.Outcome, isRepeated: Bool, in done: inout WarmCounts
  ) {
    let isWritten = outcome.isWritten || write.earlier?.isWritten == true
    if !isWritten, let hash = write.sampled { sample.remove(hash) }
    if isWritten, let time = write.time { ttl.add(time) }
    switch outcome {
    case _ where isWritten:
      done.written += 1
      memberships += write.memberships
    // Sent again, it may have met what it had written itself, or have written before the server took no more.
    case .skipped where isRepeated && write.earlier == nil: done.unknown += 1
    case .refused(let error) where isRepeated && write.earlier == nil && error.stopsWriting: done.unknown += 1
    default:
      if case .skipped = outcome { spared += 1 }
      done.count(outcome)
    }
    judge(outcome, of: write, isCounted: !isWritten)
  }

  /// Counts a record that was sent and will not be answered any more.
  mutating func settleUnanswered(_ write: RecordWrite) {
    counts.count(write.earlier)
    if write.earlier?.isWritten == true, let time = write.time { ttl.add(time) }
  }

  /// Adds up a batch, writes the journal and reports progress.
  mutating func close(_ done: WarmCounts, through line: Int) {
    counts.add(done)
    lastLine = max(lastLine, line)
    writeRejects(through: line)
    record(done, through: line)
    context.progress(
      RunContext.Progress(
        keys: counts.records, share: share, elapsed: ContinuousClock.now - context.start))
  }

  /// Writes into the journal how far the run has come.
  ///
  /// Records that were refused because the server took no writes are left out: the next run begins with them.
  private mutating func record(_ done: WarmCounts, through line: Int) {
    switch stop {
    case .refused, .outOfMemory, .cannotRecord: return
    case nil, .limit, .evicting, .strict, .badSeed, .unreadable: break
    }
    do {
      try records.journal?.append(WarmProgress.step(through: line, done))
    } catch {
      stop = .cannotRecord(error.message)
    }
  }

  /// Stops the run where a reply means that the next one will be the same, or makes no sense.
  private mutating func judge(_ outcome: RecordWrite.Outcome, of write: RecordWrite, isCounted: Bool) {
    let line = write.position.line
    switch outcome {
    case .written, .skipped: break
    case .refused(let error):
      let reason = reason(of: error, write.record)
      if isCounted { keepRefused(write.record, write.key, at: write.position, reason) }
      judge(error, of: write.key, line: line, reason)
    case .senseless(let summary):
      guard stop == nil else { return }
      let error = DecodeError(expected: "what became of the key", found: summary)
      stop = .refused(line: line, ClientError(error, to: "a write", at: endpoint))
    }
  }

  private mutating func judge(_ error: ServerError, of key: [UInt8], line: Int, _ reason: String) {
    noteFailure(reason, of: key, line: line)
    guard stop == nil else { return }
    if error.code == "OOM" {
      stop = .outOfMemory(line: line, error.shownMessage)
    } else if error.stopsWriting {
      stop = .refused(
        line: line, ClientError(refusing: error, error.forbiddenCommand ?? "a write", endpoint))
    }
  }

  /// Notes a refusal that does not end the run by itself; the key is nil where it was not about a record.
  mutating func noteFailure(_ error: ServerError, of key: [UInt8]? = nil, line: Int) {
    noteFailure(reason(of: error, nil), of: key, line: line)
  }

  /// The first refusal decides what is said of all.
  private mutating func noteFailure(_ reason: String, of key: [UInt8]?, line: Int) {
    failures = (
      count: (failures?.count ?? 0) + 1, line: failures?.line ?? line, reason: failures?.reason ?? reason
    )
    if let key { refused.name([RefusedKey(line: line, key: key, reason: reason)]) }
  }

  private func reason(of error: ServerError, _ record: SeedRecord?) -> String {
    let reason = error.advised(for: endpoint)
    guard error.isDumpVersion else { return reason }
    let remedy = "export without \(context.spell(.dump))"
    guard case .dump(let payload)? = record?.value else {
      return "\(reason); the server that it came from is newer, or the payload is damaged: \(remedy)"
    }
    return switch DumpFooter(payload) {
    case let footer? where footer.isIntact:
      "\(reason); the payload is whole, so the server that it came from is newer (its dumps have version "
        + "\(footer.version)): load it on one as new, or \(remedy)"
    default: "\(reason); the payload is damaged"
    }
  }

  /// The line of the seed whose refusal ended the run; nil where none did.
  private var lineOfStop: Int? {
    switch stop {
    case .refused(let line, _), .outOfMemory(let line, _): line
    case nil, .limit, .evicting, .strict, .badSeed, .unreadable, .cannotRecord: nil
    }
  }

  // MARK: - Evictions

  /// True where the server reports how many keys it has evicted.
  var watchesEvictions: Bool { evictedBefore != nil }

  /// Notes how many keys the server has evicted, and ends the run where it must not evict.
  mutating func noteEvictions(_ facts: ServerInfo) {
    guard let before = evictedBefore, let now = facts.integer("evicted_keys"), before >= 0, now > before
    else { return }
    evicted = now - before
    if request.stopsOnEviction, stop == nil { stop = .evicting(keys: evicted) }
  }

  // MARK: - The end

  /// The TTLs of what was written, in seconds; nil where no key expires.
  var times: WarmReport.TTL? {
    guard let least = ttl.min, let median = ttl.quantile(0.5), let most = ttl.max else { return nil }
    return WarmReport.TTL(min: Double(least) / 1000, p50: Double(median) / 1000, max: Double(most) / 1000)
  }

  /// What the reader must know; `duplicates` are records whose key an earlier line named.
  func warnings(duplicates: Int) -> [String] {
    var warnings: [String] = []
    // The refusal that ended the run is what the run ends with.
    if let failures, failures.line != lineOfStop {
      warnings.append(
        "\(NumberText.count(failures.count)) \(failures.count == 1 ? "refusal, at" : "refusals, the first at") line \(NumberText.count(failures.line)): \(failures.reason)"
      )
    }
    warnings += sample.warnings
    if let typesRefusal {
      warnings.append(
        "TYPE is not available here: which keys are there already is not known: \(typesRefusal)")
    }
    if unsaved > 0 {
      warnings.append("left as they are because they could not be saved: \(NumberText.keys(unsaved))")
    }
    if expired > 0 {
      warnings.append("records that had expired already and were skipped: \(NumberText.count(expired))")
    }
    if duplicates > 0 {
      warnings.append(
        "\(NumberText.count(duplicates)) \(duplicates == 1 ? "record repeats" : "records repeat") a key of an earlier line: "
          + (request.policy == .overwrite ? "the last one wins" : "the first one is kept, if it was written"))
    }
    if evicted > 0 {
      warnings.append("the server evicted \(NumberText.keys(evicted)) meanwhile: the seed may not fit")
    }
    return warnings
  }
}

extension WarmCounts {
  /// Counts a record by its outcome; nil where it is not known.
  fileprivate mutating func count(_ outcome: RecordWrite.Outcome?) {
    switch outcome {
    case .written: written += 1
    case .skipped: skipped += 1
    case .refused: failed += 1
    case .senseless, nil: unknown += 1
    }
  }
}
