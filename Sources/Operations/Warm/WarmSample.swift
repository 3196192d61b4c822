import Bytes
import Quantities
import RedisClient
import Reporting
import SeedFormat

/// A few of the records that were written, to be read back: those whose keys have the smallest hashes, which is a
/// fair choice, and of two records with one key the last.
struct WarmSample {
  /// The most records that are kept.
  static let size = 100
  /// The most bytes of a value that is kept.
  static let longest = 64 << 10

  /// Records that are too large to be kept.
  private(set) var tooLarge = 0
  private(set) var records: [(hash: UInt64, record: SeedRecord)] = []
  /// The first of the records that has not been compared.
  private var next = 0
  /// What comparing has found so far.
  private(set) var result = WarmReport.Verification()
  /// Written keys that could not be read back, and why the first of them.
  private var unreadable: (count: Int, reason: String)?

  /// Takes a record that is about to be written, if it is among the chosen; gives its hash then.
  mutating func offer(_ record: SeedRecord) -> UInt64? {
    let hash = KeyHash.value(record.place.span)
    guard record.value.size <= WarmSample.longest else {
      tooLarge += 1
      // The key does not hold an earlier record any more.
      remove(hash)
      return nil
    }
    if let place = records.firstIndex(where: { $0.hash == hash }) {
      records[place].record = record
      return hash
    }
    guard records.count < WarmSample.size || hash < (records.last?.hash ?? 0) else { return nil }
    let place = records.firstIndex { $0.hash > hash } ?? records.count
    records.insert((hash, record), at: place)
    if records.count > WarmSample.size { records.removeLast() }
    return hash
  }

  /// Forgets a record that was not written after all.
  mutating func remove(_ hash: UInt64) { records.removeAll { $0.hash == hash } }

  /// Reads the next key back and compares; false where all have been. Nothing else may be under way on the channel.
  ///
  /// `now` is the server's time in milliseconds since 1970; `enter` selects the database of a record, nil for that of the
  /// run; `stop` gives the reason why the run must end between two pieces of a value. A key whose connection was lost is
  /// read once more by the next call.
  mutating func compareNext(
    on channel: some CommandChannel, now: Int64, stop: @escaping () -> ClientError?,
    enter: (Int?) throws(ClientError) -> Void
  ) throws(ClientError) -> Bool {
    guard next < records.count else { return false }
    let record = records[next].record
    if records.contains(where: { $0.record.database != nil }) { try enter(record.database) }
    // What was written is compared, not what else the key may hold.
    var fetcher = ValueFetcher(findsLosses: false, stop: stop)
    let form: ValueForm? = if case .dump = record.value { .dump } else { nil }
    let answer = try fetcher.fetch(record.key, as: form, on: channel)
    if case .value(let value) = answer {
      var comparison = value.compared(with: record.value)
      if comparison != .different, try !isMember(record, now: now, on: channel) { comparison = .different }
      note(answer, comparison, of: record)
    } else {
      note(answer, .different, of: record)
    }
    next += 1
    return true
  }

  private mutating func note(
    _ answer: ValueFetcher.Answer, _ comparison: SeedValue.Comparison, of record: SeedRecord
  ) {
    if comparison == .unknown { result.undecided += 1 } else { result.compared += 1 }
    guard comparison == .different else { return }
    if case .gone = answer {
      result.gone += 1
      return
    }
    if case .refused(let error) = answer { noteUnreadable(error) }
    result.different += 1
    if result.examples.count < 3 { result.examples.append(record.key) }
  }

  /// True where a key is in all sets that its record names, with the same scores.
  private mutating func isMember(
    _ record: SeedRecord, now: Int64, on channel: some CommandChannel
  ) throws(ClientError) -> Bool {
    let memberships = record.memberships.filter { !$0.isOver(now) }
    guard !memberships.isEmpty else { return true }
    var commands = CommandBuffer()
    for membership in memberships {
      let name = membership.score == nil ? CommandWord.isMember : CommandWord.score
      commands.append([name, membership.set, membership.member])
    }
    let replies = ReplyBuffer()
    try channel.send(commands)
    try channel.receive(commands.count, into: replies)
    if let error = memberships.indices.lazy.compactMap({ replies[$0].error }).first { noteUnreadable(error) }
    return memberships.indices.allSatisfy { index in
      guard let score = memberships[index].score else { return replies[index].integer == 1 }
      return (try? replies[index].decode(Double.self)) == Double(String(decoding: score, as: UTF8.self))
    }
  }

  private mutating func noteUnreadable(_ error: ServerError) {
    unreadable = (count: (unreadable?.count ?? 0) + 1, reason: unreadable?.reason ?? error.shownMessage)
  }

  /// What was not compared.
  var warnings: [String] {
    var warnings: [String] = []
    if let unreadable {
      warnings.append(
        "\(NumberText.keys(unreadable.count)) could not be read back to be compared, the first because: "
          + unreadable.reason)
    }
    if tooLarge > 0 {
      warnings.append(
        "larger than \(NumberText.bytes(WarmSample.longest)) and not compared: \(NumberText.count(tooLarge)) of the records"
      )
    }
    return warnings
  }
}
