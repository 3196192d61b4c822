/// What `hits` found.
package struct HitsReport: Sendable {
  /// How the misses of groups are known.
  package enum Method: String, Sendable {
    /// The server sent an event for each.
    case events
    /// A read that a write of the same key follows at once is taken for one.
    case inferred
    /// They are not; a sample of the keys that are there says which were used lately.
    case sampled
  }

  /// How a sample of the keys shows which were used lately.
  package struct Use: Sendable, Equatable {
    /// What the server keeps of each key.
    package enum Measure: String, Sendable {
      /// When it was used last.
      case idle
      /// How often it is used.
      case frequency
    }

    /// The time that counts as lately, in seconds, where the moment of the last use is known.
    package static let seconds = 60

    /// What the server keeps.
    package let measure: Measure
    /// What makes it untrustworthy here, as clauses.
    package let caveats: [String]

    /// Makes a description.
    package init(measure: Measure, caveats: [String]) {
      self.measure = measure
      self.caveats = caveats
    }
  }

  /// How much of what happened was seen.
  package struct Coverage: Sendable, Equatable {
    /// Below this share of the misses a report is partial.
    package static let leastMisses = 0.98

    /// How the misses of groups are known; nil where they are not.
    package var method: Method?
    /// The share of the misses that is in the figures, 0 to 1; nil where none is known, or where INFO does not count.
    package var misses: Double?
    /// The misses that came as events, or that are inferred.
    package var missesSeen: Int
    /// The misses that INFO has counted; nil where it does not.
    package var missesCounted: Int?
    /// The share of all names that were followed, for the causes of misses; 1 where all were.
    package var followedNames: Double
    /// False where only what servers keep by themselves was read.
    package var isHeard = true
    /// What the reads rest on; nil where they are not estimated.
    package var monitoring: Monitoring?

    /// Makes a coverage.
    package init(misses: Double?, missesSeen: Int, missesCounted: Int?, followedNames: Double = 1) {
      method = misses == nil ? nil : .events
      self.misses = misses
      self.missesSeen = missesSeen
      self.missesCounted = missesCounted
      self.followedNames = followedNames
    }

    /// True where so many misses are not in the groups that their figures mislead.
    package var isPartial: Bool { misses.map { $0 < Coverage.leastMisses } ?? true }
  }

  /// Windows of time in which the commands of clients were seen.
  package struct Monitoring: Sendable, Equatable {
    /// How many windows.
    package var windows: Int
    /// How long they were together, in seconds.
    package var seconds: Double
    /// Commands a second in the windows; nil where that is not known.
    package var commandsInside: Double?
    /// Commands a second outside of the windows.
    package var commandsOutside: Double?
    /// How long reads were followed to see whether their keys are filled in, in seconds.
    package var following: Double

    /// Makes figures.
    package init(
      windows: Int, seconds: Double, commandsInside: Double?, commandsOutside: Double?, following: Double = 0
    ) {
      self.windows = windows
      self.seconds = seconds
      self.commandsInside = commandsInside
      self.commandsOutside = commandsOutside
      self.following = following
    }
  }

  /// Keys that are in no group.
  package struct Other: Sendable {
    /// Which keys.
    package enum Kind: String, Sendable {
      /// Keys that were not chosen.
      case unchosen
      /// Keys of other databases.
      case elsewhere
    }

    /// Which keys.
    package let kind: Kind
    /// Their misses; nil where they are not known.
    package let misses: Int?
    /// Their reads, estimated; nil where they are not known.
    package let reads: Int?

    /// Makes a figure.
    package init(kind: Kind, misses: Int?, reads: Int?) {
      self.kind = kind
      self.misses = misses
      self.reads = reads
    }
  }

  /// A key that missed often.
  package struct TopKey: Sendable {
    /// Its name.
    package let key: [UInt8]
    /// How often it missed, at most.
    package let misses: Int
    /// By how much the count may be too high.
    package let error: Int

    /// Makes a key.
    package init(key: [UInt8], misses: Int, error: Int) {
      self.key = key
      self.misses = misses
      self.error = error
    }
  }

  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// What the groups are grouped by.
  package var grouping: ScanGrouping
  /// What INFO has counted of all keys, in all databases.
  package var totals: StatsWindow
  /// How much of it the groups show.
  package var coverage: Coverage
  /// The groups, those with most misses first.
  package var groups: [HitsGroup]
  /// What is in no group.
  package var others: [Other]
  /// How the keys that were used lately were found; nil where that was not asked.
  package var use: Use?
  /// The verdict, the worst first.
  package var findings: [ReportFinding] = []
  /// The keys that missed most; nil where they were not asked for.
  package var topKeys: [TopKey]?
  /// How many groups a table shows before the rest becomes one line.
  package var top: Int

  /// Makes a report.
  package init(
    header: ReportHeader, grouping: ScanGrouping, totals: StatsWindow, coverage: Coverage,
    groups: [HitsGroup],
    others: [Other], topKeys: [TopKey]?, top: Int
  ) {
    self.header = header
    self.grouping = grouping
    self.totals = totals
    self.coverage = coverage
    self.groups = groups
    self.others = others
    self.topKeys = topKeys
    self.top = top
  }
}

/// How the keys of one group are found, and why they are not.
package struct HitsGroup: Sendable {
  /// Misses by why their keys had gone.
  package struct Causes: Sendable, Equatable {
    /// The key's time to live was over.
    package var expired = 0
    /// The server needed the room.
    package var evicted = 0
    /// A command removed the key.
    package var deleted = 0
    /// The key has not gone since listening began: it went before, or never was.
    package var unseen = 0
    /// The half-width of a 95 % interval of each share; 0 where every name was followed.
    package var error = 0.0

    /// No misses.
    package init() {}
  }

  /// The share of keys that were used lately, by a sample.
  package struct UsedShare: Sendable, Equatable {
    /// The estimate, 0 to 1.
    package let value: Double
    /// The lower end of a 95 % interval.
    package let low: Double

    /// Makes a share.
    package init(value: Double, low: Double) {
      self.value = value
      self.low = low
    }
  }

  /// The group's names; its other figures are not part of this report.
  package var names = ScanGroup()
  /// Reads, estimated and made to meet INFO; nil where they are not known.
  package var reads: Int?
  /// Reads that found their key, estimated; nil where they are not known.
  package var hits: Int?
  /// The share of reads that found their key; nil where it is not known.
  package var hitRatio: Double?
  /// The half-width of a 95 % interval of the share.
  package var hitRatioError: Double?
  /// Reads that found no key, counted exactly or inferred; nil where they are not known.
  package var misses: Int?
  /// Why; nil where that is not known.
  package var causes: Causes?
  /// The keys that are there; nil where they were not counted.
  package var keys: Int?
  /// Those of them that were used lately; nil where that is not known.
  package var used: UsedShare?
  /// Bytes that they take; nil where that is not known.
  package var memoryBytes: Int?
  /// The half-width of a 95 % interval of the bytes, relative to them.
  package var memoryError: Double?

  /// A group of which nothing is known.
  package init() {}

  /// What a MiB of its keys earns: hits a second; nil where either is not known.
  func hitsPerMiB(in seconds: Double?) -> Double? {
    guard let hits, let memoryBytes, memoryBytes > 0, let seconds, seconds > 0 else { return nil }
    return Double(hits) / seconds / (Double(memoryBytes) / 0x1p20)
  }
}
