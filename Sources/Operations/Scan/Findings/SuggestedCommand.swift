import Quantities
import RedisClient
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
    return KeyText.commandLine(["rediscache", verb], kept + words)
  }

  /// A dry run of `invalidate` on keys that the words choose; nil where the run took in several databases,
  /// because removing never does. It goes to the primary, also where a replica was read.
  func removal(_ words: [[String]]) -> String? {
    guard !context.contains(["--all-dbs"]) else { return nil }
    return text(
      "invalidate", words + [["--dry-run"]], without: SuggestedCommand.groupingOptions + ["--read-from"])
  }

  /// Options of `scan` and `ttl` that say nothing about which keys are meant.
  private static let groupingOptions = [
    "--by", "--depth", "--top", "--exact", "--sample", "--max-groups", "--all-dbs",
  ]

  /// The options that choose what expires around a moment some seconds from now, with room for the time until
  /// the command is run.
  static func expiring(in seconds: Int, window: Int) -> [[String]] {
    [
      ["--ttl-above", Units.text(milliseconds: 1000 * Int64(max(0, seconds - min(600, seconds / 10))))],
      ["--ttl-below", Units.text(milliseconds: 1000 * Int64(seconds + window + 5))],
    ]
  }

  /// The options that spread what expires around a moment some seconds from now over the time until then.
  static func spreading(in seconds: Int, window: Int) -> [[String]] {
    expiring(in: seconds, window: window) + [
      ["--expire-within", Units.text(milliseconds: 1000 * Int64(max(window, seconds)))]
    ]
  }
}
