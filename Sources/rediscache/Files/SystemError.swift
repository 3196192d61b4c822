import Platform

/// A call of the system that failed, by its error number.
struct SystemError: Error, Equatable {
  /// The number, as `errno` has it.
  let code: Int32

  /// The error of the call that has just failed.
  static var last: SystemError { SystemError(code: errno) }
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
    code == ELOOP ? "it is a symbolic link; name the file it leads to" : String(cString: strerror(code))
  }
}

extension Failure {
  /// A failure that ends in the system's reason.
  init(_ code: ExitStatus, _ message: String, _ error: SystemError) {
    self.init(code, "\(message): \(error.reason)")
  }
}
