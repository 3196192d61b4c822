import Bytes
import RedisClient
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The question whether to go on, and its answer.
enum Confirmation {
  /// True where somebody can be asked.
  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && StandardError.isTerminal }

  /// Asks on standard error; anything but the word itself is no. Case does not matter.
  static func ask(_ question: String, for word: String) -> Bool {
    // What was typed before the question was there is no answer to it.
    tcflush(STDIN_FILENO, TCIFLUSH)
    StandardError.write("\(KeyText.sanitized(question)) Type \(KeyText.sanitized(word)) to go on: ")
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while !Signals.isStopRequested {
      // A signal must end the wait although the handler restarts reads.
      var watched = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.interruption.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      poll(&watched, 2, -1)
      guard watched[0].revents != 0 else { continue }
      guard read(STDIN_FILENO, &byte, 1) == 1, byte != UInt8(ascii: "\n") else { break }
      line.append(byte)
    }
    let answer = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    return !Signals.isStopRequested && answer.lowercased() == word.lowercased()
  }
}
