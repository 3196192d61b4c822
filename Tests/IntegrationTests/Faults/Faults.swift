import Foundation
import TestSupport
import Testing

/// Each row of the table of faults, for each command that it can happen to: `make faults` prints them.
///
/// A test is a line of that table by its name, `fault: ROW`, and its argument `verb`.
@Suite(.overlapping) enum Faults {}

extension Trait where Self == ConditionTrait {
  /// The test takes more than a few seconds: it runs where all faults are asked for.
  static var slow: Self {
    .enabled(
      if: ProcessInfo.processInfo.environment["REDISCACHE_ALL_FAULTS"] == "1", "`make faults` runs it")
  }
}
