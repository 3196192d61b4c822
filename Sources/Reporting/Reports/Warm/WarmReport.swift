import Bytes
import Quantities

/// What `warm` has done, or would do.
package struct WarmReport: Sendable {
  /// The times to live of what was written, in seconds.
  package struct TTL: Sendable, Equatable {
    /// The shortest.
    package let min: Double
    /// The median.
    package let p50: Double
    /// The longest.
    package let max: Double

    /// Makes a distribution.
    package init(min: Double, p50: Double, max: Double) {
      self.min = min
      self.p50 = p50
      self.max = max
    }
  }

  /// A record that could not be loaded.
  package struct Rejection: Sendable, Equatable {
    /// Its line in the seed, from 1.
    package let line: Int
    /// The byte of the record that is wrong, from 1.
    package let column: Int
    /// What is wrong.
    package let reason: String

    /// Makes a rejection.
    package init(line: Int, column: Int, reason: String) {
      self.line = line
      self.column = column
      self.reason = reason
    }
  }

  /// What reading some keys back has found.
  package struct Verification: Sendable, Equatable {
    /// Keys that were read back and compared.
    package var compared = 0
    /// Keys that were read back and whose values cannot be compared, such as those of modules.
    package var undecided = 0
    /// Those that have gone: expired, evicted or removed since.
    package var gone = 0
    /// Those that hold something else.
    package var different = 0
    /// A few of those.
    package var examples: [[UInt8]] = []

    /// Nothing read yet.
    package init() {}
  }

  /// What would be replaced: keys that are there already.
  package struct Replacement: Sendable, Equatable {
    /// A type that keys have, and the one that they would have, by Redis' names.
    package struct Change: Sendable, Hashable {
      /// The type that they have.
      package let old: String
      /// The type that they would have.
      package let new: String
    }

    /// The keys that are there.
    package private(set) var keys = 0
    /// The keys among them that would change their type, by the change.
    package private(set) var changes: [Change: Int] = [:]

    /// Nothing counted yet.
    package init() {}

    /// The keys that would change their type.
    package var retyped: Int { changes.values.reduce(0, +) }

    /// Counts a key by its type and the one that it would have; nil for one that is not known.
    package mutating func add(from old: String, to new: String?) {
      keys += 1
      if let new, new != old { changes[Change(old: old, new: new), default: 0] += 1 }
    }
  }

  /// The number of rejections that are shown one by one.
  package static let rejectionsShown = 5

  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// True where nothing was written.
  package var isDryRun: Bool
  /// What became of all records, those of earlier runs of the same journal included.
  package var counts = WarmCounts()
  /// What earlier runs of the same journal have done; nil where there were none.
  package var earlier: WarmCounts?
  /// The times to live; nil where no key expires.
  package var ttl: TTL?
  /// The first records that could not be loaded.
  package var rejections: [Rejection] = []
  /// How many refusals came from the server, and the first of them.
  package var failures: (count: Int, line: Int, reason: String)?
  /// The first of those.
  package var refused: [RefusedKey] = []
  /// The last line of the seed that was dealt with.
  package var line = 0
  /// Why the run ended early; nil where it did not.
  package var stopped: String?
  /// What reading some keys back has found; nil where it was not asked for.
  package var verification: Verification?
  /// The file that rejected records were written to.
  package var rejectsFile: String?

  /// Places of keys in sets that were restored, or would be.
  package var memberships = 0

  /// True where the figures are of a plan, not of what was done: a dry run, or a run that was refused.
  package var isPlan = false
  /// True where counting did not come to its end, so that there is no plan and nothing was done.
  package var isCountCut = false
  /// What a dry run would replace; nil after a run, and where the server does not say which keys are there.
  package var replaced: Replacement?
  /// Keys whose values are in the backup.
  package var saved = 0
  /// The command that does what a dry run has counted.
  package var command: SuggestedCommand?
  /// The command that brings back what was replaced.
  package var undo: SuggestedCommand?

  /// Makes a report about no records yet.
  package init(header: ReportHeader, isDryRun: Bool) {
    self.header = header
    self.isDryRun = isDryRun
  }
}
