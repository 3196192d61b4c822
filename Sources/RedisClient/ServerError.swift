/// An error that the server answered with: a code in capitals and a sentence.
public struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The first word, such as `NOAUTH`, `WRONGPASS`, `NOPERM`, `LOADING`; `ERR` where the server gives no better one.
  public let code: String
  /// The whole line as the server sent it, code included.
  public let message: String

  /// Splits an error line into its code and text.
  public init(line: String) {
    let word = line.prefix { $0.isUppercase || $0.isNumber || $0 == "_" }
    code = word.isEmpty ? "ERR" : String(word)
    message = line
  }

  /// The line as the server sent it.
  public var description: String { message }

  /// True where the command does not exist on this server, was renamed away, or is not offered by its provider.
  ///
  /// Providers word this differently: Redis and Valkey say "unknown command" or "unknown subcommand".
  public var isUnknownCommand: Bool {
    let text = message.lowercased()
    return code == "ERR"
      && (text.contains("unknown command") || text.contains("unknown subcommand")
        || text.contains("unknown argument") || text.contains("not supported")
        || text.contains("command is not allowed"))
  }

  /// True where the user lacks the right to the command itself, not to one key.
  ///
  /// Redis answers "… has no permissions to run the 'X' command" for the one, "… to access one of the keys" for the other.
  public var isCommandForbidden: Bool { code == "NOPERM" && !isKeyForbidden }

  /// True where the user may run the command but not on this key.
  public var isKeyForbidden: Bool {
    code == "NOPERM" && (message.contains("access a key") || message.contains("of the keys"))
  }

  /// True for a state that passes by itself: the server is loading, busy, failing over or short of a shard.
  public var isTransient: Bool {
    ["LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"].contains(code)
  }

  /// True where the credentials are missing or wrong.
  public var isAuthentication: Bool {
    code == "NOAUTH" || code == "WRONGPASS"
      || (code == "ERR" && message.hasPrefix("ERR invalid password"))
  }
}
