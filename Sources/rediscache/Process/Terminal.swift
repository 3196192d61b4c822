import Platform
import RedisClient

/// What the tool asks of terminals.
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

  /// What is typed up to the end of the line, or until the run must end.
  static func readLine(from descriptor: Descriptor) -> [UInt8] {
    var line: [UInt8] = []
    while !Signals.isStopRequested {
      guard let byte = try? descriptor.read(1).first, byte != UInt8(ascii: "\n") else { break }
      line.append(byte)
    }
    return line
  }

  /// Drops what was typed before a question: it is no answer to it.
  static func discardInput() { tcflush(STDIN_FILENO, TCIFLUSH) }

  /// Asks on the terminal and reads a line without echo, even where the streams are redirected.
  static func askSilently(_ question: String) throws(SilenceError) -> [UInt8] {
    guard let file = try? OpenFile("/dev/tty", .terminal) else { throw .noTerminal }
    let terminal = file.descriptor
    var before = termios()
    guard tcgetattr(terminal.number, &before) == 0 else { throw .cannotSilence }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(terminal.number, TCSAFLUSH, &silent)
    defer { tcsetattr(terminal.number, TCSAFLUSH, &before) }
    try? terminal.write(Array(question.utf8))
    let answer = readLine(from: terminal)
    try? terminal.write([UInt8(ascii: "\n")])
    return answer
  }

  /// Why nothing could be asked without echo.
  enum SilenceError: Error {
    case noTerminal
    case cannotSilence
  }

  /// True where a path leads to a terminal, as `/dev/tty` and often `/dev/stdout` do.
  static func isNamed(by path: String) -> Bool {
    guard FileInfo(at: path)?.kind == .device, let file = try? OpenFile(path, .stream) else { return false }
    return file.descriptor.isTerminal
  }
}
