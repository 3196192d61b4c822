import Bytes
import RedisClient
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
  static var isTerminal: Bool { Descriptor.standardError.isTerminal }

  /// The columns that a line must fit: COLUMNS, else the terminal's own, else 80.
  static var width: Int { Terminal.columns(of: .standardError) ?? 80 }

  /// The colours that fit the stream: `--color always` is about the data, `--color never` holds here too.
  static var style: Style {
    Style(color: forbidsColor ? .never : .auto, isTerminal: isTerminal, environment: Environment.variables)
  }

  /// Read from the words as typed: some errors are reported before arguments are parsed.
  private static let forbidsColor: Bool = {
    let words = ProcessArguments.words
    let pairs = zip(words, words.dropFirst())
    return words.contains("--color=never") || pairs.contains { $0 == ("--color", "never") }
  }()

  /// Writes text; there is no place to report that standard error cannot be written to.
  static func write(_ text: String) {
    _ = try? Descriptor.standardError.write(Array(text.utf8))
  }

  /// A warning, made harmless.
  static func warn(_ text: String) {
    write(style.warning("warning:") + " " + KeyText.sanitized(TypedSecrets.hidden(in: text)) + "\n")
  }
}

/// Standard output: the data.
enum StandardOutput {
  static var isTerminal: Bool { Descriptor.standardOutput.isTerminal }

  /// The columns that a table must fit: COLUMNS, else the terminal's own; nil fits any.
  static var width: Int? { Terminal.columns(of: .standardOutput) }

  /// The lines of the terminal; 24 where that is unknown.
  static var height: Int { Terminal.lines(of: .standardOutput) }

  /// Writes text; a reader who has left is no error.
  static func writeQuietly(_ text: String) { _ = try? Descriptor.standardOutput.write(Array(text.utf8)) }
}

/// What concerns terminals, whatever they are used for.
enum Terminal {
  /// COLUMNS, else the width of the terminal behind a descriptor; nil where it is none.
  static func columns(of descriptor: Descriptor) -> Int? {
    if let columns = Environment.variables["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    guard descriptor.isTerminal else { return nil }
    let columns = Int(size(of: descriptor).ws_col)
    return columns > 0 ? columns : 80
  }

  /// The lines of the terminal behind a descriptor; 24 where that is unknown.
  static func lines(of descriptor: Descriptor) -> Int {
    let lines = Int(size(of: descriptor).ws_row)
    return lines > 0 ? lines : 24
  }

  /// The size of the terminal; zero where it does not say.
  private static func size(of descriptor: Descriptor) -> winsize {
    var size = winsize()
    _ = ioctl(descriptor.number, UInt(TIOCGWINSZ), &size)
    return size
  }

  /// What is typed up to the end of the line, or until a stop is requested.
  static func readLine(from descriptor: Descriptor) -> [UInt8] {
    var line: [UInt8] = []
    while !Signals.isStopRequested {
      // A signal must end the wait although the handler restarts reads.
      var watched = [
        pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.interruption.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      poll(&watched, 2, -1)
      guard watched[0].revents != 0 else { continue }
      guard let byte = try? descriptor.read(1).first, byte != UInt8(ascii: "\n") else { break }
      line.append(byte)
    }
    return line
  }

  /// True where a path leads to a terminal, as `/dev/tty` and often `/dev/stdout` do.
  static func isNamed(by path: String) -> Bool {
    guard FileInfo(at: path)?.kind == .device, let file = try? OpenFile(path, .stream) else { return false }
    return file.descriptor.isTerminal
  }
}
