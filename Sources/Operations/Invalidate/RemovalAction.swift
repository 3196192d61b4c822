import Bytes

/// What is done to the keys that `invalidate` chooses.
package enum RemovalAction: Sendable, Equatable {
  /// UNLINK: removed at once, large values freed in the background.
  case unlink
  /// DEL: removed and freed at once.
  case delete
  /// The TTL is cut to a random moment within a time in milliseconds, and never made longer.
  case expire(within: Int64)

  /// True where the keys are gone afterwards.
  var removes: Bool { if case .expire = self { false } else { true } }

  /// What a batch is called in reports.
  package var name: String {
    switch self {
    case .unlink: "UNLINK"
    case .delete: "DEL"
    case .expire: "PEXPIRE"
    }
  }

  /// The TTL that a key gets within a window, both in milliseconds: from 1 to the whole window, evenly spread over keys.
  ///
  /// Derived from the key, so that a run that resumes another draws the same TTL again and, since TTLs are never made
  /// longer, leaves the keys of that run alone.
  static func softTTL(of key: Span<UInt8>, within window: Int64) -> Int64 {
    max(1, min(window, Int64((KeyHash.fraction(key) * Double(window)).rounded(.up))))
  }
}
