package import RedisClient

/// A dump file that is read in place of a server.
package struct DumpFile {
  /// How reports name it.
  package let path: String
  /// Its bytes, unpacked, from the first on.
  let source: any SeedSource
  /// Opens it a second time; nil where it can be read only once.
  let reopen: (() throws(SeedSourceError) -> any SeedSource)?

  /// Makes a file of an open source.
  package init(
    path: String, source: any SeedSource, reopen: (() throws(SeedSourceError) -> any SeedSource)?
  ) {
    self.path = path
    self.source = source
    self.reopen = reopen
  }
}

/// Which dumps are read, and how.
package struct DumpRequest {
  /// The moment from which what is left of a key's time is counted.
  package enum Moment: String, Sendable, CaseIterable {
    /// When the dump was written.
    case written
    /// Now.
    case now
  }

  /// The files: one, or the shards of a cluster.
  package var files: [DumpFile]
  /// The databases whose keys are looked at.
  package var databases = WalkDatabases.only(0)
  /// True where the user has said which databases: an export that leaves others out is complete only then.
  package var databasesAreChosen = false
  /// The moment from which times to live are counted.
  package var moment = Moment.written
  /// Whether the checksums at the ends are checked.
  package var checksChecksums = true
  /// The time here in seconds since 1970.
  package var wallClock: Double

  /// Makes a request for files.
  package init(files: [DumpFile], wallClock: Double) {
    self.files = files
    self.wallClock = wallClock
  }

  /// True for commands that can look at all databases in one run.
  package var readsEveryDatabase = true

  /// True where keys of a database are looked at.
  func admits(database: Int) -> Bool {
    switch databases {
    case .only(let number): database == number
    case .all: true
    }
  }
}

/// Why dumps could not be read, or not to their end.
package struct DumpFailure: Error, Sendable, Equatable {
  /// What kind of failure.
  package enum Kind: Sendable, Equatable {
    /// A file is not a dump, or damaged, or cut off.
    case badData
    /// A file cannot be read.
    case unreadable
    /// What was asked for cannot be done with these files.
    case usage
    /// The user asked to stop, or the run's time is over.
    case stopped(ClientError)
  }

  /// The kind.
  package let kind: Kind
  /// What failed, where and why, in one sentence without a final stop.
  package let message: String
}
