import Foundation

/// A failure of the test machinery itself, as opposed to one of the code under test.
package struct HarnessFailure: Error, CustomStringConvertible, Sendable {
  /// What went wrong, with the tail of a log where there is one.
  package let description: String

  /// Says what went wrong.
  package init(_ description: String) {
    self.description = description
  }

  /// The failure of the system call `call`, with the reason from `errno`.
  package static func system(_ call: String, _ code: Int32 = errno) -> HarnessFailure {
    HarnessFailure("\(call): \(String(cString: strerror(code)))")
  }
}
