import Foundation
import Synchronization

/// Kills a child and removes its folder when the test process ends without having done so.
///
/// A shell waits at the end of a pipe whose other end only this process holds: however this process dies, the
/// pipe closes. (PR_SET_PDEATHSIG is no alternative: it fires when the *thread* that started the child ends,
/// and the threads that run tests come and go.)
final class ParentWatch: Sendable {
  private let shell: ChildProcess
  private let line: Mutex<Int32?>

  init(pid: pid_t, folder: String) throws {
    let pipe = try Descriptor.pipe()
    defer { close(pipe.reading) }
    var launch = Launch(
      executable: "/bin/sh",
      arguments: [
        "-c", "read -r line || { kill -KILL \"$1\"; rm -rf -- \"$2\"; }", "watch", String(pid), folder,
      ])
    launch.input = .descriptor(pipe.reading)
    line = Mutex(pipe.writing)
    do {
      shell = try ChildProcess(launch)
    } catch {
      close(pipe.writing)
      throw error
    }
  }

  deinit {
    disarm()
  }

  /// Ends the watch without touching the child.
  func disarm() {
    line.withLock { descriptor in
      guard let open = descriptor else { return }
      descriptor = nil
      // Should the shell miss the word, it must not act on the end of the pipe either.
      if !Descriptor.writeAll(open, Array("over\n".utf8), until: .now + .seconds(1)) { shell.kill9() }
      close(open)
    }
    if shell.wait(until: .now + .seconds(2)) == nil { shell.kill9() }
  }
}
