import Bytes
import Quantities
import RedisClient
import Reporting

/// How far a server's replicas and its background freeing lag behind what is written to it.
struct WriteBurden: Equatable {
  /// A replica that has not reported for longer than this is behind. Replicas report every second.
  static let mostLagSeconds = 5
  /// Bytes that a replica may be behind. Output buffers of replicas end at 256 MB, or 64 MB for a minute
  /// (`client-output-buffer-limit`), and a replica that is cut off begins anew.
  static let mostLagBytes = 32 << 20
  /// Large values that may wait to be freed in the background.
  static let mostPendingFrees = 10_000

  /// So many replicas are looked at.
  private static let mostReplicas = 1000

  /// Why writing should slow down, for people; nil where it need not.
  let reason: String?

  /// Reads what INFO tells; absent fields tell nothing.
  init(_ facts: ServerInfo) {
    if let pending = facts.integer("lazyfree_pending_objects"), pending > WriteBurden.mostPendingFrees {
      reason = "\(NumberText.count(pending)) values wait to be freed"
      return
    }
    let offset = facts.integer("master_repl_offset")
    // Whatever the server says, it is a number to count to.
    for number in 0..<min(max(0, facts.integer("connected_slaves") ?? 0), WriteBurden.mostReplicas) {
      guard let replica = facts.fields["slave\(number)"].map(WriteBurden.fields),
        replica["state"] == "online"
      else { continue }
      let place = KeyText.sanitized("\(replica["ip"] ?? "?"):\(replica["port"] ?? "?")")
      if let lag = replica["lag"].flatMap({ Int($0) }), lag > WriteBurden.mostLagSeconds {
        reason = "the replica \(place) has not reported for \(lag) s"
        return
      }
      if let offset, let reached = replica["offset"].flatMap({ Int($0) }),
        reached >= 0, offset > reached, offset - reached > WriteBurden.mostLagBytes
      {
        reason = "the replica \(place) is \(NumberText.bytes(offset - reached)) behind"
        return
      }
    }
    reason = nil
  }

  /// The parts of `ip=10.0.0.2,port=6379,state=online,offset=1234,lag=0`.
  private static func fields(_ text: String) -> [String: String] {
    var fields: [String: String] = [:]
    for pair in text.split(separator: ",") {
      let halves = pair.split(separator: "=", maxSplits: 1)
      if halves.count == 2 { fields[String(halves[0])] = String(halves[1]) }
    }
    return fields
  }
}

/// Decides when to look at the burden, and how long to wait where it is too great.
struct WriteBrake {
  /// How often the server is asked.
  private static let interval = Duration.seconds(1)
  /// The wait before the next batch while the burden is too great: the run creeps on, so that it ends at some
  /// time even where a replica never catches up.
  static let rest = Duration.seconds(1)

  private let now: () -> ContinuousClock.Instant
  private var lastAsked: ContinuousClock.Instant?
  /// Why the next batch must wait.
  private(set) var reason: String?
  /// The reasons for all waits, each once, as far as there are few.
  private(set) var reasons: [String] = []
  private(set) var rests = 0

  init(now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }) { self.now = now }

  /// True where the server should be asked with the next batch.
  mutating func takeTurn() -> Bool {
    let moment = now()
    guard lastAsked.map({ moment - $0 >= WriteBrake.interval }) ?? true else { return false }
    lastAsked = moment
    return true
  }

  mutating func note(_ burden: WriteBurden) {
    // Replicas by the same place and burdens of the same kind differ in their figures only.
    if reason == nil, let new = burden.reason, reasons.count < 5 { reasons.append(new) }
    reason = burden.reason
  }

  mutating func noteRest() { rests += 1 }

  /// Adds the waits of another worker.
  mutating func merge(_ other: WriteBrake) {
    rests += other.rests
    for reason in other.reasons where reasons.count < 5 { reasons.append(reason) }
  }

  /// What a report says of the waits.
  var warnings: [String] {
    guard rests > 0 else { return [] }
    return reasons.map { "slowed down for \(rests) s in all: \($0)" }
  }
}
