import Foundation

/// A program to run, with its arguments, environment and input.
package struct Command: Sendable {
  /// Where the program reads its standard input from.
  package enum Input: Sendable {
    /// `/dev/null`.
    case nothing
    /// A pipe that holds these bytes and then ends.
    case bytes([UInt8])
    /// A pipe that stays open: see ``RunningCommand/write(_:)`` and ``RunningCommand/closeInput()``.
    case open
  }

  /// A path, or a name that is looked for in `PATH`.
  package var executable: String
  /// The arguments, without the name of the program.
  package var arguments: [String]
  /// The whole environment of the program; nil hands on that of the tests.
  package var environment: [String: String]?
  /// The standard input.
  package var input: Input
  /// The working directory; nil keeps that of the tests.
  package var directory: String?
  /// Closes standard output after this number of bytes, as `head -c` does; nil reads all.
  package var outputLimit: Int?

  /// Describes a program to run; nothing happens until ``run(timeout:)`` or ``start()``.
  package init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String]? = nil,
    input: Input = .nothing, directory: String? = nil, outputLimit: Int? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.input = input
    self.directory = directory
    self.outputLimit = outputLimit
  }

  /// The environment of the tests with some variables set, or removed where the value is nil.
  package static func environment(changing changes: [String: String?]) -> [String: String] {
    var variables = ProcessInfo.processInfo.environment
    for (name, value) in changes { variables[name] = value }
    return variables
  }

  /// Runs the program to its end and returns what it wrote.
  ///
  /// After `timeout` it is killed and the result says so. Throws ``MissingTool`` or ``HarnessFailure`` where it
  /// cannot be started.
  package func run(timeout: Duration = Wait.limit) throws -> Result {
    try start().wait(timeout: timeout)
  }

  /// Starts the program and returns at once.
  package func start() throws -> RunningCommand {
    try RunningCommand(self)
  }

  /// What a program did.
  package struct Result: Sendable, CustomStringConvertible {
    /// The exit status, or nil when a signal ended the program.
    package let status: Int32?
    /// The signal that ended the program, or nil.
    package let signal: Int32?
    /// Whether the program was killed because its time was over.
    package let timedOut: Bool
    /// All bytes of standard output.
    package let stdout: [UInt8]
    /// All bytes of standard error.
    package let stderr: [UInt8]
    /// The largest resident set in kibibytes, 0 where the system does not say.
    package let peakMemoryKilobytes: Int

    /// Standard output as text, with U+FFFD for what is not UTF-8.
    package var text: String { String(decoding: stdout, as: UTF8.self) }
    /// Standard error as text, with U+FFFD for what is not UTF-8.
    package var errorText: String { String(decoding: stderr, as: UTF8.self) }

    /// The ending and both outputs, for the message of a failed expectation.
    package var description: String {
      let end = status.map { "status \($0)" } ?? signal.map { "signal \($0)" } ?? "no ending"
      let limit = timedOut ? ", killed at the timeout" : ""
      return "\(end)\(limit)\n--- stdout\n\(text)\n--- stderr\n\(errorText)"
    }
  }
}
