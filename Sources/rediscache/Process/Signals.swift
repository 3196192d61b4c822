import Platform
import RedisClient
import Synchronization

/// Ctrl-C, SIGTERM, SIGHUP and SIGQUIT: the first asks the command to come to an end, the second ends it at once.
enum Signals {
  /// A signal that follows the first sooner than this, in nanoseconds, is the same wish: timeout(1) sends its signal to the
  /// process and to its group, and a closing terminal sends two kinds.
  private static let sameWish: UInt64 = 200_000_000

  private static let received = Atomic<Int32>(0)
  /// When the first came, in nanoseconds of the monotonic clock.
  private static let firstAt = Atomic<UInt64>(0)
  private static let wakeUp = Atomic<Int32>(-1)
  private static let alarm = Atomic<Int32>(-1)
  private static let tellsOfStop = Atomic(false)

  /// Installs the handlers, and ignores SIGPIPE and SIGXFSZ: hiredis writes without MSG_NOSIGNAL, and a closed pipe or
  /// a file that may not grow is an error to be handled.
  static func install() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // A standard stream that is missing would be taken by the next file that is opened.
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      // Neither end may hold up the handler or leak into a child.
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
      wakeUp.store(ends[0], ordering: .relaxed)
      alarm.store(ends[1], ordering: .relaxed)
    }
    // Everything that the handler touches is made here: it must neither allocate nor ask the system what it
    // may not.
    received.store(0, ordering: .relaxed)
    firstAt.store(0, ordering: .relaxed)
    tellsOfStop.store(isatty(STDERR_FILENO) == 1, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] { signal(number) { Signals.note($0) } }
    // nohup(1), and a shell that starts a command in the background, want these to be passed over.
    for number in [SIGHUP, SIGQUIT] where !isIgnored(number) { signal(number) { Signals.note($0) } }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Darwin)
      let handler = action.__sigaction_u.__sa_handler
    #else
      let handler = action.__sigaction_handler.sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The monotonic clock, in nanoseconds; safe in the handler.
  private static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Runs in the handler: only calls that POSIX calls safe there, and `errno` is left as it was.
  private static func note(_ number: Int32) {
    let before = errno
    defer { errno = before }
    let now = now
    guard received.compareExchange(expected: 0, desired: number, ordering: .sequentiallyConsistent).exchanged
    else {
      let first = firstAt.load(ordering: .sequentiallyConsistent)
      // Zero: the handler of the first is interrupted by this one.
      if first == 0 || now < first || now - first < sameWish { return }
      _exit(128 + number)
    }
    firstAt.store(now, ordering: .sequentiallyConsistent)
    var byte: UInt8 = 0
    _ = write(alarm.load(ordering: .relaxed), &byte, 1)
    guard number == SIGINT, tellsOfStop.load(ordering: .relaxed) else { return }
    let text: StaticString = "\nstopping (Ctrl-C again: at once)\n"
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  /// True once a stop has been asked for.
  static var isStopRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The code to end with after a stop.
  static var exitStatus: ExitStatus {
    received.load(ordering: .relaxed) == SIGINT ? .interrupted : .terminated
  }

  /// How a waiting connection learns of a stop.
  static var interruption: Interruption {
    Interruption(descriptor: wakeUp.load(ordering: .relaxed)) { isStopRequested }
  }

  /// Ends the process.
  static func leave(_ status: ExitStatus) -> Never { exit(status.rawValue) }
}
