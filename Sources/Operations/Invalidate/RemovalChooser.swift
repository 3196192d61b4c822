import Bytes
import Keyspace
import Reporting

/// Decides which of the keys that a walk names are removed, and gathers them into a batch.
struct RemovalChooser {
  private let request: InvalidateRequest
  private let isCount: Bool
  private let budget: RemovalBudget
  /// True where a walk of the database meets keys that have moved at the node that has them now.
  private let meetsMoved: Bool
  /// True where keys that do not exist must not be sent: more keys are named than may be removed, or only those that
  /// exist lose their tags.
  private let asksExistence: Bool
  /// Keys that are gone, and were in a batch of an earlier run that was not answered.
  private let lost: SeenKeys
  /// The sets of the tags whose members are removed.
  private let tagNames: Set<[UInt8]>
  private let pristine: KeyChooser
  private var chooser: KeyChooser
  /// Names that a list or a tag has brought.
  private(set) var seen = SeenKeys()
  /// Where the keys of the walk come from.
  private var source = KeySource.database
  /// The keys that are chosen and not sent yet.
  private(set) var batch = RemovalBatch()
  /// Tags that are members of a tag: they are removed when all members are known.
  private(set) var postponed: [[UInt8]] = []

  init(_ request: InvalidateRequest, _ pass: KeyRemover.Pass, budget: RemovalBudget) {
    self.request = request
    self.budget = budget
    isCount = pass.isCount
    lost = pass.lost
    meetsMoved = pass.policy.meetsMoved
    tagNames = Set(request.tags.flatMap { request.tagKey.names(of: $0) })
    asksExistence =
      pass.isCount || pass.mostKeys > budget.limit.keys || request.untags && !request.prunesTags
    chooser = KeyChooser(request.walk, superseded: pass.superseded, readsNames: true)
    pristine = chooser
  }

  /// The same for another node: no key chosen yet.
  func fork() -> RemovalChooser {
    var other = self
    other.chooser = pristine.fork()
    (other.seen, other.batch, other.postponed) = (SeenKeys(), RemovalBatch(), [])
    return other
  }

  mutating func begin(_ source: KeySource) { self.source = source }

  /// Adds the tags that another node's chooser has postponed.
  mutating func merge(_ other: RemovalChooser) { postponed += other.postponed }

  /// Goes back to the names of an earlier moment.
  mutating func restore(_ seen: SeenKeys) { self.seen = seen }

  /// Forgets that a key was named: it will be named again.
  mutating func forget(_ key: Span<UInt8>) { seen.remove(key) }

  // MARK: - Choosing

