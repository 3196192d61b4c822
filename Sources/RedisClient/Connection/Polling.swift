import Platform

/// The one place where the client waits: poll(2) with a deadline, ended early by a stop that the user asks for.
enum Polling {
  /// What a descriptor is ready for.
  struct Readiness {
    /// There are bytes to read, or the end of the stream, or a fault that reading tells.
    var canRead = false
    /// Bytes can be written, or a fault that writing tells.
    var canWrite = false
  }

  /// Waits for a descriptor; ready for nothing at the deadline, after a signal, and when `wakeUp` is readable.
  ///
  /// A negative descriptor is not waited for.
  static func wait(
    for descriptor: Int32, input: Bool = true, output: Bool, until deadline: Deadline, wakeUp: Int32
  ) -> Readiness {
    let events = Int16((input ? POLLIN : 0) | (output ? POLLOUT : 0))
    var watched = [
      pollfd(fd: descriptor, events: events, revents: 0),
      // poll(2) passes over negative descriptors.
      pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0),
    ]
    let ready = poll(&watched, nfds_t(watched.count), deadline.pollTimeout)
    guard ready > 0 else {
      // Where the system refuses to wait, for want of memory, the callers' loops must not spin.
      if ready < 0, errno != EINTR { usleep(10_000) }
      return Readiness()
    }
    let found = watched[0].revents
    let hasFault = found & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    return Readiness(
      canRead: hasFault || found & Int16(POLLIN) != 0, canWrite: hasFault || found & Int16(POLLOUT) != 0)
  }

  /// Waits for a while, or until the user asks to stop. Durations below a millisecond are kept.
  static func sleep(_ duration: Duration, _ interruption: Interruption) {
    let deadline = Deadline(after: duration)
    while !deadline.hasPassed, !interruption.isRequested() {
      guard let left = deadline.left else {
        _ = wait(
          for: -1, output: false, until: Deadline(after: .seconds(3600)), wakeUp: interruption.descriptor)
        continue
      }
      // poll(2) knows milliseconds only: it waits for the whole ones, and the rest is slept through.
      if left >= .milliseconds(2) {
        let short = Deadline(after: left - .milliseconds(1))
        _ = wait(for: -1, output: false, until: short, wakeUp: interruption.descriptor)
      } else {
        usleep(UInt32(clamping: left.components.attoseconds / 1_000_000_000_000))
      }
    }
  }
}
