import Bytes
import Reporting

/// The moments at which keys expire that are invalidated softly.
enum SoftExpiry {
  /// The time that a key has left, in milliseconds: from 1 to the whole window, evenly spread over keys.
  ///
  /// Derived from the key, so that a run that goes on after it was cut off draws the same time again and, since
  /// TTLs are never made longer, leaves alone what the run before it has done.
  static func milliseconds(for key: Span<UInt8>, within window: Int64) -> Int64 {
    max(1, min(window, Int64((KeyHash.fraction(key) * Double(window)).rounded(.up))))
  }
}
