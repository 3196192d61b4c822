import Keyspace
import Reporting

/// Suggests commands that run on the same server and the same keys as the command that has just run.
struct CommandSuggester {
  /// The command that has run.
  let verb: SuggestedCommand.Verb
  /// The options that lead to its server and its keys.
  let context: [SuggestedOption]
  /// Options that say nothing new, although they are not part of the context.
  var inForce: [SuggestedOption] = []

  /// A command with options in place of those of the context that they replace, and without those that `isDropped`.
  ///
  /// Nil where that is what has just run.
  func command(
    _ verb: SuggestedCommand.Verb, _ options: [SuggestedOption],
    without isDropped: (SuggestedOption) -> Bool = { _ in false }
  ) -> SuggestedCommand? {
    let isNew = options.contains { !context.contains($0) && !inForce.contains($0) }
    guard isNew || verb != self.verb else { return nil }
    let kept = context.filter { old in !isDropped(old) && !options.contains { $0.replaces(old) } }
    return SuggestedCommand(verb, kept + options)
  }

  /// A dry run that removes the keys that the options choose; nil where the run read a dump, which has no server. It goes to
  /// the primary, also where a replica was read.
  func removal(_ options: [SuggestedOption]) -> SuggestedCommand? {
    guard !context.contains(where: \.isDump) else { return nil }
    return command(.invalidate, options + [.dryRun]) { option in
      if case .readFrom = option { true } else { false }
    }
  }
}

extension SuggestedOption {
  fileprivate var isDump: Bool { if case .dump = self { true } else { false } }
}

extension [SuggestedOption] {
  /// The same options for one database, where they lead to all.
  func narrowed(to database: Int) -> [SuggestedOption] {
    map { $0 == .allDatabases ? .database(database) : $0 }
  }

  /// The options that choose what expires in a wave, whenever the command is run.
  static func expiring(in wave: ExpiryWave) -> [SuggestedOption] {
    // Moments were counted to the nearest second.
    [
      .expiresAfter(milliseconds: 1000 * Int64(wave.at) - 500),
      .expiresBefore(milliseconds: 1000 * Int64(wave.at + wave.windowSeconds) - 500),
    ]
  }

  /// The options that spread what expires in a wave, which begins in so many seconds, over the time until then.
  static func spreading(_ wave: ExpiryWave, in seconds: Int) -> [SuggestedOption] {
    expiring(in: wave) + [
      .expireWithin(milliseconds: 1000 * Int64(Swift.max(wave.windowSeconds, seconds)))
    ]
  }
}
