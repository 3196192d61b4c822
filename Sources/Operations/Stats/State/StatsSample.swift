import Bytes
import RedisClient

/// One reading of a server's counters, with what tells whether it can be compared with another.
package struct StatsSample: Sendable, Equatable, Codable {
  /// The process, `run_id`.
  package var runID: String?
  /// The number of the process, `process_id`.
  package var processID: Int?
  /// The port, `tcp_port`.
  package var port: Int?
  /// The replication history that the server follows, `master_replid`.
  package var replicationID: String?
  /// `primary` or `replica`.
  package var role: String?
  /// `uptime_in_seconds`.
  package var uptimeSeconds: Int?
  /// The server's clock in microseconds since 1970, `server_time_usec`.
  package var serverMicroseconds: Int?
  /// The clock here in seconds since 1970.
  package var localSeconds: Double
  /// Calls of CONFIG RESETSTAT, which resets its own count too: 1 after any, 0 before.
  package var resets: Int?
  /// The counters.
  package var counters: StatsCounters
  /// Keys in all databases.
  package var keys: Int?
  /// How long commands took; nil where LATENCY HISTOGRAM is not available.
  package var histogram: StatsHistogram?

  private enum CodingKeys: String, CodingKey {
    case runID = "run_id"
    case processID = "process_id"
    case port
    case replicationID = "replication_id"
    case role
    case uptimeSeconds = "uptime_seconds"
    case serverMicroseconds = "server_time_usec"
    case localSeconds = "local_time_seconds"
    case resets
    case counters
    case keys
    case histogram
  }

  /// A reading that tells nothing but when it was taken.
  package init(localSeconds: Double) {
    self.localSeconds = localSeconds
    counters = StatsCounters()
  }

  /// The seconds between two readings of one process; nil where no clock tells.
  ///
  /// The server's clock where it is told to the microsecond, else the one here, else the uptime.
  package func seconds(since earlier: StatsSample) -> Double? {
    var candidates: [Double] = []
    if let now = serverMicroseconds, let then = earlier.serverMicroseconds {
      candidates.append((Double(now) - Double(then)) / 1e6)
    }
    candidates.append(localSeconds - earlier.localSeconds)
    if let now = uptimeSeconds, let then = earlier.uptimeSeconds {
      candidates.append(Double(now) - Double(then))
    }
    // A clock that was set back tells nothing.
    return candidates.first { $0 > 0 }
  }
}

extension StatsSample {
  /// False for a reading, from a file, that no server can have given.
  var isPlausible: Bool {
    let amounts = [processID, port, uptimeSeconds, serverMicroseconds, resets, keys]
    return amounts.allSatisfy { $0.map { (0...1 << 53).contains($0) } ?? true }
      && (-1e12...1e12).contains(localSeconds) && counters.isPlausible && (histogram?.isPlausible ?? true)
  }

  /// The process, by the server's clock where both readings have it, else by the one here.
  private func process(byServersClock: Bool) -> ServerProcess {
    var process = ServerProcess()
    (process.runID, process.number, process.port) = (runID, processID, port)
    let now = byServersClock ? serverMicroseconds.map { Double($0) / 1e6 } : localSeconds
    process.started = now.flatMap { now in uptimeSeconds.map { now - Double($0) } }
    return process
  }

  /// Whether the same process was read before; nil where nothing tells.
  private func isSameProcess(as earlier: StatsSample) -> Bool? {
    let sharesClock = serverMicroseconds != nil && earlier.serverMicroseconds != nil
    let verdict = process(byServersClock: sharesClock).isSame(
      as: earlier.process(byServersClock: sharesClock))
    if let verdict { return verdict }
    // An uptime below the time in between is enough.
    return isYounger(than: earlier) == true ? false : nil
  }

  /// Whether the server was started after an earlier reading; nil where it does not tell.
  private func isYounger(than earlier: StatsSample) -> Bool? {
    // Uptime comes in whole seconds, and the clocks of the readings are not the server's.
    guard let uptimeSeconds, let seconds = seconds(since: earlier) else { return nil }
    return Double(uptimeSeconds) < seconds - 2
  }
}

/// Whether what was counted between two readings is one story.
package enum StatsContinuity: Sendable, Equatable {
  /// The differences of the counters are what happened in between.
  case unbroken
  /// The differences hold, although the server follows another replication history.
  case resynchronized
  /// The server was started again.
  case restarted
  /// Another server, which was running all the time, answers in the place of the first.
  case replaced
  /// The server became a primary or a replica: its traffic is not the same traffic.
  case roleChanged
  /// CONFIG RESETSTAT was called.
  case reset
}

extension StatsSample {
  /// Compares with an earlier reading from the same place.
  package func continuity(since earlier: StatsSample) -> StatsContinuity {
    if isSameProcess(as: earlier) == false {
      guard let uptimeSeconds else { return .restarted }
      return Double(uptimeSeconds) <= localSeconds - earlier.localSeconds + 2 ? .restarted : .replaced
    }
    if let now = uptimeSeconds, let then = earlier.uptimeSeconds, now < then { return .restarted }
    if let now = role, let then = earlier.role, now != then { return .roleChanged }
    if (resets ?? 0) > (earlier.resets ?? 0) || counters.isBelow(earlier.counters) { return .reset }
    if let histogram, let before = earlier.histogram, histogram.since(before) == nil { return .reset }
    if let now = replicationID, let then = earlier.replicationID, now != then { return .resynchronized }
    return .unbroken
  }
}
