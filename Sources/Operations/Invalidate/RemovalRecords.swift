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
