import Bytes
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

  /// The columns that a line must fit: COLUMNS, else the terminal's own, else 80.
  static var width: Int { Terminal.columns(of: STDERR_FILENO) ?? 80 }

  /// The colours that fit the stream: `--color always` is about the data, `--color never` holds here too.
  static var style: Style {
    Style(color: forbidsColor ? .never : .auto, isTerminal: isTerminal, environment: Environment.variables)
  }

  /// Looked for among the words as typed, because errors are told before arguments are understood.
  private static let forbidsColor: Bool = {
    let words = ProcessArguments.words
    let pairs = zip(words, words.dropFirst())
    return words.contains("--color=never") || pairs.contains { $0 == ("--color", "never") }
  }()

  /// Writes text; a standard error that cannot be written to is nobody's to hear of.
  static func write(_ text: String) {
    _ = try? Descriptor(STDERR_FILENO).write(Array(text.utf8))
  }

  /// A warning in the house's form, made harmless.
  static func warn(_ text: String) {
    write(style.warning("warning:") + " " + KeyText.sanitized(TypedSecrets.hidden(in: text)) + "\n")
  }
}

/// Standard output: the data.
enum StandardOutput {
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The columns that a table must fit: COLUMNS, else the terminal's own; nil fits any.
  static var width: Int? { Terminal.columns(of: STDOUT_FILENO) }

  /// Writes text; a reader who has left is no error.
  static func writeQuietly(_ text: String) { _ = try? Descriptor(STDOUT_FILENO).write(Array(text.utf8)) }
}

/// What concerns terminals, whatever they are used for.
enum Terminal {
  /// COLUMNS, else the width of the terminal behind a descriptor; nil where it is none.
  static func columns(of descriptor: Int32) -> Int? {
    if let columns = Environment.variables["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// True where a path leads to a terminal, as `/dev/tty` and often `/dev/stdout` do.
  static func isNamed(by path: String) -> Bool {
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFCHR else { return false }
    let descriptor = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return isatty(descriptor) == 1
  }
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
