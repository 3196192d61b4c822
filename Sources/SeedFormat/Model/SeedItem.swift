/// What a seed file holds next.
package enum SeedItem: Sendable, Equatable {
  /// A record, and where it stands.
  case record(SeedRecord, SeedPosition)
  /// A record that cannot be loaded; the next one may be fine.
  case rejected(SeedRejection)
  /// The file, or all of it from here on, cannot be read; nothing follows.
  case refused(SeedRejection)
}

/// Where a record stands in its file.
package struct SeedPosition: Sendable, Hashable {
  /// The line at which the record starts, counted from 1.
  ///
  /// In a RESP file, whose values hold line ends of their own, the number of the command.
  package var line: Int
  /// How many bytes of the file stand before the record.
  package var offset: Int

  /// Creates a position.
  package init(line: Int, offset: Int) {
    self.line = line
    self.offset = offset
  }
}

/// Why a record of a seed file, or the whole file, cannot be read.
package struct SeedRejection: Sendable, Equatable {
  /// Where the record starts.
  package var position: SeedPosition
  /// The byte of the record that is wrong, as far as it can be told, counted from 1.
  package var column: Int
  /// What is wrong and what to write instead, without the position; quotes little of the file, and no controls.
  package var reason: String
  /// The record as it stands in the file, without its line end.
  ///
  /// Empty where the whole file is refused and where the record is longer than what is held in memory.
  package var bytes: [UInt8]

  /// Creates a rejection.
  package init(position: SeedPosition, column: Int, reason: String, bytes: [UInt8] = []) {
    self.position = position
    self.column = column
    self.reason = reason
    self.bytes = bytes
  }
}

/// The formats of seed files.
package enum SeedFormat: String, CaseIterable, Sendable {
  /// One record as a JSON object on each line; a line of redis-dump is known by its members `db` and `size`.
  case jsonl
  /// Comma-separated values with a header (RFC 4180).
  case csv
  /// Commands as Redis reads them, for `redis-cli --pipe`.
  case resp
  /// What the Ruby program redis-dump writes: JSON lines that also have the members `db` and `size`.
  case redisDump = "redis-dump"
}
