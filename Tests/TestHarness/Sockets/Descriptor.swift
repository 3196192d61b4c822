import Foundation
import Synchronization
import TestSupport

/// Small helpers around POSIX file descriptors.
enum Descriptor {
  /// Held while descriptors are made and while a child is started.
  ///
  /// Tests run in parallel; without it a child started by one test could inherit the pipe of another,
  /// and the reader of that pipe would never see its end.
  static let creation = Mutex(())

  /// Makes writes to closed pipes and sockets fail with EPIPE instead of ending the test process.
  ///
  /// Children start with default signal dispositions, whatever is set here.
  static let ignoringBrokenPipes: Void = {
    _ = signal(SIGPIPE, SIG_IGN)
  }()

  /// Runs `make` so that the descriptors it returns stay private to this process.
  static func creating(_ call: String, _ make: () -> [Int32]) throws -> [Int32] {
    _ = ignoringBrokenPipes
    return try creation.withLock { _ in
      let made = make()
      guard !made.isEmpty, made.allSatisfy({ $0 >= 0 }) else { throw HarnessFailure.system(call) }
      for descriptor in made { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
      return made
    }
  }

  /// A pipe as (read end, write end).
  static func pipe() throws -> (reading: Int32, writing: Int32) {
    let ends = try creating("pipe") {
      var ends: [Int32] = [-1, -1]
      return Foundation.pipe(&ends) == 0 ? ends : []
    }
    return (ends[0], ends[1])
  }

  /// A second descriptor for the same open file.
  static func duplicate(_ descriptor: Int32) throws -> Int32 {
    try creating("dup") { [dup(descriptor)] }[0]
  }

  static func makeNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// Whether `events` (POLLIN, POLLOUT) or a hang-up arrive within `milliseconds`.
  static func isReady(_ descriptor: Int32, _ events: Int32, milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }

  /// What one `read` yields: bytes, the end of the stream, or nothing for now.
  enum Chunk {
    case bytes([UInt8])
    case end(isReset: Bool)
    case nothing
  }

  static func readChunk(_ descriptor: Int32, atMost count: Int = 65_536) -> Chunk {
    var buffer = [UInt8](repeating: 0, count: count)
    let length = read(descriptor, &buffer, count)
    if length > 0 {
      buffer.removeLast(count - length)
      return .bytes(buffer)
    }
    if length < 0 && (errno == EINTR || errno == EAGAIN) { return .nothing }
    // A pseudo-terminal whose last user left says EIO: that is its end of file.
    return .end(isReset: length < 0 && errno == ECONNRESET)
  }

  /// Writes everything, waiting where needed; false when the other side left, time ran out, or `isStopped`.
  static func writeAll(
    _ descriptor: Int32, _ bytes: [UInt8], until deadline: ContinuousClock.Instant? = nil,
    isStopped: () -> Bool = { false }
  ) -> Bool {
    var sent = 0
    while sent < bytes.count {
      if isStopped() { return false }
      if let deadline, ContinuousClock.now >= deadline { return false }
      guard isReady(descriptor, Int32(POLLOUT), milliseconds: 20) else { continue }
      let length = bytes.withUnsafeBytes { raw in
        write(descriptor, raw.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if length > 0 {
        sent += length
      } else if errno != EINTR && errno != EAGAIN {
        return false
      }
    }
    return true
  }
}
