import RedisClient
import Reporting

/// Why a rule cannot be checked: a fact that it rests on is missing.
enum FactGap: Error, Equatable {
  /// The user lacks a right. `right` is the word of an access rule that would do.
  case refused(reason: String, right: String)
  /// The server has no such command, or does not tell a figure.
  case unavailable(String)
  /// It is too early, or there was too little to judge by.
  case early(String)
  /// It was not asked for.
  case skipped(String)

  /// Why a command brought nothing; throws away what the server said where it may repeat an argument.
  init(_ error: ServerError, to command: String, right: String, at endpoint: Endpoint) {
    self =
      error.isCommandForbidden
      ? .refused(reason: "\(command) is not permitted", right: right)
      : .unavailable("\(command) is not available here")
  }

  /// True where the report has a gap that whoever runs it can close.
  var isLack: Bool { if case .refused = self { true } else { false } }

  /// The entry of a report.
  func entry(_ rule: String, _ node: String?) -> DoctorReport.Unchecked {
    switch self {
    case .refused(let reason, let right): .init(rule: rule, node: node, reason: reason, right: right)
    case .unavailable(let reason), .early(let reason), .skipped(let reason):
      .init(rule: rule, node: node, reason: reason)
    }
  }
}

/// A fact, or why there is none.
typealias Fact<Value> = Result<Value, FactGap>
