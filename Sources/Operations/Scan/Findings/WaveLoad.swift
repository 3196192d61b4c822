import Keyspace
import Quantities
import Reporting

/// What an expiry wave means for the origin that fills the cache again.
struct WaveLoad {
  let wave: ExpiryWave
  /// Keys that expire in the wave, scaled up from those that were measured.
  let keys: Int
  /// Their share of the group's keys that expire.
  let share: Double
  /// Keys a second in the wave, and under an even spread.
  let perSecond: Double
  let evenPerSecond: Double

  /// Scales a wave that was found among measured keys to all keys of the group that expire.
  init(_ wave: ExpiryWave, in timeline: ExpiryTimeline, expiringKeys: Double) {
    self.wave = wave
    let counted = Double(max(1, timeline.total + timeline.later))
    let window = Double(max(1, wave.windowSeconds))
    share = Double(wave.keys) / counted
    keys = Int((share * expiringKeys).rounded())
    perSecond = share * expiringKeys / window
    evenPerSecond = wave.expected / counted * expiringKeys / window
  }

  /// Fewer keys a second are no load on any origin.
  private static let leastPerSecond = 5.0

  /// True where the origin would notice the wave.
  var isNoticeable: Bool { perSecond >= WaveLoad.leastPerSecond }

  var at: Timestamp { Timestamp(secondsSince1970: wave.at) }

  /// "wave at 14:00:00Z (in 4h 58m): 18,204 keys (6.0 %) of product v7 expire within 60 s, 303/s against 12/s
  /// …".
  ///
  /// `isPart` says that not all keys of the group were measured, and the share is one of those that were.
  func sentence(of group: String?, in wait: Int, isPart: Bool) -> String {
    "wave at \(at.timeOfDay) (in \(NumberText.elapsed(Double(wait)))): \(NumberText.keys(keys)) "
      + "(\(NumberText.share(share, spaced: true))\(isPart ? " of those measured" : ""))\(group.map { " of " + $0 } ?? "") expire within "
      + "\(wave.windowSeconds) s, \(NumberText.rate(perSecond)) against \(NumberText.rate(evenPerSecond)) "
      + "if evenly spread"
  }

  var figures: [(String, JSON)] {
    [
      ("at", .string(at.text)), ("window_seconds", .int(wave.windowSeconds)), ("keys", .int(keys)),
      ("share", .double(share)), ("keys_per_second", .double(perSecond)),
      ("even_keys_per_second", .double(evenPerSecond)),
    ]
  }
}
