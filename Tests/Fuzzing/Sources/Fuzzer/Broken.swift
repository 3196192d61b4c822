import Bytes

/// An input does not crash the code, but breaks a promise of it.
struct Broken: Error, Equatable {
  /// What should hold and does not.
  let promise: String

  /// Throws where something does not hold.
  static func unless(_ holds: Bool, _ promise: @autoclosure () -> String) throws(Broken) {
    if !holds { throw Broken(promise: promise()) }
  }
}

/// What became of an input; those of the corpora are named by it, as in `bad-truncated-line`.
enum Verdict: String {
  /// It was read.
  case good
  /// It was refused.
  case bad
  /// It may become good or bad, whatever follows.
  case more
}
