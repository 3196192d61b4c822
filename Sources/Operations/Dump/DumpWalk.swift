import Bytes
import Keyspace
import Quantities
import RDBFormat
import RedisClient
import Reporting

/// Walks a visitor over the keys of dump files, as ``KeyspaceWalk`` does over those of servers.
///
/// Everything that is asked of a key is in the dump, so each key is measured as soon as it is chosen.
struct DumpWalk {
  /// How the walk went.
  struct Result {
    var isComplete = true
    var failure: DumpFailure?
    /// Keys in databases that were not asked for.
    var otherDatabases = 0
    /// What the dumps do not hold.
    var unavailable: KeyMeasurements = []
    /// How far off the memory of a group may be, relative to it.
    var memoryError = 0.0
  }

  let request: WalkRequest
  let dump: DumpRequest
  let context: RunContext
  private(set) var result = Result()
  private(set) var streams: [DumpStream] = []
  /// Keys seen so far.
  private(set) var seen = 0
  private var lastingWarnings: [String] = []

  /// Keys between two looks at the clock.
  static let page = 4096

  /// Opens the files and reads their heads.
  init(_ request: WalkRequest, _ dump: DumpRequest, context: RunContext) throws(DumpFailure) {
    self.request = request
    self.dump = dump
    self.context = context
    for file in dump.files {
      do {
        streams.append(try DumpStream(file, source: file.source, checksChecksum: dump.checksChecksums))
      } catch { throw failure(error) }
    }
  }

  /// The clock by which the expiries of a dump are seen.
  func clock(of stream: DumpStream) -> ServerClock {
    guard dump.moment == .written, let createdAt = stream.facts.createdAt else {
      return ServerClock(stoppedAt: dump.wallClock)
    }
    return ServerClock(stoppedAt: Double(createdAt))
  }

  /// The earliest clock of all dumps.
  var clock: ServerClock {
    streams.map(clock(of:)).min { $0.now < $1.now } ?? ServerClock(stoppedAt: dump.wallClock)
  }

  /// The database that stands for all where no key was met.
  var firstDatabase: Int { if case .only(let database) = dump.databases { database } else { 0 } }

  // MARK: - Walking

  /// Reads all names once where superseded versions are asked for, from files that can be read again.
  mutating func learnVersions() throws(DumpFailure) -> SupersededChoice? {
    guard request.selection.learnsNames else { return nil }
    var census = VersionCensus(request.naming, request.selection)
    for file in dump.files {
      let stream = try reopened(file)
      var walked: Int?
      while let item = try stream.next() {
        guard item == .entry else { continue }
        let key = stream.reader.entry.key
        if dump.admits(database: key.database) {
          if key.database != walked {
            walked = key.database
            census.beginWalk(of: key.database, at: file.path, clock: clock)
          }
          let choice = census.choose(key.name.span)
          let outcome = KeyMeasurer.Outcome.measured(KeyMeasure(type: stream.reader.entry.typeName))
          if choice.isChosen { census.visit(key.name.span, choice, outcome) }
        }
        try pause()
      }
    }
    let choice = SupersededChoice(census, request.selection)
    lastingWarnings += choice.warnings
    return choice
  }

  private func reopened(_ file: DumpFile) throws(DumpFailure) -> DumpStream {
    guard let reopen = file.reopen else {
      throw DumpFailure(
        kind: .usage, message: "\(file.path) can be read only once, and superseded versions need two looks")
    }
    let source: any SeedSource
    do { source = try reopen() } catch { throw DumpFailure(kind: .unreadable, message: error.message) }
    return try DumpStream(file, source: source, checksChecksum: false)
  }

  /// Walks all keys. A file that fails does not keep the others from being read.
  mutating func walk(_ visitor: inout some KeyVisitor) {
    forEachStream { walk, stream throws(DumpFailure) in try walk.run(stream, &visitor) }
  }

  /// Takes a step with each of the files, and notes how it went.
  mutating func forEachStream(_ step: (inout DumpWalk, DumpStream) throws(DumpFailure) -> Void) {
    for stream in streams {
      do { try step(&self, stream) } catch {
        result.isComplete = false
        result.failure = result.failure ?? failure(error)
        if context.mustStop { return }
      }
      result.memoryError = max(result.memoryError, stream.reader.model.relativeError)
    }
  }

