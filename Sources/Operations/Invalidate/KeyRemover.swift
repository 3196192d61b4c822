import Bytes
import Keyspace
import RedisClient
import Reporting

/// Removes the keys of a walk, or only counts them: the chooser gathers them into batches, the sender has those removed,
/// and the ledger keeps account.
///
/// A count takes the same way; only nothing is sent.
struct KeyRemover: SendingVisitor {
  /// What one pass over the chosen keys may do, and how.
  struct Pass {
    let superseded: SupersededChoice?
    /// The bound on removed keys; nil where keys are only counted.
    let limit: WriteLimit?
    /// The tags whose members are walked.
    let tags: [TagSource]
    /// The most keys that the sources name.
    let mostKeys: Int
    /// The bound on the keys of one command.
    let keysPerCommand: Int
    let policy: WriteRetryPolicy
    /// Keys that are gone, and were in a batch of an earlier run that was not answered.
    let lost: SeenKeys
    let records: RemovalRecords
    let shouldStop: () -> Bool

    var isCount: Bool { limit == nil }
  }

  private let isCount: Bool
  private let budget: RemovalBudget
  private var source = KeySource.database
  private var chooser: RemovalChooser
  private var sender: RemovalSender
  private(set) var ledger: RemovalLedger
  /// What had been counted when the source was begun, for a count that starts over.
  private var before: (ledger: RemovalLedger, seen: SeenKeys)

  init(_ request: InvalidateRequest, _ pass: Pass) {
    isCount = pass.isCount
    budget = RemovalBudget(limit: pass.limit ?? WriteLimit(maximumKeys: nil))
    chooser = RemovalChooser(request, pass, budget: budget)
    sender = RemovalSender(request, pass, budget: budget)
    ledger = RemovalLedger(separator: request.walk.naming.separator)
    before = (ledger, SeenKeys())
  }

  /// Says where the keys of the next walk come from.
  mutating func begin(_ source: KeySource) {
    self.source = source
    chooser.begin(source)
    sender.begin(source)
    if isCount { before = (ledger, chooser.seen) }
  }

  /// Tags that are members of a tag: they are removed when all members are known.
  var postponed: [[UInt8]] { chooser.postponed }

  /// What the reader must know.
  var warnings: [String] { sender.warnings + ledger.warnings }

  /// Counts what was sent and will never be answered.
  mutating func abandon() { sender.abandon(ledger: &ledger) }

  // MARK: - Several nodes

  func fork() -> KeyRemover {
    var other = self
    other.chooser = chooser.fork()
    other.sender = sender.fork()
    other.ledger = ledger.fork()
    other.before = (other.ledger, SeenKeys())
    return other
  }

  mutating func merge(_ other: KeyRemover) {
    var other = other
    other.abandon()
    ledger.merge(other.ledger)
    chooser.merge(other.chooser)
    sender.merge(other.sender)
  }

  mutating func startOver() {
    if isCount {
      ledger.restoreCounts(of: before.ledger)
      chooser.restore(before.seen)
      _ = (chooser.takeBatch(), sender.dropBatches())
      return
    }
    // What is removed stays removed; what is not will be named again.
    guard source.namesLiveKeys else { return }
    budget.giveBack(chooser.takeBatch().count + sender.dropBatches())
    ledger.forgetLiving()
  }

  // MARK: - Choosing

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    chooser.choose(key, ledger: &ledger)
  }

  mutating func unchoose(_ key: Span<UInt8>) { chooser.forget(key) }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    chooser.visit(key, choice, outcome, ledger: &ledger)
    if chooser.isFull { sender.add(chooser.takeBatch()) }
  }

  private mutating func sealBatch() {
    if !chooser.batch.isEmpty { sender.add(chooser.takeBatch()) }
  }

  // MARK: - Removing

  var wantsStop: Bool { ledger.stop != nil }
  var isCutShort: Bool { sender.isCutShort }
  var mustCatchUp: Bool { sender.mustCatchUp }

  mutating func endPage(on channel: some CommandChannel) throws(ClientError) {
    if chooser.isWorthSending { sealBatch() }
    try sender.endPage(on: channel, ledger: &ledger)
  }

  mutating func catchUp(on channel: some CommandChannel) throws(ClientError) {
    try sender.catchUp(on: channel, ledger: &ledger)
  }

  mutating func endWalk(on channel: some CommandChannel) throws(ClientError) {
    sealBatch()
    try sender.catchUp(on: channel, ledger: &ledger)
  }

  mutating func takeMoved() -> [[UInt8]] { sender.takeMoved() }

  mutating func connectionLost() { sender.connectionLost(ledger: &ledger) }
}
