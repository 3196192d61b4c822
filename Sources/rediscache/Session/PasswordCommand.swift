import RedisClient
import Synchronization

/// A command that prints a password: of a keychain, or a cloud service whose tokens soon expire.
///
/// It is run where a login needs it, once for all connections, and again where the server refuses what it printed.
/// Neither the command nor what it prints is shown.
final class PasswordCommand: Sendable {
  private let command: ShellCommand
  private let known = Mutex<[UInt8]?>(nil)

  /// Makes it from a line for the shell; `limit` bounds each run.
  init(_ line: String, limit: Duration) { command = ShellCommand(line: line, limit: limit) }

  /// The password; the command is run where it was not yet, or where the password is the one that was `refused`.
  func password(refused: [UInt8]?) throws(ClientError) -> [UInt8] {
    let result = known.withLock { password -> Result<[UInt8], ClientError> in
      if let password, password != refused { return .success(password) }
      let result = Result { () throws(ClientError) in try read() }
      if case .success(let new) = result { password = new }
      return result
    }
    return try result.get()
  }

  private func read() throws(ClientError) -> [UInt8] {
    let output: [UInt8]
    do { output = try command.output(atMost: PasswordCommand.longest) } catch {
      throw PasswordCommand.failure(error)
    }
    var line = output.prefix { $0 != UInt8(ascii: "\n") }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    guard !line.isEmpty else {
      throw ClientError(
        .permission, "the password command printed no password",
        hints: ["its first line of standard output is the password: run it by hand"])
    }
    return Array(line)
  }

  /// A longer password, in bytes, is none.
  private static let longest = 64 * 1024

  private static func failure(_ fault: ShellCommand.Fault) -> ClientError {
    switch fault {
    case .cannotStart(let reason):
      ClientError(.permission, "the password command cannot be started: \(reason)")
    case .failed(let status):
      ClientError(
        .permission, "the password command ended with exit status \(status)",
        hints: ["what it says of that is above; run it by hand"])
    case .killed(let signal):
      ClientError(.permission, "the password command was ended by signal \(signal)")
    case .late:
      ClientError(
        .timeout, "the password command printed no password within the connect timeout",
        hints: ["it must ask no one; run it by hand", .waitLonger(.connect)])
    case .tooLong: ClientError(.permission, "the password command printed more than 64 KiB")
    case .stopped: ClientError(.interrupted, "stopped while waiting for the password command")
    }
  }
}
