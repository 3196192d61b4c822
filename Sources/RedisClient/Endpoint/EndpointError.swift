/// Why an endpoint could not be made from what the user gave.
///
/// The texts never hold a password, a part of one, or the URI they complain about.
package struct EndpointError: Error, Sendable, Equatable {
  /// The class of the mistake, from which the exit code follows.
  package enum Kind: Sendable, Hashable, CaseIterable {
    /// An option or its value is wrong: exit code 64.
    case usage
    /// A file that was named is missing or cannot be read: exit code 66.
    case inputMissing
    /// The environment, the profile or a file's content is wrong: exit code 78.
    case configuration
    /// The user asked to stop while a file was waited for.
    case interrupted
    /// The run's time limit passed while a file was waited for: exit code 75.
    case runOver
  }

  /// The class of the mistake.
  package let kind: Kind
  /// What is wrong, where and why, in one line without a full stop.
  package let message: SettingText
  /// What to do next.
  package let hint: Remedy

  /// Creates an error; the texts must be free of secrets.
  package init(_ kind: Kind, _ message: SettingText, hint: Remedy) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}

extension EndpointError: CustomStringConvertible {
  /// The message and, on a second line, the hint, for logs of tests.
  package var description: String { "\(message)\n  \(hint)" }
}
