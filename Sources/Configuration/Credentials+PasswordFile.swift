import Bytes
import Platform
package import RedisClient

extension Credentials {
  /// The largest password file that is read, in bytes.
  static let passwordFileLimit = 64 * 1024

  /// Reads a password from the first line of a file, without its line end (LF or CRLF).
  ///
  /// The bytes are taken as they are; they need not be UTF-8. Pipes work (`/dev/stdin`, `<(pass show cache)`)
  /// and are waited for within `limit`. The warning says that people other than the owner may read the file.
  ///
  /// - Throws: `inputMissing` if the file cannot be opened or read or is a directory, `configuration` if its
  ///   first line is empty or if it is larger than 64 KiB.
  package static func passwordFile(
    _ path: String, within limit: WaitLimit = .none
  ) throws(EndpointError) -> (password: [UInt8], warning: String?) {
    let file = try FileReading(path)
    defer { file.close() }
    let mode = try file.checkedMode()
    let content = try file.content(atMost: passwordFileLimit, within: limit)
    var line = content.prefix { $0 != UInt8(ascii: "\n") }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    guard !line.isEmpty else {
      throw EndpointError(
        .configuration, "the first line of the password file \(file.name) is empty",
        hint: "put the password alone on the first line")
    }
    return (Array(line), mode.flatMap { warning(mode: $0, name: file.name) })
  }

  private static func warning(mode: UInt32, name: String) -> String? {
    guard mode & 0o077 != 0 else { return nil }
    let digits = String(mode & 0o7777, radix: 8)
    return "the password file \(name) is open to other users (mode \(digits)); chmod 600 keeps it private"
  }
}

/// One open descriptor and the errors that name its file.
private struct FileReading {
  let name: String
  private let descriptor: Int32

  init(_ path: String) throws(EndpointError) {
    name = KeyText.inQuotes(path, atMost: 80)
    // A NUL would silently cut the name short at the C boundary.
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw EndpointError(
        .usage, "\(name) is not a file name for a password file", hint: "name an existing file")
    }
    var opened: Int32
    // Without O_NONBLOCK a pipe that nobody writes to would keep the call from returning.
    repeat { opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) } while opened < 0 && errno == EINTR
    guard opened >= 0 else { throw Self.failure(name, errno) }
    descriptor = opened
  }

  func close() { _ = systemClose(descriptor) }

  /// The permission bits of a regular file, or nil for pipes and devices, where they protect nothing.
  func checkedMode() throws(EndpointError) -> UInt32? {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw Self.failure(name, errno) }
    let type = info.st_mode & S_IFMT
    guard type != S_IFDIR else { throw Self.failure(name, EISDIR) }
    return type == S_IFREG ? UInt32(info.st_mode & 0o7777) : nil
  }

  /// Everything up to the end, refused beyond `limit` bytes: `/dev/zero` has no end.
  func content(atMost limit: Int, within time: WaitLimit) throws(EndpointError) -> [UInt8] {
    var content: [UInt8] = []
    let size = 4096
    var chunk = [UInt8](repeating: 0, count: size)
    while true {
      do { try time.wait(for: descriptor) } catch { throw Self.failure(name, error) }
      let count = read(descriptor, &chunk, size)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard count >= 0 else { throw Self.failure(name, errno) }
      guard count > 0 else { return content }
      content += chunk.prefix(count)
      guard content.count <= limit else {
        throw EndpointError(
          .configuration, "the password file \(name) is larger than \(limit / 1024) KiB",
          hint: "name the file that holds nothing but the password")
      }
    }
  }

  private static func failure(_ name: String, _ end: WaitLimit.End) -> EndpointError {
    switch end {
    case .stopped:
      EndpointError(
        .interrupted, "stopped while waiting for the password file \(name)",
        hint: .askForPassword(checkingPath: false))
    case .late:
      EndpointError(
        .runOver, "the run's time limit passed while waiting for the password file \(name)", hint: .runLimit)
    }
  }

  private static func failure(_ name: String, _ code: Int32) -> EndpointError {
    let hint: Remedy =
      switch code {
      case ENOENT, ENOTDIR: .askForPassword(checkingPath: true)
      case EISDIR: "name the file in it that holds the password"
      case EACCES: "make it readable for the user that runs this command"
      default: .askForPassword(checkingPath: false)
      }
    let reason = String(cString: strerror(code))
    return EndpointError(.inputMissing, "cannot read the password file \(name): \(reason)", hint: hint)
  }
}

/// The C `close`, which a method of the same name would hide.
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