  private mutating func run(
    _ stream: DumpStream, _ visitor: inout some KeyVisitor
  ) throws(DumpFailure) {
    let clock = clock(of: stream)
    var walked: Int?
    while let item = try stream.next() {
      guard item == .entry else { continue }
      try pause()
      let entry = stream.reader.entry
      guard admits(entry) else { continue }
      if entry.key.database != walked {
        walked = entry.key.database
        visitor.beginWalk(of: entry.key.database, at: stream.file.path, clock: clock)
        visitor.beginPage()
      }
      let choice = visitor.choose(entry.key.name.span)
      guard choice.isChosen else { continue }
      visitor.visit(entry.key.name.span, choice, outcome(of: entry, choice.measurements, clock))
    }
  }

  /// Counts a key, and now and then reports how far the walk is and sees whether it must end.
  mutating func pause() throws(DumpFailure) {
    seen &+= 1
    guard seen.isMultiple(of: DumpWalk.page) else { return }
    let shares = streams.compactMap(\.share)
    let share = shares.count == streams.count ? shares.reduce(0, +) / Double(streams.count) : nil
    context.progress(
      RunContext.Progress(keys: seen, share: share, elapsed: ContinuousClock.now - context.start))
    if context.mustStop { throw stopped }
  }

  private var stopped: DumpFailure {
    let error = context.stopError()
    return DumpFailure(kind: .stopped(error), message: error.message)
  }

  /// A file that ends early because the run must end is not damaged.
  private func failure(_ error: DumpFailure) -> DumpFailure { context.mustStop ? stopped : error }

  // MARK: - Keys

  /// True where a key's database is meant, and its type is.
  mutating func admits(_ entry: RDBEntry) -> Bool {
    guard dump.admits(database: entry.key.database) else {
      result.otherDatabases += 1
      return false
    }
    guard let type = request.selection.type else { return true }
    return entry.typeName == type
  }

  /// What a server would answer about a key at a moment.
  mutating func outcome(
    of entry: RDBEntry, _ asked: KeyMeasurements, _ clock: ServerClock
  ) -> KeyMeasurer.Outcome {
    var measure = KeyMeasure(
      ttlMilliseconds: -1, memoryBytes: entry.memoryBytes, type: entry.typeName,
      idleSeconds: entry.key.idleSeconds)
    measure.frequency = entry.key.frequency
    measure.fieldsMayExpire = entry.key.expiresAt == nil && entry.expiringFields > 0
    if let expiry = entry.key.expiresAt {
      guard expiry > clock.now else { return .vanished }
      measure.ttlMilliseconds = expiry - clock.now
      measure.expiresAt = expiry
    }
    if measure.idleSeconds == nil, asked.contains(.idle) { result.unavailable.insert(.idle) }
    return .measured(measure)
  }
}

/// What reports say of dumps.
extension DumpWalk {
  /// The head of a report.
  func header(schema: String) -> ReportHeader {
    let server = streams.lazy.compactMap(\.facts.server).first
    var header = ReportHeader(
      schema: schema, toolVersion: context.toolVersion,
      uri: streams.map(\.file.path).joined(separator: " "), kind: "rdb", server: server?.name,
      serverVersion: server?.version, nodes: [], startedAt: context.startedAt,
      durationSeconds: context.elapsedSeconds, isComplete: result.isComplete, warnings: warnings)
    if case .only(let database) = dump.databases { header.database = database } else { header.database = nil }
    header.dump = ReportDump(
      files: streams.map { stream in
        ReportDump.File(
          path: stream.file.path,
          createdAt: stream.facts.createdAt.map { Timestamp(secondsSince1970: $0).text },
          formatVersion: stream.facts.version?.number ?? 0, usedMemoryBytes: stream.facts.usedMemory)
      }, seenAt: Timestamp(secondsSince1970: Int(clock.now / 1000)).text,
      isSeenWhenWritten: dump.moment == .written, memoryError: result.memoryError)
    return header
  }

  /// What the servers used in all; nil where a dump does not say.
  var usedMemory: Int? {
    streams.reduce(0) { sum, stream in
      sum.flatMap { sum in stream.facts.usedMemory.map { sum + $0 } }
    }
  }

  private var warnings: [String] {
    var warnings = lastingWarnings
    if dump.moment == .written, let stream = streams.first(where: { $0.facts.createdAt == nil }) {
      warnings.append(
        "\(stream.file.path) does not say when it was written: its times to live are counted from now")
    }
    if result.otherDatabases > 0, case .only(let database) = dump.databases {
      warnings.append(
        "\(NumberText.keys(result.otherDatabases)) of databases other than \(database) left out: "
          + context.advise(dump.readsEveryDatabase ? .readEveryDatabase : .chooseDatabase))
    }
    if result.unavailable.contains(.idle) {
      warnings.append(
        "the dump does not say how long keys were unused: only servers with an LRU policy write it")
    }
    if let failure = result.failure { warnings.append(failure.message) }
    return warnings
  }
}
