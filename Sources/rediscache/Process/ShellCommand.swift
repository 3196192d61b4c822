import CArguments
import Platform
import RedisClient

/// A command line that a shell runs, whose standard output is read. It has no standard input; what it writes to standard
/// error is seen as it comes.
struct ShellCommand: Sendable {
  /// Why there is no output.
  enum Fault: Error {
    /// There is no process, for a reason of the system.
    case cannotStart(String)
    /// It ended with a status other than 0.
    case failed(Int32)
    /// A signal ended it.
    case killed(Int32)
    /// It did not end in time.
    case late
    /// It wrote too much.
    case tooLong
    /// The user asked to stop.
    case stopped
  }

  /// What the shell is given.
  let line: String
  /// How long it may take.
  let limit: Duration

  /// Runs it to its end and returns what it wrote, at most so many bytes.
  func output(atMost size: Int) throws(Fault) -> [UInt8] {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .cannotStart(String(cString: strerror(errno))) }
    let input = Descriptor(ends[0])
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let process: pid_t
    do {
      defer { close(ends[1]) }
      process = try start(writingTo: ends[1])
    }
    let deadline = Deadline(after: limit)
    do {
      let bytes = try read(input, size, deadline)
      try wait(for: process, deadline)
      return bytes
    } catch {
      // A process of its own may hold the pipe open: the group goes.
      kill(-process, SIGKILL)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      throw error
    }
  }

  /// Starts a shell in a process group of its own, so that all of it can be ended.
  private func start(writingTo descriptor: Int32) throws(Fault) -> pid_t {
    var actions = ShellCommand.noActions()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO)
    var attributes = ShellCommand.noAttributes()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The signals that this process ignores are not ignored by what it starts.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = []
    for word in ["sh", "-c", line] { words.append(strdup(word)) }
    words.append(nil)
    defer { words.forEach { free($0) } }
    var process = pid_t()
    let status = posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, rediscache_environment())
    guard status == 0 else { throw .cannotStart(String(cString: strerror(status))) }
    return process
  }

  #if canImport(Darwin)
    private static func noActions() -> posix_spawn_file_actions_t? { nil }
    private static func noAttributes() -> posix_spawnattr_t? { nil }
  #else
    private static func noActions() -> posix_spawn_file_actions_t { posix_spawn_file_actions_t() }
    private static func noAttributes() -> posix_spawnattr_t { posix_spawnattr_t() }
  #endif

  /// Reads to the end of the pipe.
  private func read(_ input: Descriptor, _ size: Int, _ deadline: Deadline) throws(Fault) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      if Signals.isStopRequested { throw .stopped }
      guard !deadline.hasPassed else { throw .late }
      // In short turns: a stop must not wait for the deadline.
      guard input.canRead(within: .milliseconds(50)) else { continue }
      guard let piece = try? input.read(4096) else { continue }
      if piece.isEmpty { return bytes }
      bytes += piece
      guard bytes.count <= size else { throw .tooLong }
    }
  }

  /// Waits for the end of a process that has closed its output.
  private func wait(for process: pid_t, _ deadline: Deadline) throws(Fault) {
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { break }
      if ended < 0, errno != EINTR { return }
      if Signals.isStopRequested { throw .stopped }
      guard !deadline.hasPassed else { throw .late }
      usleep(5000)
    }
    let signal = status & 0x7F
    guard signal == 0 else { throw .killed(signal) }
    let code = status >> 8 & 0xFF
    guard code == 0 else { throw .failed(code) }
  }
}
