import Bytes

/// A counted report that a user is asked about before the run that it describes.
package protocol Confirmable {
  /// Of whom, when, how complete.
  var header: ReportHeader { get }
  /// What would be done, as text that fits `width` columns; nil fits any.
  func preview(width: Int?, style: Style) -> String
  /// The question, which names the target and what would be done to it.
  var question: String { get }
}

extension ReportHeader {
  /// The target as a line of a report names it: the profile's name, and the address.
  var targetText: String { (targetName.map { KeyText.sanitized($0) + "  " } ?? "") + uri }

  /// The target as a sentence names it: `prod (redis://cache-1:6379/0)`.
  var targetPhrase: String { targetName.map { KeyText.sanitized($0) + " (\(uri))" } ?? uri }
}
