import Bytes
import Keyspace
import Quantities
import RedisClient

/// How the walks of a run went.
struct WalkResult {
  var isComplete = true
  var failure: ClientError?
  var warnings: [String] = []
  /// What a server does not offer.
  var unavailable: KeyMeasurements = []
  /// What each server counted of the walks among its hits and misses.
  private(set) var lookups: [StatsServer: StatsLookups] = [:]
  /// How often a step was tried again.
  var retries = 0
  /// How often a node was walked again from the start.
  var restarts = 0

  /// Notes a failure; the first one is kept.
  mutating func fail(_ error: ClientError) {
    isComplete = false
    failure = failure ?? error
  }

  /// Adds what another walk of the same run made servers count.
  mutating func addLookups(of other: WalkResult) {
    for (server, more) in other.lookups { note(more, at: server) }
  }

  /// Adds the result of another node; a warning of both appears once.
  mutating func merge(_ other: WalkResult) {
    isComplete = isComplete && other.isComplete
    failure = failure ?? other.failure
    for warning in other.warnings where !warnings.contains(warning) { warnings.append(warning) }
    unavailable.formUnion(other.unavailable)
    for (server, more) in other.lookups { note(more, at: server) }
    retries += other.retries
    restarts += other.restarts
  }

  /// Notes that a server may have counted lookups whose number is unknown.
  mutating func noteUncounted(at server: StatsServer) { note(StatsLookups(uncountedRuns: 1), at: server) }

  private mutating func note(_ more: StatsLookups, at server: StatsServer) {
    var sum = (lookups[server] ?? StatsLookups()) + more
    // All walks are those of one run.
    sum.uncountedRuns = min(1, sum.uncountedRuns)
    lookups[server] = sum
  }

  /// Adds what the measuring of one walk has found.
  mutating func note(_ measurer: KeyMeasurer, _ request: WalkRequest, user: String, at server: StatsServer) {
    note(measurer.lookups, at: server)
    // SCAN with TYPE looks up every key that it draws, returned or not.
    if request.selection.type != nil, !request.selection.typeIsMeasured { noteUncounted(at: server) }
    for (measurement, reason) in measurer.unavailable where !unavailable.contains(measurement) {
      unavailable.insert(measurement)
      guard !request.selection.neededMeasurements.union(request.required).contains(measurement) else {
        fail(reason.error)
        continue
      }
      warnings.append(reason.sentence)
      if request.expected.contains(measurement) { isComplete = false }
    }
    if let failed = measurer.failedKeys {
      isComplete = false
      warnings.append(
        "\(NumberText.keys(failed.count)) could not be measured; the first answer was: \(failed.reason)")
    }
    let partly = measurer.hashesWithExpiringFields
    if request.selection.neverExpires, partly > 0 {
      let hashes =
        partly == 1 ? "1 hash without a TTL is" : "\(NumberText.count(partly)) hashes without a TTL are"
      warnings.append("\(hashes) left out: INFO counts fields that expire, and theirs may be among them")
    }
    guard measurer.forbiddenKeys > 0 else { return }
    isComplete = false
    let those = measurer.forbiddenKeys == 1 ? "it" : "them"
    warnings.append(
      "\(NumberText.keys(measurer.forbiddenKeys)) could not be measured: the user may not read \(those); "
        + "an administrator can allow it: ACL SETUSER \(user) %R~<pattern>")
  }
}

extension WalkResult {
  /// Notes keys that a server which seems to be alone said to be elsewhere.
  mutating func noteMoved(_ keys: Int, at place: String) {
    guard keys > 0 else { return }
    isComplete = false
    warnings.append(
      "\(place) names \(NumberText.keys(keys)) that it says are at other nodes, so it is part of a cluster that it does not "
        + "describe: they are not counted, and neither are the other nodes' keys")
  }
}

extension WalkResult: Checkpointed {
  func write(to writer: inout CheckpointWriter) {
    writer.add(isComplete)
    writer.add(Int(unavailable.rawValue))
    writer.add(warnings.count)
    for warning in warnings { writer.add(warning) }
  }

  init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    isComplete = try reader.flag()
    unavailable = KeyMeasurements(rawValue: UInt8(try reader.number(in: 0...0xff)))
    for _ in 0..<(try reader.count()) { warnings.append(try reader.text()) }
  }
}
