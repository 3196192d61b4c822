import Keyspace
import Quantities
import Reporting

/// What the TTLs of a group say about the rule by which they were set.
///
/// Only what is left of each TTL is known. Keys that are written all the time with one TTL T have what is
/// left spread evenly over (0, T], and the largest value tells T. Keys written together have it all in one place, which
/// tells no more than that T is not shorter.
struct ExpiryPolicy {
  /// The largest TTL that is left, rounded up to what people choose, in seconds.
  private let seconds: Int
  private let keys: Int
  /// Keys of the group that never expire.
  private let others: Int
  /// True where keys of the group were not measured.
  private let isPart: Bool
  private let isFresh: Bool

  /// Fewer keys than these say nothing about a rule.
  private static let fewestKeys = 100

  /// Nil where the TTLs follow no single rule.
  init?(_ estimate: SampleEstimate) {
    let expiring = estimate.ttl.total
    guard expiring >= Double(ExpiryPolicy.fewestKeys), let top = estimate.ttl.max, let low = estimate.ttl.min,
      let quarter = estimate.ttl.quantile(0.25), let half = estimate.ttl.quantile(0.5),
      let threeQuarters = estimate.ttl.quantile(0.75)
    else { return nil }
    guard let seconds = ExpiryPolicy.roundDuration(atLeast: top) else { return nil }
    let whole = Double(seconds) * 1000
    isFresh = Double(low) >= 0.9 * whole
    let isEven = zip([quarter, half, threeQuarters], [0.25, 0.5, 0.75])
      .allSatisfy { abs(Double($0) / whole - $1) < 0.06 }
    guard isFresh || isEven else { return nil }
    self.seconds = seconds
    keys = Int(expiring.rounded())
    others = Int(estimate.withoutTTL.rounded())
    isPart = estimate.unmeasured > 0
  }

  /// The round duration, in seconds, that lies at most 2 % above a number of milliseconds; nil where none
  /// does.
  private static func roundDuration(atLeast milliseconds: Int64) -> Int? {
    let seconds = Int((Double(milliseconds) / 1000).rounded(.up))
    let step =
      switch seconds {
      case ..<60: 5
      case ..<600: 30
      case ..<7200: 300
      case ..<86_400: 1800
      case ..<(14 * 86_400): 43_200
      default: 86_400
      }
    let rounded = (seconds + step - 1) / step * step
    return Double(rounded) <= Double(milliseconds) / 1000 * 1.02 ? rounded : nil
  }

  /// One line for people, such as "all 812,440 keys of session seem to be given one TTL of 1h, set at different times".
  func sentence(of group: String) -> String {
    let time = NumberText.duration(Double(seconds))
    let subject =
      others == 0 && !isPart
      ? "all \(NumberText.keys(keys)) of \(group)" : "\(NumberText.keys(keys)) of \(group)"
    let rest = others == 0 ? "" : "; \(NumberText.count(others)) more \(others == 1 ? "has" : "have") none"
    guard isFresh else {
      return "\(subject) seem to be given one TTL of \(time), set at different times\(rest)"
    }
    return "\(subject) have about \(time) left: they were set together, with a TTL of that or more\(rest)"
  }
}
