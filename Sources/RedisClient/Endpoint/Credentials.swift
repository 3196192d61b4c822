import Bytes

/// As whom to authenticate: a user and a password that never shows itself.
///
/// The password stays out of `description`, `debugDescription`, `dump` and `Mirror`, its length included.
package struct Credentials: Sendable {
  /// The ACL user, or nil for the default user (`AUTH password`, the only form before Redis 6).
  package let user: String?
  /// The password as the bytes that `AUTH` sends; not necessarily UTF-8.
  package let password: [UInt8]
  /// The environment variable that the password was read from; nil for another source. It tells errors apart, not
  /// credentials.
  package let variable: String?

  /// Creates credentials; an empty user name stands for the default user.
  package init(user: String? = nil, password: [UInt8], variable: String? = nil) {
    self.user = user == "" ? nil : user
    self.password = password
    self.variable = variable
  }

  /// Creates credentials from a password given as text, sent as UTF-8.
  package init(user: String? = nil, password: String) {
    self.init(user: user, password: Array(password.utf8))
  }
}

extension Credentials: Hashable {
  package static func == (left: Credentials, right: Credentials) -> Bool {
    left.user == right.user && left.password == right.password
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(user)
    hasher.combine(password)
  }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Whose credentials these are, without the password.
  package var description: String {
    guard let user else { return "the default user" }
    return "user " + KeyText.inQuotes(user, atMost: 80)
  }

  /// The same as `description`, so that debug output is as safe as any other.
  package var debugDescription: String { "Credentials(\(description))" }

  /// A mirror that shows the user only.
  package var customMirror: Mirror {
    Mirror(self, children: ["user": user ?? "default"], displayStyle: .struct)
  }
}
