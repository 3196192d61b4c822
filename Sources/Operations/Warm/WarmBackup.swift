import Bytes
import RedisClient
import SeedFormat

/// Saves what a warming replaces, each key once: a second record of a key replaces what the first has written.
struct WarmBackup {
  private let backup: KeyBackup
  /// The keys that are in the backup, or were not there when they were looked at.
  private(set) var saved: SeenKeys
  /// Keys whose values this run has saved.
  private(set) var count = 0

  /// A backup in a file that holds `saved` already.
  init(_ file: any RecordFile, holding saved: SeenKeys) {
    backup = KeyBackup(file)
    self.saved = saved
  }

  /// Saves the values of keys and returns the keys whose values cannot be saved; nothing else may be under way.
  ///
  /// Ends the run where the backup cannot be written.
  mutating func save(
    _ records: [SeedRecord], in database: Int, on channel: AnyChannel, ledger: inout WarmLedger
  ) throws(ClientError) -> [[UInt8]] {
    var batch = RemovalBatch()
    for record in records { batch.append(record.key.span, group: 0) }
    let outcome = try backup.save(batch, in: database, on: channel)
    if let fault = outcome.fault { ledger.end(.cannotRecord(fault.message)) }
    if let refusal = outcome.refusal {
      ledger.noteFailure(ServerError(line: refusal), line: ledger.lastLine + 1)
    }
    let left = Set(outcome.forbidden + outcome.moved)
    for (index, record) in records.enumerated() where !left.contains(index) {
      _ = saved.insert(record.place.span)
    }
    count += outcome.count
    return left.map { records[$0].place }
  }
}
