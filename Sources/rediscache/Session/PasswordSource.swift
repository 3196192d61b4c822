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
    let password = readLine(from: terminal)
    try? Descriptor(terminal).write([UInt8(ascii: "\n")])
    if Signals.isStopRequested { throw Signals.exitStatus }
    guard !password.isEmpty else { throw Failure(.usage, "no password was typed") }
    return password
  }

  private static func readLine(from terminal: Int32) -> [UInt8] {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while !Signals.isStopRequested {
      // A signal must end the wait although the handler restarts reads.
      var watched = [
        pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.interruption.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      poll(&watched, 2, -1)
      guard watched[0].revents != 0 else { continue }
      guard read(terminal, &byte, 1) == 1, byte != UInt8(ascii: "\n") else { break }
      line.append(byte)
    }
    return line
  }
}
