import Foundation
import Synchronization

/// A started ``Command``: takes signals and input, and is waited for.
///
/// The program is killed when the last reference goes away.
package final class RunningCommand: Sendable {
  private let child: ChildProcess
  private let output: OutputCollector
  private let errors: OutputCollector
  private let input: Mutex<Int32?>

  init(_ command: Command) throws {
    let outputPipe = try Descriptor.pipe()
    let errorPipe = try Descriptor.pipe()
    var launch = Launch(executable: command.executable, arguments: command.arguments)
    launch.environment = command.environment
    launch.directory = command.directory
    launch.output = .descriptor(outputPipe.writing)
    launch.errors = .descriptor(errorPipe.writing)
    var inputPipe: (reading: Int32, writing: Int32)?
    switch command.input {
    case .nothing: break
    case .bytes, .open:
      let pipe = try Descriptor.pipe()
      Descriptor.makeNonBlocking(pipe.writing)
      launch.input = .descriptor(pipe.reading)
      inputPipe = pipe
    }
    // From here on the collectors own the reading ends, and close them even when the start fails.
    output = OutputCollector(outputPipe.reading, limit: command.outputLimit)
    errors = OutputCollector(errorPipe.reading)
    input = Mutex(inputPipe?.writing)
    defer {
      for end in [outputPipe.writing, errorPipe.writing] { close(end) }
      if let inputPipe { close(inputPipe.reading) }
    }
    do {
      child = try ChildProcess(launch)
    } catch {
      if let inputPipe { close(inputPipe.writing) }
      throw error
    }
    if case .bytes(let bytes) = command.input { feed(bytes) }
  }

  deinit {
    if child.ending() == nil { child.kill9() }
    closeInput()
  }

  /// The process id.
  package var pid: Int32 { child.pid }

  /// What standard output has brought so far.
  package var stdout: [UInt8] { output.bytes }

  /// What standard error has brought so far.
  package var stderr: [UInt8] { errors.bytes }

  /// Whether the program has not ended yet.
  package var isRunning: Bool { child.ending() == nil }

  /// Sends a signal (SIGINT, SIGTERM, …); false when the program has ended.
  @discardableResult
  package func signal(_ number: Int32) -> Bool {
    child.send(number)
  }

  /// Closes the reading end of standard output, as `head` does when it has seen enough.
  package func closeStdout() {
    output.close()
  }

  /// Writes to an open standard input; false when it is closed or not read for ten seconds.
  @discardableResult
  package func write(_ bytes: [UInt8]) -> Bool {
    input.withLock { descriptor in
      descriptor.map { Descriptor.writeAll($0, bytes, until: .now + .seconds(10)) } ?? false
    }
  }

  /// Ends the standard input; harmless when repeated.
  package func closeInput() {
    input.withLock { descriptor in
      if let descriptor { close(descriptor) }
      descriptor = nil
    }
  }

  /// Waits until standard output holds `text`; false when it ends or time runs out before.
  package func waitForOutput(_ text: String, timeout: Duration = Wait.limit) -> Bool {
    output.waitForText(Array(text.utf8), until: .now + timeout)
  }

  /// Waits until standard output holds a number of whole lines; false when it ends or time runs out before.
  package func waitForLines(_ count: Int, timeout: Duration = Wait.limit) -> Bool {
    output.waitForLines(count, until: .now + timeout)
  }

  /// Waits until standard error holds `text`; false when it ends or time runs out before.
  package func waitForError(_ text: String, timeout: Duration = Wait.limit) -> Bool {
    errors.waitForText(Array(text.utf8), until: .now + timeout)
  }

  /// Waits for the end of the program, killing it and its children after `timeout`.
  package func wait(timeout: Duration = Wait.limit) -> Command.Result {
    let onTime = child.wait(until: .now + timeout)
    if onTime == nil { child.kill9() }
    let ending = onTime ?? child.ending()
    // Grandchildren may hold the pipes open; what they write later is not waited for.
    for stream in [output, errors] where !stream.waitForEnd(until: .now + .seconds(1)) { stream.close() }
    return Command.Result(
      status: ending?.status, signal: ending?.signal, timedOut: onTime == nil,
      stdout: output.bytes, stderr: errors.bytes, peakMemoryKilobytes: ending?.peakMemoryKilobytes ?? 0)
  }

  /// Writes the whole input in the background and ends it; stops when the program ends first.
  private func feed(_ bytes: [UInt8]) {
    let descriptor = input.withLock { $0.take() }
    guard let descriptor else { return }
    Thread.detachNewThread { [child] in
      _ = Descriptor.writeAll(descriptor, bytes) { child.ending() != nil }
      close(descriptor)
    }
  }
}

extension RunningCommand {
  /// Waits for the end and returns the most memory that the program was seen to hold, in KiB; nil where the system
  /// does not say.
  ///
  /// The peak that comes with a process' end also holds what its parent had when it was started.
  package func waitWatchingMemory(timeout: Duration = Wait.limit) -> (result: Command.Result, peak: Int?) {
    let deadline = ContinuousClock.now + timeout
    var peak: Int?
    while isRunning, ContinuousClock.now < deadline {
      let status = FileManager.default.contents(atPath: "/proc/\(pid)/status") ?? Data()
      let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first {
        $0.hasPrefix("VmHWM:")
      }
      if let size = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) {
        peak = size
      }
      usleep(2_000)
    }
    return (wait(), peak)
  }
}
