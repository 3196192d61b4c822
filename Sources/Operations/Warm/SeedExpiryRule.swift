import Bytes
import Reporting
import SeedFormat

/// When a record's key is to expire.
enum KeyLifetime: Equatable {
  /// Never.
  case forever
  /// This many milliseconds after it is written, at least 1.
  case after(Int64)
  /// It has expired already.
  case over
}

/// Decides when keys expire: the record's word, else the default; jitter, and what an envelope adds.
struct SeedExpiryRule {
  let defaultTTL: Int64?
  let jitter: Double
  /// Milliseconds that a key lives on after the moment that its envelope names.
  let stale: Int64

  init(_ request: WarmRequest) {
    defaultTTL = request.defaultTTL
    jitter = request.jitter
    stale = request.envelope ?? 0
  }

  /// The time to live that is asked for, jitter included and `stale` left out, in milliseconds; nil for ever.
  ///
  /// Jitter is symmetric and derived from the key, so that a second run draws the same time.
  func freshness(of record: SeedRecord) -> Int64? {
    switch record.expiry {
    case .never, .at: nil
    case .after(let milliseconds): jittered(milliseconds, record.key)
    case .unstated: defaultTTL.map { jittered($0, record.key) }
    }
  }

  /// When the key expires, given the server's time in milliseconds since 1970.
  func lifetime(of record: SeedRecord, now: Int64) -> KeyLifetime {
    if case .at(let moment) = record.expiry, moment <= now { return .over }
    let left: Int64? = if case .at(let moment) = record.expiry { moment - now } else { freshness(of: record) }
    guard let fresh = left else { return .forever }
    let (sum, overflows) = fresh.addingReportingOverflow(stale)
    return .after(overflows ? fresh : sum)
  }

  private func jittered(_ milliseconds: Int64, _ key: [UInt8]) -> Int64 {
    guard jitter > 0 else { return milliseconds }
    let factor = 1 + jitter * (2 * KeyHash.fraction(key.span) - 1)
    // No double above the limit becomes an integer: the longest times are not made longer.
    return max(1, Int64(min(Double(SeedExpiry.longest), (Double(milliseconds) * factor).rounded())))
  }
}
