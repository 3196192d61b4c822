/// The next item of a seed file.
package enum SeedItem: Sendable, Equatable {
  /// A record and its position.
  case record(SeedRecord, SeedPosition)
  /// A record that cannot be loaded; the next one may be fine.
  case rejected(SeedRejection)
  /// The file, or all of it from here on, cannot be read; nothing follows.
  case refused(SeedRejection)
}

/// The position of a record in its file.
package struct SeedPosition: Sendable, Hashable {
  /// The line at which the record starts, counted from 1.
  ///
  /// In a RESP file, whose values may hold line ends, the number of the command.
  package var line: Int
  /// How many bytes of the file precede the record.
  package var offset: Int

  /// Creates a position.
  package init(line: Int, offset: Int) {
    self.line = line
    self.offset = offset
  }
}
