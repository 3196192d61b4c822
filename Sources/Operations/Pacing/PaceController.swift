/// How hard a command works the server.
package enum Pace: String, Sendable, CaseIterable {
  /// No longer than about 0.3 ms at a time, or 0.4 where the server is far away.
  case auto
  /// No longer than about 0.2 ms at a time, and at rest for at least three quarters of the time.
  case gentle
  /// As fast as the server answers.
  case full
}

/// Decides how many keys the next batch asks for and how long to wait before it; observations in, decisions
/// out.
///
/// A server works off a batch before it serves anyone else, so the batch's length is the delay that other
/// clients see.
package struct PaceController: Sendable {
  /// The time for which a batch, or each of its pieces, may hold the server.
  package static let targetHold = Duration.microseconds(300)
  /// The time that SCAN may take where the server is far away. A page is then asked for once in a round trip, so that the
  /// speed is what SCAN brings in one hold: a fast server a millisecond away had half of its time unused at 0.3 ms.
  static let farDraw = Duration.microseconds(400)
  /// The time for a batch at the gentle pace. What others wait for is a little more than a hold: theirs is to stay below 0.5 ms.
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
  /// What a key of the last batch has cost, in seconds, whatever the estimate made of it.
  private var lastSecondsPerKey = 0.0
  private var lastService = 0.0
  private var size: Int
  private var keysSinceStart = 0

  /// Makes a controller; `rate` bounds the keys a second, `count` fixes the keys of a batch, `limit` bounds
  /// them whatever else is said.
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
    // A tenth of a second's worth at most, so that a low rate comes as a trickle and not in gulps.
    return min(size, limit, max(1, rate / 10))
  }

  /// The keys whose measuring holds the server for as long as one batch may.
  package private(set) var pieceSize = Int.max

  /// How long SCAN is expected to take for so many keys.
  package func drawingTime(of keys: Int) -> Duration { .seconds((secondsToDraw ?? 0) * Double(keys)) }

  /// True where batches may not follow each other at once: the next one must wait until this one is done.
  package var rests: Bool { pace == .gentle || rate != nil }

  /// Takes in that a batch, which asked SCAN for `requested` keys and brought `keys`, kept the server busy
  /// for `service`, of which SCAN itself took `drawing`.
  ///
  /// A batch moves the estimate by a quarter of the way, and one that is alone in being slow by a half at most.
  /// The size at most doubles or halves. What is asked for decides, not what comes: a pattern that few keys match
  /// is work all the same.
  /// Where the server is far away the measuring of a batch is work for a whole `roundTrip`, because the next page
  /// cannot be asked for before this one is here; its commands go in pieces then, and SCAN, which cannot be cut,
  /// bounds it.
  package mutating func observe(
    keys: Int, requested: Int, service: Duration, drawing: Duration = .zero, roundTrip: Duration = .zero
  ) {
    keysSinceStart += max(keys, requested)
    lastService = max(0, service / .seconds(1))
    guard fixedSize == nil, pace != .full, requested > 0 else { return }
    let observed = lastService / Double(requested)
    // One batch that is a hundred times as slow may be a machine that stood still, this one or the server's, and the
    // dozen after it must not be small for that. Two in a row are a server that has become slower.
    let perKey =
      secondsPerKey.map { $0 + (min(observed, max(3 * $0, lastSecondsPerKey)) - $0) / 4 } ?? observed
    (secondsPerKey, lastSecondsPerKey) = (perKey, observed)
    // What the way adds to the time of a single command counts once a batch, and must not make batches small: of the
    // last few the quickest is believed.
    let drawn = drawing / .seconds(1) / Double(requested)
    let perDrawnKey = min(drawn, secondsToDraw.map { $0 * 1.25 } ?? drawn)
    secondsToDraw = perDrawnKey
    guard perKey > 0 else { return }
    let hold = (pace == .gentle ? PaceController.gentleHold : PaceController.targetHold) / .seconds(1)
    var wanted = hold / perKey
    if !rests {
      pieceSize = max(PaceController.smallestBatch, Int(min(1e6, wanted)))
      let far = roundTrip / .seconds(1) / max(perKey - perDrawnKey, 1e-12)
      wanted = max(wanted, min(far, PaceController.farDraw / .seconds(1) / max(perDrawnKey, 1e-12)))
    }
    size = min(
      max(Int(min(1e6, wanted)), size / 2, PaceController.smallestBatch), size * 2, PaceController.fullBatch
    )
  }

  /// How long to wait before the next batch, given the time since the first one.
  package func pause(elapsed: Duration) -> Duration {
    var seconds = pace == .gentle ? lastService * 3 : 0
    if let rate, rate > 0 {
      seconds = max(seconds, Double(keysSinceStart) / Double(rate) - elapsed / .seconds(1))
    }
    return .seconds(max(0, seconds))
  }
}
