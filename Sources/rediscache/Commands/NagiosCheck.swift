import Reporting

/// `--format nagios`: one line, and an exit code from 0 to 3 whatever happens.
enum NagiosCheck {
  /// How the process ends.
  static func exitStatus(_ state: NagiosState) -> ExitStatus {
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

  /// Writes the line of a check. Where its reader has left, nobody knows the result: OK would be a lie, and so would the code
  /// of a partial report, which is that of WARNING.
  static func deliver(_ line: [UInt8], judged status: ExitStatus, to file: ReportFile) throws {
    do { try file.write(line) } catch ExitStatus.partial { throw status == .done ? .unknown : status }
  }

  /// The line of a check that could not be made.
  static func unknown(_ message: String) -> String {
    String(decoding: NagiosState.unknown.line(message), as: UTF8.self)
  }

  /// True where the arguments, wrong as they may be, ask for this format.
  static func isAsked(by arguments: [String]) -> Bool {
    [Verb.stats, .scan, .doctor].map(\.rawValue).contains(arguments.first)
      && (arguments.contains("--format=nagios")
        || zip(arguments, arguments.dropFirst()).contains { $0 == "--format" && $1 == "nagios" })
  }
}
