import Keyspace
package import Quantities
package import Reporting

/// What `invalidate` is asked to do.
package struct InvalidateRequest: GuardedRequest, Sendable {
  /// Which keys, and how hard the server is worked.
  package var walk = WalkRequest()
  /// Only the members of these tags; empty where tags do not matter.
  package var tags: [[UInt8]] = []
  /// Where the members of a tag are kept.
  package var tagKey = TagKey.standard
  /// How members become keys; nil for what is usual for their kind of set.
  package var memberKey: MemberKey?
  /// True where members whose keys are gone are taken out of the tags as well.
  package var prunesTags = false
  /// Only the keys of this list.
  package var list: KeyList?
  /// What is done to the keys.
  package var action = RemovalAction.unlink
  /// True where everything is done but the writing.
  package var isDryRun = false
  /// How many keys there should be: counted before anything is removed.
  package var expectation: ExpectedCount?
  /// The bound on keys; nil for none.
  package var maximumKeys: Int? = 1_000_000
  /// The bound on keys a batch, at least 1.
  package var batchSize = 500
  /// True where the keys are looked for again at the end.
  package var verifies = false
  /// The options that lead to the same run again, for suggested commands.
  package var commandContext: [SuggestedOption] = []
  /// What an earlier run of the same journal has done.
  package var earlier: JournalSummary?

  /// Every key of the database.
  package init() {}

  /// A batch ends with the key that takes it over this many bytes.
  static let batchBytes = 1 << 20
  /// Fewer keys than these wait for those of the next page.
  static let smallBatch = 50

  /// True where members without keys are taken out of tags.
  var prunes: Bool { prunesTags && untags }

  /// True where the user expects that no key is left.
  var expectsNone: Bool { expectation?.range.contains(0) ?? false }

  /// True where the keys lose their tags: those that only get another TTL stay members.
  var untags: Bool { action.removes && !tags.isEmpty }
}

/// Where a removal keeps account of what it does.
package struct RemovalRecords {
  /// Gets a line before each batch is sent, and once it is answered.
  package var journal: (any RecordFile)?
  /// Gets the value of each key before it is removed.
  package var backup: (any RecordFile)?

  /// Makes records; nil keeps none.
  package init(journal: (any RecordFile)? = nil, backup: (any RecordFile)? = nil) {
    self.journal = journal
    self.backup = backup
  }

  /// The same files, for several workers.
  var shared: RemovalRecords {
    RemovalRecords(journal: journal.map { SharedRecordFile($0) }, backup: backup.map { SharedRecordFile($0) })
  }
}
