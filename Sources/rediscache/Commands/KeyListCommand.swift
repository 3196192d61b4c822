import Bytes
import Keyspace
import Operations
import Quantities
import RedisClient
import Reporting

/// `rediscache scan --list`: the chosen keys one by one.
struct KeyListCommand {
  let scan: ScanOptions
  /// At most so many keys; nil for all.
  let limit: Int?
  let output: OutputOptions
  let request: WalkRequest

  /// What an operation ended with, and how the command ends then.
  private struct Ending {
    let isComplete: Bool
    let keys: Int
    let conclude: () throws -> Void
  }

  /// Lists the keys of a server.
  func run(_ session: Session, allDatabases: Bool, _ statistics: StatsLookupOptions) throws {
    let operation = ListOperation(
      request, columns: columns, of: session.target(allDatabases: allDatabases), context: session.context())
    try write { sink in
      let outcome: ListOperation<Connection>.Outcome
      do { outcome = try operation.run(sink) } catch { throw session.failure(error) }
      session.progress.clear()
      try statistics.note(outcome.lookups, session)
      return Ending(isComplete: outcome.header.isComplete, keys: outcome.keys) {
        try session.conclude(outcome.header, keys: outcome.keys, failure: outcome.failure)
      }
    }
  }

  /// Lists the keys of dump files.
  func run(_ session: DumpSession, _ dump: DumpRequest) throws {
    let operation = DumpListOperation(request, columns: columns, of: dump, context: session.context())
    try write { sink in
      let outcome: DumpListOperation.Outcome
      do { outcome = try operation.run(sink) } catch { throw session.failure(error) }
      session.progress.clear()
      return Ending(isComplete: outcome.header.isComplete, keys: outcome.keys) {
        try session.conclude(outcome.header, keys: outcome.keys, failure: outcome.failure)
      }
    }
  }

  /// Writes what an operation lists.
  private func write(_ list: (@escaping (ListedKey) -> Bool) throws -> Ending) throws {
    if scan.print0, output.writesToTerminal {
      throw Failure(
        .usage, "--print0 writes keys as they are, and a terminal would act upon what they hold",
        hints: ["send them to a file or a pipe"])
    }
    let file = try OutputFile(output.output)
    let listing = KeyListing(form, hasIdle: scan.idle)
    var refusal: (any Error)?
    var strangers: (count: Int, first: [UInt8])?
    func attempt(_ step: () throws -> Void) -> Bool {
      do { try step() } catch { refusal = error }
      return refusal == nil
    }
    guard attempt({ try file.write(listing.heading) }) else { throw refusal ?? ExitStatus.partial }
    var count = 0
    func put(_ listed: ListedKey) -> Bool {
      // A reader would take it for other keys.
      guard listing.carries(listed.key) else {
        strangers = ((strangers?.count ?? 0) + 1, strangers?.first ?? listed.key)
        return true
      }
      count += 1
      return attempt { try file.write(listing.line(listed.key, listed.details)) }
    }
    let most = limit ?? .max
    var top = scan.sort == .keys ? nil : ListTop(limit: most, order: scan.sort)
    var isFull = false
    var ended = try list { listed in
      guard top == nil else {
        top?.add(listed)
        return true
      }
      // Several nodes may find keys at the same time.
      guard !isFull else { return false }
      let goesOn = put(listed)
      isFull = count >= most
      return goesOn && !isFull
    }
    if let refusal { throw refusal }
    for listed in top?.sorted() ?? [] {
      guard put(listed) else { throw refusal ?? ExitStatus.partial }
    }
    if limit != nil { ended = bounded(ended, to: count, isFull: isFull) }
    // A list that lacks keys does not say so itself, so it never takes the place of a whole one.
    let isComplete = ended.isComplete && strangers == nil
    if isComplete, !attempt({ try file.write(listing.ending(keys: ended.keys)) }) {
      throw refusal ?? ExitStatus.partial
    }
    if isComplete || output.output == nil { try file.commit() }
    let failure = strangers.map(KeyListCommand.failure)
    if !ended.isComplete, let failure { output.warn(failure.message) }
    try ended.conclude()
    if let failure { throw failure }
  }

  /// How a list ends that was to have a number of keys at most: where it has them, nothing is missing although the walk was
  /// ended.
  private func bounded(_ ended: Ending, to count: Int, isFull: Bool) -> Ending {
    guard isFull else { return Ending(isComplete: ended.isComplete, keys: count, conclude: ended.conclude) }
    return Ending(isComplete: true, keys: count) {
      output.note("the first \(NumberText.keys(count)) that were met; there may be more")
    }
  }

  /// Says which keys are missing because the form of the list cannot carry them.
  private static func failure(_ strangers: (count: Int, first: [UInt8])) -> Failure {
    let first = KeyText.display(strangers.first, maxWidth: 80)
    let (what, verb) =
      strangers.count == 1
      ? ("the key \(first)", "is")
      : ("\(NumberText.keys(strangers.count)), the first of them \(first),", "are")
    let carriers =
      KeyListForm.nulTerminated.carries(strangers.first) ? "--print0 or --format jsonl" : "--format jsonl"
    return Failure(
      .partial, "\(what) \(verb) missing: a list in this form would be read as other keys",
      hints: ["\(carriers) can carry \(strangers.count == 1 ? "it" : "that one")"])
  }

  private var form: KeyListing.Form {
    let isTerminal = output.writesToTerminal
    if scan.print0 { return .nulTerminated }
    return switch scan.form.given {
    case .csv: .csv(forTerminal: isTerminal)
    case .jsonl: .jsonLines
    case .table, .json, .prometheus, .nagios, nil: .text(escaped: isTerminal)
    }
  }

  /// Names alone need no measuring; the other forms tell type, TTL and bytes.
  private var columns: KeyMeasurements {
    guard scan.form.given != nil else {
      switch scan.sort {
      case .memory: return [.memory]
      case .ttl: return [.ttl]
      case .keys, .name: return []
      }
    }
    return scan.idle ? [.ttl, .memory, .type, .idle] : [.ttl, .memory, .type]
  }
}

extension ListedKey {
  /// What is listed of the key beside its name.
  fileprivate var details: KeyListing.Details {
    KeyListing.Details(
      database: database, type: measure.type,
      // -1 would say that it never expires.
      ttlMilliseconds: measure.fieldsMayExpire ? nil : measure.ttlMilliseconds,
      bytes: measure.memoryBytes, idleSeconds: measure.idleSeconds)
  }
}
