package import Quantities
package import Reporting

/// What keeps a run that writes many keys within what the user means, whatever it does to them.
package protocol GuardedRequest {
  /// True where everything is done but the writing.
  var isDryRun: Bool { get set }
  /// How many keys there should be: counted before the first is written.
  var expectation: ExpectedCount? { get set }
  /// The bound on keys; nil for none.
  var maximumKeys: Int? { get set }
  /// True where the keys are looked at again at the end.
  var verifies: Bool { get set }
  /// The options that lead to the same run again, for suggested commands.
  var commandContext: [SuggestedOption] { get set }

  /// A request with the bounds of a user who sets none.
  init()
}

extension GuardedRequest {
  /// Compares a count with what was expected and with the bound; nil where both agree with it.
  ///
  /// `uncertain` more keys may have been written to by earlier runs, which heard no reply: any number of them agrees.
  func refusal(counted count: Int, uncertain: Int = 0) -> WriteRefusal? {
    if let expectation, !expectation.range.overlaps(count...(count + uncertain)) {
      return .unexpected(counted: count, expected: expectation.description)
    }
    guard let limit = maximumKeys, count > limit else { return nil }
    return .tooMany(counted: count, limit: limit)
  }

  /// The run that does what a dry run has counted: it expects that count, and asks nothing. Nil where there is nothing to do.
  func command(_ verb: SuggestedCommand.Verb, expecting count: Int) -> SuggestedCommand? {
    guard count > 0 else { return nil }
    return SuggestedCommand(verb, commandContext.filter { $0 != .yes } + [.expect(count), .yes])
  }
}
