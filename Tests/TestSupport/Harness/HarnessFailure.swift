import Foundation

/// A failure of the test machinery itself, as opposed to one of the code under test.
package struct HarnessFailure: Error, CustomStringConvertible, Sendable {
  /// What went wrong, with the tail of a log where there is one.
  package let description: String

  init(_ description: String) {
    self.description = description
  }

  /// The failure of the system call `call`, with the reason from `errno`.
  static func system(_ call: String, _ code: Int32 = errno) -> HarnessFailure {
    HarnessFailure("\(call): \(String(cString: strerror(code)))")
  }
}

/// A program that the tests need and that this machine does not have.
package struct MissingTool: Error, CustomStringConvertible, Sendable {
  /// The name of the program, or the path where it was expected.
  package let name: String

  /// Names the missing program.
  package init(_ name: String) {
    self.name = name
  }

  /// What is missing and how to install it.
  package var description: String {
    let hints = [
      "redis-server": "install it with `apt-get install redis-server` or `brew install redis`",
      "redis-cli": "install it with `apt-get install redis-tools` or `brew install redis`",
      "openssl": "install it with `apt-get install openssl` or `brew install openssl`",
    ]
    let base = (name as NSString).lastPathComponent
    return "\(name) was not found: \(hints[base] ?? "build it, or put it in a folder named in PATH")"
  }
}
