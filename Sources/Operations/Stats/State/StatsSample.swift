/// One reading of a server's counters, with what tells whether it can be compared with another.
package struct StatsSample: Sendable, Equatable, Codable {
  /// The process, `run_id`.
  package var runID: String?
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
  /// How long commands took; nil where LATENCY HISTOGRAM is not available.
  package var histogram: StatsHistogram?

  private enum CodingKeys: String, CodingKey {
    case runID = "run_id"
    case replicationID = "replication_id"
    case role
    case uptimeSeconds = "uptime_seconds"
    case serverMicroseconds = "server_time_usec"
    case localSeconds = "local_time_seconds"
    case resets
    case counters
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
      candidates.append(Double(now - then) / 1e6)
    }
    candidates.append(localSeconds - earlier.localSeconds)
    if let now = uptimeSeconds, let then = earlier.uptimeSeconds { candidates.append(Double(now - then)) }
    // A clock that was set back tells nothing.
    return candidates.first { $0 > 0 }
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
    if let now = runID, let then = earlier.runID, now != then {
      guard let uptimeSeconds else { return .restarted }
      // Uptime is told in whole seconds, and the clocks of the readings are not the server's.
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
