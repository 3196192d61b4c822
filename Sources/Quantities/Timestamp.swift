#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A moment in UTC as reports show it, RFC 3339 to the second.
package struct Timestamp: Sendable, Equatable {
  /// `2026-01-31T12:00:00Z`.
  package let text: String

  /// A moment given in seconds since 1970.
  package init(secondsSince1970 seconds: Int) {
    text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
  }

  /// `12:00:00Z`.
  package var timeOfDay: String { String(text.drop { $0 != "T" }.dropFirst()) }
}
