import Keyspace
import Reporting

/// Builds the commands that findings suggest: ready for a shell, on the same server and the same keys.
struct SuggestedCommand {
  /// The subcommand that has run, and the options it ran with, each with its value.
  let verb: String
  let context: [[String]]
  /// Options that say nothing new, although they are not part of the context.
  let inForce: [[String]]

  /// A command that looks closer: the options in force, with those replaced that are named anew.
  ///
  /// Nil where that is what has just run.
  func text(_ verb: String, _ words: [[String]], without dropped: [String] = []) -> String? {
    let replaced = Set(words.compactMap(\.first) + dropped)
    let kept = context.filter { !replaced.contains($0.first ?? "") }
    let isNew = words.contains { !context.contains($0) && !inForce.contains($0) }
    guard isNew || verb != self.verb else { return nil }
    return (["rediscache", verb] + (kept + words).joined().map { KeyText.shellQuoted($0) }).joined(
      separator: " ")
  }

  /// The options that choose what expires around a moment some seconds from now, with room for the time until
  /// the command is run.
  static func expiring(in seconds: Int, window: Int) -> [[String]] {
    [
      ["--ttl-above", duration(max(0, seconds - min(600, seconds / 10)))],
      ["--ttl-below", duration(seconds + window + 5)],
    ]
  }

  /// A duration in the notation of options, such as `4h58m`.
  private static func duration(_ seconds: Int) -> String {
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    return text.isEmpty ? "0s" : text
  }
}
