import Configuration
import RedisClient

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a password comes from that is neither in a URI nor in the environment.
enum PasswordSource {
  /// The first line of a file; warns where others may read it.
  static func password(inFile file: String, quiet: Bool) throws -> [UInt8] {
    do {
      let (password, warning) = try Credentials.passwordFile(file)
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
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard terminal >= 0 else {
      throw Failure(
        .usage, "--askpass needs a terminal, and there is none",
        hints: ["use --password-file or the environment variable REDISCLI_AUTH"])
    }
    defer { close(terminal) }
    var before = termios()
    guard tcgetattr(terminal, &before) == 0 else {
      throw Failure(.usage, "--askpass cannot silence the terminal")
    }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(terminal, TCSAFLUSH, &silent)
    defer { tcsetattr(terminal, TCSAFLUSH, &before) }
    try? Descriptor(terminal).write(Array("Password: ".utf8))
    let password = Terminal.readLine(from: Descriptor(terminal))
    try? Descriptor(terminal).write([UInt8(ascii: "\n")])
    if Signals.isStopRequested { throw Signals.exitStatus }
    guard !password.isEmpty else { throw Failure(.usage, "no password was typed") }
    return password
  }
}
