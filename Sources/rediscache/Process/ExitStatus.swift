import RedisClient

/// The exit codes of the contract. Thrown where a command has said all there is to say.
enum ExitStatus: Int32, Error {
  case done = 0
  case partial = 1
  case conditionHolds = 2
  /// For `--format nagios` only.
  case unknown = 3
  case usage = 64
  case badData = 65
  case inputMissing = 66
  case unreachable = 69
  case cannotWrite = 73
  case tryAgain = 75
  case permission = 77
  case configuration = 78
  case interrupted = 130
  case terminated = 143

  /// The code for an error of the client.
  init(_ kind: ClientError.Kind) {
    self =
      switch kind {
      case .unreachable, .closed, .protocolViolation, .server: .unreachable
      case .timeout, .runOver, .transient: .tryAgain
      case .permission: .permission
      case .usage: .usage
      case .interrupted: Signals.exitStatus
      }
  }

  /// The code for an error in what the user said about the endpoint.
  init(_ kind: EndpointError.Kind) {
    self =
      switch kind {
      case .usage: .usage
      case .inputMissing: .inputMissing
      case .configuration: .configuration
      case .interrupted: Signals.exitStatus
      case .runOver: .tryAgain
      }
  }
}
