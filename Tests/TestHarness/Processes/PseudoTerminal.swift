import Foundation
import Synchronization

/// A program on a pseudo-terminal of its own, which is its controlling terminal.
///
/// Ctrl-C, job control and window sizes work as in a real terminal window. The program is killed when the last
/// reference goes away.
package final class PseudoTerminal: Sendable {
  /// What a program wrote, and how it ended.
  package struct Result: Sendable {
    /// The exit status, or nil when a signal ended the program.
    package let status: Int32?
    /// The signal that ended the program, or nil.
    package let signal: Int32?
    /// Whether the program was killed because its time was over.
    package let timedOut: Bool
    /// All bytes that reached the terminal: the terminal's line ends are CR LF, and typed input is echoed.
    package let terminal: [UInt8]
    /// All bytes of standard output where it was a pipe; empty otherwise.
    package let stdout: [UInt8]

    /// The bytes of the terminal as text, with U+FFFD for what is not UTF-8.
    package var text: String { String(decoding: terminal, as: UTF8.self) }
  }

  private let child: ChildProcess
  private let screen: OutputCollector
  private let pipe: OutputCollector?
  private let keyboard: Int32

  /// Starts a program on a terminal of `columns` × `rows` characters.
  ///
  /// - Parameters:
  ///   - executable: a path, or a name that is looked for in `PATH`.
  ///   - arguments: without the name of the program.
  ///   - environment: the whole environment; nil hands on that of the tests with `TERM=xterm-256color` and
  ///     without `COLUMNS` and `LINES`.
  ///   - pipesOutput: gives standard output a pipe and leaves only input and errors on the terminal.
  package init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String]? = nil,
    columns: Int = 80, rows: Int = 24, pipesOutput: Bool = false
  ) throws {
    let pair = try Self.open(columns: columns, rows: rows)
    var launch = Launch(executable: executable, arguments: arguments)
    launch.environment =
      environment
      ?? Command.environment(changing: ["TERM": "xterm-256color", "COLUMNS": nil, "LINES": nil])
    // The first terminal a session leader opens becomes its controlling terminal.
    launch.input = .file(pair.name, flags: O_RDWR)
    launch.output = .file(pair.name, flags: O_RDWR)
    launch.errors = .file(pair.name, flags: O_RDWR)
    var ends: (reading: Int32, writing: Int32)?
    if pipesOutput {
      let made = try Descriptor.pipe()
      launch.output = .descriptor(made.writing)
      ends = made
    }
    defer {
      // Open until the child has opened it: a terminal without users reads as ended.
      close(pair.slave)
      if let ends { close(ends.writing) }
    }
    keyboard = try Descriptor.duplicate(pair.master)
    screen = OutputCollector(pair.master)
    pipe = ends.map { OutputCollector($0.reading) }
    do {
      child = try ChildProcess(launch)
    } catch {
      close(keyboard)
      throw error
    }
  }

  deinit {
    if child.ending() == nil { child.kill9() }
    close(keyboard)
  }

  /// The process id.
  package var pid: Int32 { child.pid }

  /// What has reached the terminal so far.
  package var terminal: [UInt8] { screen.bytes }

  /// Types bytes; 0x03 is Ctrl-C, 0x04 Ctrl-D, 0x1a Ctrl-Z.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    Descriptor.writeAll(keyboard, bytes, until: .now + .seconds(5))
  }

  /// Types text.
  @discardableResult
  package func send(_ text: String) -> Bool {
    send(Array(text.utf8))
  }

  /// Presses Ctrl-C.
  package func interrupt() {
    send([0x03])
  }

  /// Sends a signal to the program alone; false when it has ended.
  @discardableResult
  package func signal(_ number: Int32) -> Bool {
    child.send(number)
  }

  /// Changes the size of the terminal, which sends SIGWINCH to the program.
  package func resize(columns: Int, rows: Int) {
    Self.setSize(keyboard, columns: columns, rows: rows)
  }

  /// Whether the terminal shows what is typed.
  package var echoes: Bool {
    var settings = termios()
    return tcgetattr(keyboard, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
  }

  /// Waits until the terminal has shown `text`; false when the program ends or time runs out before.
  package func waitForText(_ text: String, timeout: Duration = Wait.limit) -> Bool {
    screen.waitForText(Array(text.utf8), until: .now + timeout)
  }

  /// Waits for the end of the program, killing it and its children after `timeout`.
  package func wait(timeout: Duration = Wait.limit) -> Result {
    let onTime = child.wait(until: .now + timeout)
    if onTime == nil { child.kill9() }
    let ending = onTime ?? child.ending()
    for stream in [screen, pipe].compactMap({ $0 }) where !stream.waitForEnd(until: .now + .seconds(1)) {
      stream.close()
    }
    return Result(
      status: ending?.status, signal: ending?.signal, timedOut: onTime == nil,
      terminal: screen.bytes, stdout: pipe?.bytes ?? [])
  }

  private static func open(columns: Int, rows: Int) throws -> (master: Int32, slave: Int32, name: String) {
    var name = [CChar](repeating: 0, count: 128)
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    let pair = try Descriptor.creating("openpty") {
      var master: Int32 = -1
      var slave: Int32 = -1
      return openpty(&master, &slave, &name, nil, &size) == 0 ? [master, slave] : []
    }
    let path = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return (pair[0], pair[1], String(decoding: path, as: UTF8.self))
  }

  private static func setSize(_ descriptor: Int32, columns: Int, rows: Int) {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
  }
}
