import Platform
import RedisClient

/// A call of the system that failed, by its error number.
struct SystemError: Error, Equatable {
  /// The number, as `errno` has it.
  let code: Int32

  /// The error of the call that has just failed.
  static var last: SystemError { SystemError(code: errno) }
  /// The user asked to stop while a file was waited for.
  static let stopped = SystemError(code: ECANCELED)
  /// The run's time was over while a file was waited for.
  static let late = SystemError(code: ETIME)
  /// Every name for a file beside the target is taken.
  static let tooManyWriters = SystemError(code: EEXIST)

  var isMissingFile: Bool { code == ENOENT }
  var isExistingFile: Bool { code == EEXIST }
  /// True where a signal ended the call early.
  var isInterruption: Bool { code == EINTR }
  /// True where the reader of a pipe has left.
  var isClosedPipe: Bool { code == EPIPE }

  /// What went wrong, in the system's words. Opening with `O_NOFOLLOW` reports a symbolic link as a loop of links.
  var reason: String {
    switch self {
    case .stopped: "stopped by the user"
    case .late: "the run's time limit passed"
    case SystemError(code: ELOOP): "it is a symbolic link; name the file it leads to"
    default: String(cString: strerror(code))
    }
  }

  /// True where a wait ended because the run must end.
  var endsRun: Bool { self == .stopped || self == .late }
}

extension SystemError {
  /// The error for a wait that ended.
  init(_ end: WaitLimit.End) { self = end == .stopped ? .stopped : .late }
}

extension Failure {
  /// A failure that ends in the system's reason.
  ///
  /// A wait that the run's end cut short has the code of that.
  init(_ code: ExitStatus, _ message: String, _ error: SystemError) {
    switch error {
    case .stopped: self.init(Signals.exitStatus, "\(message): \(error.reason)")
    case .late: self.init(.tryAgain, "\(message): \(error.reason)", hints: [Remedy.runLimit.text])
    default: self.init(code, "\(message): \(error.reason)")
    }
  }
}
