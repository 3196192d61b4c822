import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard error: progress, warnings, errors and the summary.
enum StandardError {
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// The colours that fit the stream, whatever `--color` may say later of the data.
  static var style: Style { Style(color: .auto, isTerminal: isTerminal, environment: Environment.variables) }

  /// Writes text; a standard error that cannot be written to is nobody's to hear of.
  static func write(_ text: String) {
    _ = try? Descriptor(STDERR_FILENO).write(Array(text.utf8))
  }

  /// A warning in the house's form, made harmless.
  static func warn(_ text: String) { write(style.warning("warning:") + " " + KeyText.sanitized(text) + "\n") }
}

/// Standard output: the data.
enum StandardOutput {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The columns that a table must fit: COLUMNS, else the terminal's own; nil fits any.
  static var width: Int? {
    if let columns = Environment.variables["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    guard isTerminal else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes text; a reader who has left is no error.
  static func writeQuietly(_ text: String) { _ = try? Descriptor(STDOUT_FILENO).write(Array(text.utf8)) }
}

/// A file descriptor that bytes are written to.
struct Descriptor {
  /// Why bytes could not be written.
  enum Fault: Error {
    /// The reader has left: end quietly.
    case closedPipe
    /// Anything else, in the system's words.
    case failed(String)
  }

  private let number: Int32

  init(_ number: Int32) { self.number = number }

  /// Writes all bytes.
  func write(_ bytes: [UInt8]) throws(Fault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { writeBytes(number, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno == EPIPE {
        throw .closedPipe
      } else if errno == EAGAIN {
        // A terminal or pipe that somebody made non-blocking: wait until it takes more.
        var watched = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        poll(&watched, 1, 1000)
      } else if errno != EINTR {
        throw .failed(String(cString: strerror(errno)))
      }
    }
  }
}

/// write(2), which a method of that name hides.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  #if canImport(Glibc)
    Glibc.write(file, bytes, count)
  #elseif canImport(Musl)
    Musl.write(file, bytes, count)
  #else
    Darwin.write(file, bytes, count)
  #endif
}
