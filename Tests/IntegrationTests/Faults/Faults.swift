import Foundation
import TestHarness
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

/// The commands that faults are tried with.
enum Verb: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case scan, ttl, export, stats, invalidate, warm

  /// The three that the table of faults names.
  static let main: [Verb] = [.scan, .invalidate, .warm]
  /// All that go through many keys.
  static let walking: [Verb] = [.scan, .ttl, .export, .invalidate, .warm]
  /// Those that change nothing.
  static let inspecting: [Verb] = [.scan, .ttl, .export]
  /// Those that write.
  static let writing: [Verb] = [.invalidate, .warm]

  var testDescription: String { rawValue }

  var isWriting: Bool { Self.writing.contains(self) }

  /// A command that does the work, as it stands in a request.
  var word: String {
    switch self {
    case .scan, .ttl, .export: "\r\nSCAN\r\n"
    case .stats: "\r\nINFO\r\n"
    case .invalidate: "\r\nUNLINK\r\n"
    case .warm: "\r\nSET\r\n"
    }
  }
}
