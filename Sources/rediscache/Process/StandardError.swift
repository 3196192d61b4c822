import Bytes
import Reporting

/// Standard error: progress, warnings, errors and the summary.
enum StandardError {
  static var isTerminal: Bool { Descriptor.standardError.isTerminal }

  /// The columns that a line must fit: COLUMNS, else the terminal's own, else 80.
  static var width: Int { Terminal.columns(of: .standardError) ?? 80 }

  /// The colours that fit the stream: `--color always` is about the data, `--color never` holds here too.
  static var style: Style {
    Style(color: forbidsColor ? .never : .auto, isTerminal: isTerminal, environment: Environment.variables)
  }

  /// Read from the words as typed: some errors are reported before arguments are parsed.
  private static let forbidsColor: Bool = {
    let words = ProcessArguments.words
    let pairs = zip(words, words.dropFirst())
    return words.contains("--color=never") || pairs.contains { $0 == ("--color", "never") }
  }()

  /// Writes text; there is no place to report that standard error cannot be written to.
  static func write(_ text: String) {
    _ = try? Descriptor.standardError.write(Array(text.utf8))
  }

  /// A warning, made harmless.
  static func warn(_ text: String) {
    write(style.warning("warning:") + " " + KeyText.sanitized(TypedSecrets.hidden(in: text)) + "\n")
  }
}

/// Standard output: the data.
enum StandardOutput {
  static var isTerminal: Bool { Descriptor.standardOutput.isTerminal }

  /// The columns that a table must fit: COLUMNS, else the terminal's own; nil fits any.
  static var width: Int? { Terminal.columns(of: .standardOutput) }

  /// The lines of the terminal; 24 where that is unknown.
  static var height: Int { Terminal.lines(of: .standardOutput) }

  /// Writes all that a command has to say, such as help; a reader who has left has seen enough.
  static func write(_ text: String) throws {
    do { try Descriptor.standardOutput.write(Array(text.utf8)) } catch  where error.isClosedPipe {} catch {
      throw Failure(.cannotWrite, "cannot write standard output", error)
    }
  }

  /// Writes text where something else has failed already.
  static func writeQuietly(_ text: String) { _ = try? Descriptor.standardOutput.write(Array(text.utf8)) }
}
