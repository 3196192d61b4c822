import Operations
import RedisClient
import Reporting

/// `stats --format nagios`: one line, and an exit code from 0 to 3 whatever happens.
struct StatsNagios {
  private let state: NagiosState
  /// The line for standard output.
  let line: [UInt8]

  /// Judges a report by `--warning` and `--critical`.
  init(_ stats: StatsOptions, _ report: StatsReport, _ failure: ClientError?) {
    let (warning, critical) = (StatsCheck(stats.warning, on: report), StatsCheck(stats.critical, on: report))
    var unknown = critical.undecided + warning.undecided
    if let failure { unknown.append(failure.message) }
    if !report.header.isComplete, failure == nil { unknown.append("not all of the cluster was looked at") }
    if !critical.holding.isEmpty {
      (state, line) = (.critical, report.nagios(.critical, reasons: critical.holding))
    } else if !warning.holding.isEmpty {
      (state, line) = (.warning, report.nagios(.warning, reasons: warning.holding))
    } else if !unknown.isEmpty {
      (state, line) = (.unknown, report.nagios(.unknown, reasons: unknown))
    } else {
      (state, line) = (.ok, report.nagios(.ok, reasons: []))
    }
  }

  /// How the process ends.
  var exitStatus: ExitStatus { NagiosCheck.exitStatus(state) }
}
