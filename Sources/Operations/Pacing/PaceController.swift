/// How much of the server's time a command takes.
package enum Pace: String, Sendable, CaseIterable {
  /// No longer than about 0.3 ms at a time; SCAN up to 0.8 ms where the server is far away.
  case auto
  /// No longer than about 0.2 ms at a time, SCAN up to 0.4 ms where the server is far away, and at rest for at least three
  /// quarters of the time.
  case gentle
  /// As fast as the server answers.
  case full
}

/// Decides how many keys the next batch asks for and how long to wait before it: observations in, decisions out.
///
/// A server completes a batch before it serves other clients, so the batch's length is the delay that they see.
package struct PaceController: Sendable {
  /// The time for which a batch, or each of its pieces, may hold the server.
  package static let targetHold = Duration.microseconds(300)
  /// The times that SCAN may take where the server is far away. A page is then asked for once in a round trip, so the speed
  /// depends on what SCAN returns in one hold: a fast server a millisecond away was idle half of the time at 0.3 ms, and at
  /// 50 ms a scan took four times as long as at full pace.
  static let farDraw = Duration.microseconds(400)...Duration.microseconds(800)
  /// The same at the gentle pace.
  static let gentleFarDraw = PaceController.gentleHold...Duration.microseconds(400)
  /// The part of a round trip that SCAN may take, between those bounds: at 16 ms and more the longest hold is a twentieth.
  static let farDrawShare = 0.05
  /// The time for a batch at the gentle pace. Other clients wait a little longer than a hold; they should wait less than 0.5 ms.
  static let gentleHold = Duration.microseconds(200)
  /// The keys a batch asks for at full pace; SCAN's cost per key hardly falls beyond.
  package static let fullBatch = 1000
  static let smallestBatch = 10

  private let pace: Pace
  private let rate: Int?
  private let fixedSize: Int?
  private let limit: Int
  /// What a key costs the server, in seconds: all in all, and the part of it that SCAN takes.
  private var secondsPerKey: Double?
  private var secondsToDraw: Double?
  /// What a key of the last batch has cost, in seconds, before the estimate is smoothed.
  private var lastSecondsPerKey = 0.0
  private var lastService = 0.0
  private var size: Int
  private var keysSinceStart = 0

  /// True where the server is far away and its own clock measures its work. Batches need not wait for the replies to those
  /// before them then: their commands are sent as far apart as the pace asks.
  package var isFar = false

  /// Makes a controller; `rate` bounds the keys a second, `count` fixes the keys of a batch, `limit` bounds
  /// them in any case.
  package init(_ pace: Pace, rate: Int? = nil, count: Int? = nil, limit: Int = .max) {
    self.limit = max(1, limit)
    self.pace = pace
    self.rate = rate
    fixedSize = count
    size = count ?? (pace == .full ? PaceController.fullBatch : 50)
  }

  /// The keys to ask for in the next batch.
  package var batchSize: Int {
    guard let rate else { return min(size, limit) }
    // At most the keys of a tenth of a second, so that a low rate is an even one.
    return min(size, limit, max(1, rate / 10))
  }

  /// The keys whose measuring holds the server for as long as one batch may.
  package private(set) var pieceSize = Int.max

  /// How long SCAN is expected to take for a number of keys.
  package func drawingTime(of keys: Int) -> Duration { .seconds((secondsToDraw ?? 0) * Double(keys)) }

  /// How long the measuring of a number of keys is expected to take.
  package func measuringTime(of keys: Int) -> Duration {
    .seconds(max(0, (secondsPerKey ?? 0) - (secondsToDraw ?? 0)) * Double(keys))
  }

  /// The time from one batch, which holds the server for `hold`, to the next.
  ///
  /// At the default pace a little less than the hold, so that the server is not idle.
  package func spacing(after hold: Duration) -> Duration {
    pace == .gentle ? hold * 4 : hold * 7 / 8
  }

  /// True where each batch follows at a distance from the one before, and not only where a page is cut into pieces.
  package var spreads: Bool { pace == .gentle && isSpread }

  private var isSpread: Bool { isFar && fixedSize == nil }

  /// True where batches may not follow each other at once: the next one must wait until this one is done.
  package var rests: Bool { !isSpread && (pace == .gentle || rate != nil) }

  /// Notes that a batch, which asked SCAN for `requested` keys and returned `keys`, kept the server busy for `service`, of
  /// which SCAN itself took `drawing`.
  ///
  /// A batch moves the estimate by a quarter of the way, and one that is alone in being slow by a half at most.
  /// The size at most doubles or halves. The keys asked for count, not those returned: a pattern that few keys match is as
  /// much work.
  /// Where the server is far away the measuring of a batch may be work for a whole `roundTrip`, or as much of it as the pace
  /// allows, because the next page cannot be asked for before this one is here; its commands go in pieces then, and SCAN,
  /// which cannot be cut, bounds it.
  package mutating func observe(
    keys: Int, requested: Int, service: Duration, drawing: Duration = .zero, roundTrip: Duration = .zero
  ) {
    keysSinceStart += max(keys, requested)
    lastService = max(0, service / .seconds(1))
    guard fixedSize == nil, pace != .full, requested > 0 else { return }
    let observed = lastService / Double(requested)
    // One batch that is a hundred times as slow may be a pause of this machine or the server's, and the dozen after it must
    // not be small for that. Two in a row mean that the server has become slower.
    let perKey =
      secondsPerKey.map { $0 + (min(observed, max(3 * $0, lastSecondsPerKey)) - $0) / 4 } ?? observed
    (secondsPerKey, lastSecondsPerKey) = (perKey, observed)
    // What the network adds to the time of a single command counts once a batch, and must not make batches small: the
    // quickest of the last few counts.
    let drawn = drawing / .seconds(1) / Double(requested)
    let perDrawnKey = min(drawn, secondsToDraw.map { $0 * 1.25 } ?? drawn)
    secondsToDraw = perDrawnKey
    guard perKey > 0 else { return }
    let hold = (pace == .gentle ? PaceController.gentleHold : PaceController.targetHold) / .seconds(1)
    var wanted = hold / perKey
    if !rests {
      pieceSize = max(PaceController.smallestBatch, Int(min(1e6, wanted)))
      let worked = roundTrip / .seconds(1) * (pace == .gentle ? 0.25 : 1)
      let far = worked / max(perKey - perDrawnKey, 1e-12)
      wanted = max(wanted, min(far, drawingHold(roundTrip) / max(perDrawnKey, 1e-12)))
    }
    size = min(
      max(Int(min(1e6, wanted)), size / 2, PaceController.smallestBatch), size * 2, PaceController.fullBatch
    )
  }

  /// How long SCAN may hold a server that is far away, in seconds.
  private func drawingHold(_ roundTrip: Duration) -> Double {
    let bounds = pace == .gentle ? PaceController.gentleFarDraw : PaceController.farDraw
    return min(max(bounds.lowerBound, roundTrip * PaceController.farDrawShare), bounds.upperBound)
      / .seconds(1)
  }

  /// How long to wait before the next batch, given the time since the first one.
  package func pause(elapsed: Duration) -> Duration {
    var seconds = pace == .gentle && rests ? lastService * 3 : 0
    if let rate, rate > 0 {
      seconds = max(seconds, Double(keysSinceStart) / Double(rate) - elapsed / .seconds(1))
    }
    return .seconds(max(0, seconds))
  }
}
