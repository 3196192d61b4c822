import Platform
import RedisClient

/// An open file descriptor, and the calls that work on one. ``OpenFile`` owns and closes it.
struct Descriptor: Sendable {
  /// What came of the attempt to lock a file.
  enum Lock {
    /// This process holds the lock until it closes the file.
    case held
    /// Another process holds it.
    case busy
    /// The file system has no locks.
    case unsupported
  }

  static let standardInput = Descriptor(STDIN_FILENO)
  static let standardOutput = Descriptor(STDOUT_FILENO)
  static let standardError = Descriptor(STDERR_FILENO)

  let number: Int32

  init(_ number: Int32) { self.number = number }

  var isTerminal: Bool { isatty(number) == 1 }

  /// A pipe that is ready takes so many bytes without making the writer wait (POSIX: PIPE_BUF).
  private static let pipePiece = 4096

  /// Writes all bytes, and waits where a terminal or pipe is full; no longer than the run lasts.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    let isPipe = FileInfo(of: self)?.kind == .pipe
    var rest = bytes[...]
    while !rest.isEmpty {
      if isPipe {
        do { try RunLimit.waitToWrite(to: self) } catch { throw SystemError(error) }
      }
      let piece = isPipe ? rest.prefix(Descriptor.pipePiece) : rest
      let written = piece.withUnsafeBytes { systemWrite(number, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno == EAGAIN {
        do { try RunLimit.waitToWrite(to: self) } catch { throw SystemError(error) }
      } else if errno != EINTR {
        throw .last
      }
    }
  }

  /// The next bytes, at most `count`; none at the end. Waits for a pipe or a terminal no longer than the run lasts, and
  /// throws ``SystemError/stopped`` or ``SystemError/late`` then.
  func read(_ count: Int) throws(SystemError) -> [UInt8] {
    while true {
      do { try RunLimit.waits.wait(for: number) } catch { throw SystemError(error) }
      var result = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
        result = systemRead(number, buffer.baseAddress, count)
        used = max(0, result)
      }
      if result >= 0 { return bytes }
      guard errno == EINTR || errno == EAGAIN else { throw .last }
    }
  }

  /// The bytes at a place of a regular file, at most `count`; none behind its end.
  func read(_ count: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    var result = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      result = pread(number, buffer.baseAddress, count, off_t(offset))
      used = max(0, result)
    }
    guard result >= 0 else { throw .last }
    return bytes
  }

  /// The place of the next byte that is read; nil where a file has no places.
  var position: Int? {
    let place = lseek(number, 0, SEEK_CUR)
    return place < 0 ? nil : Int(place)
  }

  /// Reads on from a place of a regular file.
  func seek(to position: Int) throws(SystemError) {
    guard lseek(number, off_t(position), SEEK_SET) >= 0 else { throw .last }
  }

  /// True where bytes, or the end, can be read within a time. A signal ends the wait.
  func canRead(within time: Duration) -> Bool {
    var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, Int32(time / .milliseconds(1))) > 0
  }

  /// Takes the lock that one open file at a time can have, without waiting for it.
  func lock() -> Lock {
    guard flock(number, LOCK_EX | LOCK_NB) != 0 else { return .held }
    return errno == EWOULDBLOCK ? .busy : .unsupported
  }

  /// Returns once all that was written is on disk.
  func synchronize() throws(SystemError) {
    guard fsync(number) == 0 else { throw .last }
  }

  /// Cuts a file off behind `length` bytes.
  func truncate(to length: Int) throws(SystemError) {
    guard ftruncate(number, off_t(length)) == 0 else { throw .last }
  }
}

/// write(2), which a method of that name hides.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}

/// read(2), which a method of that name hides.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, bytes, count)
}
