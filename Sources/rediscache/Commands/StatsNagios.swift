import Operations
import RedisClient
import Reporting

/// `stats --format nagios`: one line, and an exit code from 0 to 3 whatever happens.
struct StatsNagios {
  private let state: StatsNagiosState
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
  var exitStatus: ExitStatus { StatsNagios.exitStatus(state) }

  private static func exitStatus(_ state: StatsNagiosState) -> ExitStatus {
    // The contract's 1 and 2 mean other things and are the same numbers.
    switch state {
    case .ok: .done
    case .warning: .partial
    case .critical: .conditionHolds
    case .unknown: .unknown
    }
  }

  /// Runs a step, and turns whatever goes wrong in it into UNKNOWN with the reason.
  static func guarding(_ step: () throws -> Void) throws {
    do { try step() } catch let failure as Failure {
      StandardOutput.writeQuietly(unknown(failure.message))
      throw ExitStatus.unknown
    } catch let status as ExitStatus {
      switch status {
      case .done, .partial, .conditionHolds, .unknown: throw status
      default:
        StandardOutput.writeQuietly(unknown("stopped"))
        throw ExitStatus.unknown
      }
    }
  }

  /// The line of a check that could not be made.
  static func unknown(_ message: String) -> String {
    String(decoding: StatsNagiosState.unknown.line(message), as: UTF8.self)
  }

  /// True where the arguments, wrong as they may be, ask for this format.
  static func isAsked(by arguments: [String]) -> Bool {
    arguments.first == "stats"
      && (arguments.contains("--format=nagios")
        || zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "nagios" })
  }
}
