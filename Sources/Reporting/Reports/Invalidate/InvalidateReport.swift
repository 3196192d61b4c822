/// What `invalidate` has done, or would do.
package struct InvalidateReport: Sendable {
  /// The keys of one namespace and version.
  package struct Group: Sendable {
    /// The group's names; its other figures are not part of this report.
    package var names = ScanGroup()
    /// What became of its keys.
    package var counts = RemovalCounts()
    /// The bytes that its keys took, estimated from a sample; nil where the server does not report sizes.
    package var bytes: Int?

    /// A group without keys.
    package init() {}
  }

  /// What a look at the same choice after the run has found.
  package struct Verification: Sendable {
    /// Keys that match now.
    package var keys: Int
    /// A few of them.
    package var samples: [[UInt8]]
    /// False where the look was cut short.
    package var isComplete: Bool

    /// Makes the outcome of a verification.
    package init(keys: Int, samples: [[UInt8]], isComplete: Bool) {
      self.keys = keys
      self.samples = samples
      self.isComplete = isComplete
    }
  }

  /// How the keys are worked off.
  package struct Plan: Sendable {
    /// The bound on keys a batch.
    package var batchSize: Int
    /// The pace.
    package var pace: String
    /// An estimate of the time it takes, in seconds; nil where nothing was timed.
    package var seconds: Double?

    /// Makes a plan.
    package init(batchSize: Int, pace: String, seconds: Double?) {
      self.batchSize = batchSize
      self.pace = pace
      self.seconds = seconds
    }
  }

  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// True where nothing was written.
  package var isDryRun = false
  /// True where the figures are of a plan, not of what was done: a dry run, or a run that was refused.
  package var isPlan = false
  /// True where counting did not come to its end, so that there is no plan and nothing was done.
  package var isCountCut = false
  /// The command that the keys were given: `UNLINK`, `DEL` or `PEXPIRE`.
  package var action: String
  /// The most seconds that keys still live, where they get a shorter TTL instead of being removed.
  package var expiresWithin: Double?
  /// What became of all chosen keys, those of earlier runs of the same journal included.
  package var counts = RemovalCounts()
  /// What earlier runs of the same journal have done; nil where there were none.
  package var earlier: RemovalCounts?
  /// Batches that were sent.
  package var batches = 0
  /// Why the run ended early; nil where it did not.
  package var stopped: String?
  /// The groups, those with most keys first.
  package var groups: [Group] = []
  /// A few of the chosen keys.
  package var samples: [[UInt8]] = []
  /// True where members whose keys are gone are taken out of the tags.
  package var prunes = false
  /// The first keys that were refused.
  package var refused: [RefusedKey] = []
  /// How the keys are worked off.
  package var plan: Plan
  /// The command that does what a dry run has counted.
  package var command: SuggestedCommand?
  /// What a second look has found; nil where none was asked for.
  package var verification: Verification?

  /// Makes a report about no keys yet.
  package init(header: ReportHeader, action: String, plan: Plan) {
    self.header = header
    self.action = action
    self.plan = plan
  }

  /// The bytes that the keys took, estimated; nil where no group's are known.
  package var bytes: Int? {
    let known = groups.compactMap(\.bytes)
    return known.isEmpty ? nil : known.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
  }
}

extension InvalidateReport {
  /// The report as one JSON object.
  package func json(wording: ReportWording) -> JSON {
    var members = header.members
    members += [("dry_run", .bool(isDryRun)), ("action", .string(action))]
    if let expiresWithin { members.append(("expire_within_seconds", .double(expiresWithin))) }
    members += counts.members
    members += [
      ("batches", .int(batches)), ("stopped", .optional(stopped)), ("bytes_estimate", .optional(bytes)),
      ("groups", .array(groups.map(\.json))), ("samples", .array(samples.map(JSON.key))),
    ]
    if prunes { members.append(("pruned", .int(counts.absent))) }
    members += refused.members
    if let earlier { members.append(("earlier", .object(earlier.members))) }
    if let command { members.append(("command", .string(wording.spell(command)))) }
    if let verification {
      members.append(
        (
          "verification",
          .object([
            ("keys", .int(verification.keys)), ("samples", .array(verification.samples.map(JSON.key))),
            ("complete", .bool(verification.isComplete)),
          ])
        ))
    }
    return .object(members)
  }
}

extension InvalidateReport.Group {
  fileprivate var json: JSON {
    .object(names.nameMembers(.version) + counts.members + [("bytes_estimate", .optional(bytes))])
  }
}
