import ArgumentParser
import Operations
import Quantities
import Reporting

/// Reads option values in the contract's notation; the errors name the notation.
enum OptionValue {
  static func duration(_ text: String) throws -> Duration { try Units.duration(text) }
  static func bytes(_ text: String) throws -> Int { try Units.bytes(text) }
  static func percentage(_ text: String) throws -> Double { try Units.percentage(text) }

  /// A moment in milliseconds since 1970; a time of day means its next time.
  static func moment(_ text: String) throws -> Int64 {
    let now = Int64(Environment.wallClock * 1000)
    guard let moment = Moment(text, now: now) else {
      throw ValidationError(
        "it must be a moment such as 2026-01-31T05:32:00Z, or a time of day such as 05:32Z")
    }
    return moment.milliseconds
  }

  /// A ratio in the notation of options: `10%`.
  static func percentageText(_ ratio: Double) -> String {
    // Binary rounding must not show as a percentage.
    let percent = (ratio * 1e8).rounded() / 1e6
    return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
  }

  /// A count within a range that the error names.
  static func count(_ range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
    { text in
      // A negative number, or one in scientific notation, has the wrong range rather than the wrong notation.
      let value = Int(text) ?? (try? Units.count(text)) ?? Double(text).flatMap { Int(exactly: $0) }
      guard let value, range.contains(value) else {
        let bounds =
          range.upperBound == .max
          ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        throw ValidationError("it must be a whole number \(bounds)")
      }
      return value
    }
  }
}

extension Duration {
  /// The whole milliseconds.
  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}

extension Pace: ExpressibleByArgument {}