  mutating func choose(_ key: Span<UInt8>, ledger: inout RemovalLedger) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    let strangers = chooser.strangers
    guard chooser.admits(key) else {
      ledger.strangers += chooser.strangers - strangers
      return choice
    }
    if !isCount, source.isTag, tagNames.contains(Array(copying: key)) {
      postponed.append(Array(copying: key))
      return choice
    }
    if !source.namesLiveKeys, seen.isFull { ledger.hasForgotten = true }
    if !source.namesLiveKeys, !seen.insert(key) {
      ledger.duplicates += 1
      return choice
    }
    choice.isChosen = true
    choice.tag = ledger.tally.group(for: chooser.reader.reading)
    choice.measurements = needed.union(request.walk.selection.evidence)
    if ledger.tally.figures[choice.tag].sampledKeys < RemovalTally.sizeSample {
      choice.measurements.insert(.memory)
    }
    return choice
  }

  /// What must be known of a key before it is chosen.
  private var needed: KeyMeasurements {
    var needed = request.walk.selection.neededMeasurements
    // The server has filtered by type already; what is removed is asked for its type once more all the same.
    if request.walk.selection.type != nil { needed.insert(.type) }
    if case .expire = request.action { needed.insert(.ttl) }
    // Whether a key of a list or a tag exists shows by itself only when it is removed.
    if asksExistence, !source.namesLiveKeys { needed.insert(.type) }
    return needed
  }

  /// Takes a key with what it answered into the batch, or counts it as what it is.
  mutating func visit(
    _ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome, ledger: inout RemovalLedger
  ) {
    guard ledger.stop == nil else { return }
    var measure = KeyMeasure()
    switch outcome {
    case .moved:
      // A walk of the database will meet it where it is now.
      guard !(meetsMoved && source.namesLiveKeys) else { return }
      ledger.tally.count(in: choice.tag) { $0.failed += 1 }
      ledger.noteFailures(1, [RefusedKey(key: Array(copying: key), reason: RemovalSender.elsewhere)])
      return
    case .vanished:
      // Where the name alone decides, a key without a size may be there all the same: the removal shows it.
      guard !isCount, needed.isEmpty, source.namesLiveKeys else { return visitVanished(key, choice, &ledger) }
    case .forbidden:
      // A key whose size may not be read can be removed all the same, but nothing is removed on a guess.
      guard needed.isEmpty else {
        ledger.undecided += 1
        return
      }
    case .measured(let answer): measure = answer
    }
    guard request.walk.selection.admits(measure), hasType(measure) else { return }
    let group = ledger.tally.current(choice.tag)
    if let bytes = measure.memoryBytes { ledger.tally.noteSize(bytes, in: group) }
    guard admitsTTL(key, measure, group, &ledger) else { return }
    guard budget.take() else { return ledger.note(.limit(budget.limit)) }
    ledger.tally.noteSample(key)
    append(key, group)
  }

  private mutating func visitVanished(
    _ key: Span<UInt8>, _ choice: KeyPage.Choice, _ ledger: inout RemovalLedger
  ) {
    // What SCAN named and is gone never had to be removed; what a list or a tag named is counted.
    guard !source.namesLiveKeys else { return }
    // Where the name alone decides, it goes into a batch all the same, and so into the journal.
    // So does a member that is to leave its tag: should the key be written anew meanwhile, it is removed.
    if !isCount, needed.isEmpty || request.prunesTags && source.isTag {
      return append(key, ledger.tally.current(choice.tag))
    }
    if !isAccounted(key) { ledger.tally.count(in: choice.tag) { $0.absent += 1 } }
  }

  /// False for a key that is only to get a shorter TTL, and has a shorter one already or one that is unknown.
  private func admitsTTL(
    _ key: Span<UInt8>, _ measure: KeyMeasure, _ group: Int, _ ledger: inout RemovalLedger
  ) -> Bool {
    guard case .expire(let window) = request.action else { return true }
    // A TTL that is not known might be made longer.
    guard let ttl = measure.ttlMilliseconds else {
      ledger.undecided += 1
      return false
    }
    guard ttl >= 0, ttl <= RemovalAction.softTTL(of: key, within: window) else { return true }
    ledger.tally.count(in: group) { $0.kept += 1 }
    return false
  }

  private func hasType(_ measure: KeyMeasure) -> Bool {
    guard let type = request.walk.selection.type else { return true }
    return measure.type == type
  }

  /// True for a key that a list or a tag names again, although an earlier run has counted it.
  private func isAccounted(_ key: Span<UInt8>) -> Bool {
    guard !source.namesLiveKeys, let earlier = request.earlier else { return false }
    return earlier.accounted.contains(key) || lost.contains(key)
  }

  // MARK: - The batch

  private mutating func append(_ key: Span<UInt8>, _ group: Int) {
    batch.append(key, group: group, isAccounted: isAccounted(key))
  }

  /// True where the batch must be sent before another key is taken.
  var isFull: Bool {
    batch.count >= request.batchSize || batch.bytes.count >= InvalidateRequest.batchBytes
  }

  /// True where the batch is worth sending at the end of a page.
  var isWorthSending: Bool { batch.count >= min(request.batchSize, InvalidateRequest.smallBatch) }

  /// Hands the batch over and begins another.
  mutating func takeBatch() -> RemovalBatch {
    defer { batch = RemovalBatch() }
    return batch
  }
}
