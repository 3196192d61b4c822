import Bytes
import Keyspace
import Quantities
import Reporting

/// Keeps account of a removal: counts by group, refusals, and why it stops.
struct RemovalLedger {
  var tally: RemovalTally
  /// Batches that were sent.
  var batches = 0
  /// Names that a list or a tag has brought before.
  var duplicates = 0
  /// Keys that were left alone because they fit no schema.
  var strangers = 0
  /// Keys that were left alone because what decides about them could not be read.
  var undecided = 0
  /// True where there were too many names to remember: later duplicates go unnoticed.
  var hasForgotten = false
  /// Why the run ends before all chosen keys are removed; nil where it does not.
  private(set) var stop: RemovalStop?
  /// How many keys were refused one by one, and why the first of them.
  private(set) var failures: (count: Int, reason: String)?
  /// The first of those keys.
  private(set) var refused: [RefusedKey] = []
  /// Why removed keys could not be taken out of their tags.
  private(set) var untaggingFailure: String?
  /// Why keys that live on could not be put back into their tags.
  private(set) var lostMembers: String?
  /// The command that the server was given, where it lacks the one that was asked for.
  private(set) var actionName: String?

  private let separator: String?

  /// `separator` divides key names into segments.
  init(separator: String?) {
    self.separator = separator
    tally = RemovalTally(separator: separator)
  }

  /// Stops the run. A limit lets what was chosen before be removed; after the other reasons nothing more is sent.
  mutating func note(_ reason: RemovalStop) {
    switch stop {
    case nil, .limit: stop = reason
    case .refused, .cannotRecord: break
    }
  }

  /// True where nothing more may be sent.
  var isRefused: Bool {
    switch stop {
    case .refused, .cannotRecord: true
    case nil, .limit: false
    }
  }

  /// Counts keys that were refused one by one, of which some are named.
  mutating func noteFailures(_ count: Int, _ keys: [RefusedKey]) {
    refused.name(keys)
    guard count > 0, let reason = keys.first?.reason else { return }
    failures = (count: (failures?.count ?? 0) + count, reason: failures?.reason ?? reason)
  }

  mutating func noteUntaggingFailure(_ reason: String) { untaggingFailure = untaggingFailure ?? reason }

  mutating func noteLostMembers(_ reason: String) { lostMembers = lostMembers ?? reason }

  /// Notes the command that was sent last.
  mutating func noteAction(_ name: String) { actionName = name }

  // MARK: - Several nodes, several passes

  /// The ledger of another worker: nothing counted yet.
  func fork() -> RemovalLedger {
    var other = RemovalLedger(separator: separator)
    other.stop = stop
    return other
  }

  /// Adds what another worker has counted.
  mutating func merge(_ other: RemovalLedger) {
    tally.merge(other.tally)
    batches += other.batches
    duplicates += other.duplicates
    undecided += other.undecided
    strangers += other.strangers
    hasForgotten = hasForgotten || other.hasForgotten
    if let reason = other.stop { note(reason) }
    noteFailures(other.failures?.count ?? 0, other.refused)
    if let failure = other.untaggingFailure { noteUntaggingFailure(failure) }
    if let failure = other.lostMembers { noteLostMembers(failure) }
    actionName = other.actionName ?? actionName
  }

  /// Goes back to the counts of an earlier moment.
  mutating func restoreCounts(of earlier: RemovalLedger) {
    tally = earlier.tally
    (duplicates, undecided, batches) = (earlier.duplicates, earlier.undecided, earlier.batches)
    strangers = earlier.strangers
  }

  /// Forgets keys that still live: a walk from the start meets them again.
  mutating func forgetLiving() {
    tally.forgetLiving()
    (undecided, strangers, failures, refused) = (0, 0, nil, [])
  }

  /// What the reader must know.
  var warnings: [String] {
    var warnings: [String] = []
    if let failures {
      warnings.append("\(NumberText.keys(failures.count)) refused, the first with: \(failures.reason)")
    }
    if let untaggingFailure {
      warnings.append("removed keys could not be taken out of their tags: \(untaggingFailure)")
    }
    if let lostMembers {
      warnings.append("keys that live on could not be put back into their tags: \(lostMembers)")
    }
    if undecided > 0 {
      warnings.append(
        "\(NumberText.keys(undecided)) left alone: what decides whether they are chosen could not be read")
    }
    warnings += KeyChooser.warnings(strangers: strangers)
    if hasForgotten {
      warnings.append(
        "only the first \(NumberText.keys(SeenKeys.capacity)) were watched for names that come twice: later ones may be counted twice"
      )
    }
    if duplicates > 0 {
      warnings.append(
        "\(NumberText.keys(duplicates)) \(duplicates == 1 ? "was" : "were") named twice and counted once")
    }
    return warnings
  }
}
