/// Where a removal keeps account of what it does.
package struct RemovalRecords {
  /// Told of each batch before it is sent, and once it is answered.
  package var journal: (any RecordFile)?
  /// Given the value of each key before it is removed.
  package var backup: (any RecordFile)?

  /// Makes records; nil keeps none.
  package init(journal: (any RecordFile)? = nil, backup: (any RecordFile)? = nil) {
    self.journal = journal
    self.backup = backup
  }
}
