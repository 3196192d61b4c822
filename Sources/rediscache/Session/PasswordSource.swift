import Configuration
import RedisClient

/// Where a password comes from that is neither in a URI nor in the environment.
enum PasswordSource {
  /// The first line of a file; warns where others may read it.
  static func password(inFile file: String, quiet: Bool) throws -> [UInt8] {
    do {
      let (password, warning) = try Credentials.passwordFile(file, within: RunLimit.waits)
      if let warning, !quiet { StandardError.warn(warning) }
      return password
    } catch {
      throw Failure(error)
    }
  }

  /// Asks on the terminal, without echo, even where the streams are redirected.
  static func ask(allowed: Bool) throws -> [UInt8] {
    guard allowed else {
      throw Failure(
        .usage, "--askpass needs to ask, but --no-input forbids it", hints: ["use --password-file"])
    }
    let password: [UInt8]
    do { password = try Terminal.askSilently("Password: ") } catch {
      switch error {
      case .noTerminal:
        throw Failure(
          .usage, "--askpass needs a terminal, and there is none",
          hints: ["use --password-file or the environment variable REDISCLI_AUTH"])
      case .cannotSilence: throw Failure(.usage, "--askpass cannot silence the terminal")
      }
    }
    if Signals.isStopRequested { throw Signals.exitStatus }
    if RunLimit.deadline.hasPassed { throw Failure(.runOver(" before a password was typed")) }
    guard !password.isEmpty else { throw Failure(.usage, "no password was typed") }
    return password
  }
}
