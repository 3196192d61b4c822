import Foundation
import Synchronization

/// How a program ended.
package struct ProcessEnding: Sendable, Equatable {
  /// The exit status, or nil when a signal ended the program.
  package let status: Int32?
  /// The signal that ended the program, or nil when it exited by itself.
  package let signal: Int32?
  /// The largest resident set of the program in kibibytes, 0 where the system does not say.
  package let peakMemoryKilobytes: Int

  init(waitStatus: Int32, usage: rusage) {
    // The macros WIFEXITED and WEXITSTATUS are not importable; this is their meaning on Linux and macOS.
    let isExit = waitStatus & 0x7f == 0
    status = isExit ? (waitStatus >> 8) & 0xff : nil
    signal = isExit ? nil : waitStatus & 0x7f
    #if canImport(Darwin)
      peakMemoryKilobytes = Int(usage.ru_maxrss) / 1_024
    #else
      peakMemoryKilobytes = Int(usage.ru_maxrss)
    #endif
  }
}

/// A running child, reaped exactly once, so that a signal never reaches a stranger with a recycled pid.
final class ChildProcess: Sendable {
  let pid: pid_t
  private let state = Mutex<ProcessEnding?>(nil)

  init(_ launch: Launch) throws {
    pid = try launch.spawn()
  }

  /// How the child ended, or nil while it runs.
  func ending() -> ProcessEnding? {
    state.withLock { known in
      if known == nil {
        var status: Int32 = 0
        var usage = rusage()
        if wait4(pid, &status, WNOHANG, &usage) == pid {
          known = ProcessEnding(waitStatus: status, usage: usage)
        }
      }
      return known
    }
  }

  /// Waits for the end of the child; nil when `deadline` comes first.
  func wait(until deadline: ContinuousClock.Instant) -> ProcessEnding? {
    var nap: UInt32 = 500
    while true {
      if let ending = ending() { return ending }
      if ContinuousClock.now >= deadline { return nil }
      usleep(nap)
      nap = min(nap * 2, 10_000)
    }
  }

  /// Sends a signal to the child alone; false when it has ended.
  @discardableResult
  func send(_ number: Int32) -> Bool {
    state.withLock { $0 == nil && kill(pid, number) == 0 }
  }

  /// Kills the child and whatever it started in its own session, and waits for the child.
  func kill9() {
    state.withLock { known in
      guard known == nil else { return }
      _ = kill(-pid, SIGKILL)
      _ = kill(pid, SIGKILL)
    }
    _ = wait(until: .now + .seconds(10))
  }
}
