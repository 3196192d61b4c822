import Bytes

/// An error that the server answered with: a code in capitals and a sentence.
package struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The first word, such as `NOAUTH`, `WRONGPASS`, `NOPERM`, `LOADING`; `ERR` where the server gives no better one.
  package let code: String
  /// The whole line as the server sent it, code included; not safe for a terminal, see `shownMessage`.
  package let message: String

  /// The line without what must not be shown; nil where nothing was in it.
  private let redacted: String?

  /// Splits an error line into its code and text; `secret` and longer beginnings of it are never shown.
  ///
  /// A server that repeats what it was sent, or a proxy that mixes up replies, would have the password shown otherwise.
  package init(line: String, hiding secret: [UInt8] = []) {
    redacted = secret.isEmpty ? nil : ServerError.redact(secret, in: line)
    let word = (redacted ?? line).utf8.prefix { $0 != UInt8(ascii: " ") }
    let isCode = !word.isEmpty && word.allSatisfy { $0.isCodeLetter }
    code = isCode ? String(decoding: word, as: UTF8.self) : "ERR"
    message = line
  }

  /// The line with each beginning of a secret replaced that is at least half of it or eight bytes long: servers cut what
  /// they repeat. Nil where there is none.
  private static func redact(_ secret: [UInt8], in line: String) -> String? {
    // What is shorter than three bytes stands in every other sentence. The line was made UTF-8, and so must this be.
    guard secret.count >= 3 else { return nil }
    let secret = Array(String(decoding: secret, as: UTF8.self).utf8)
    let least = min(8, max(3, secret.count / 2))
    let bytes = Array(line.utf8)
    var result: [UInt8] = []
    var index = 0
    var isChanged = false
    while index < bytes.count {
      let matching = zip(bytes[index...], secret).prefix { $0 == $1 }.count
      if matching >= least {
        result += "[hidden]".utf8
        index += matching
        isChanged = true
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return isChanged ? String(decoding: result, as: UTF8.self) : nil
  }

  /// The line made safe to show.
  package var description: String { shownMessage }

  /// The line with control and format characters escaped, at most 300 scalars.
  ///
  /// A peer that is no Redis, or an evil one, could rewrite the terminal with them.
  package var shownMessage: String {
    let text = redacted ?? message
    // Redis repeats the arguments of an unknown command, and some of them are values.
    let end = isUnknownCommand ? text.firstRange(of: ", with args beginning with:")?.lowerBound : nil
    return KeyText.excerpt(end.map { String(text[..<$0]) } ?? text, atMost: 300)
  }

  /// The command that the server does not know, as it repeats it; nil where it does not.
  package var unknownCommand: String? {
    guard isUnknownCommand, let range = message.lowercased().firstRange(of: "unknown command"),
      let quote = message[range.upperBound...].first(where: { $0 != " " }), "'`".contains(quote)
    else { return nil }
    let name = message[range.upperBound...].drop { $0 == " " }.dropFirst().prefix { !"'`".contains($0) }
    let isWord = !name.isEmpty && name.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 }
    return isWord ? name.uppercased() : nil
  }

  /// True where the command does not exist on this server, was renamed away, or is not offered by its provider.
  ///
  /// Providers word this differently: Redis and Valkey say "unknown command" or "unknown subcommand".
  package var isUnknownCommand: Bool {
    let text = message.lowercased()
    return code == "ERR"
      && (text.contains("unknown command") || text.contains("unknown subcommand")
        || text.contains("unknown argument") || text.contains("not supported")
        || text.contains("command is not allowed"))
  }

  /// True where the server does not know an argument of the command.
  package var isSyntaxError: Bool { code == "ERR" && message.lowercased().hasPrefix("err syntax error") }

  /// True where the user lacks the right to the command itself, not to one key.
  ///
  /// Redis answers "… has no permissions to run the 'X' command" for the one, "… to access one of the keys" for the other.
  package var isCommandForbidden: Bool { code == "NOPERM" && !isKeyForbidden && !isChannelForbidden }

  /// True where the user may run the command but not on this channel.
  package var isChannelForbidden: Bool { code == "NOPERM" && message.contains("channel") }

  /// True where the user may run the command but not on this key.
  package var isKeyForbidden: Bool {
    code == "NOPERM" && (message.contains("access a key") || message.contains("of the keys"))
  }

  /// True for a state that passes by itself: the server is loading, busy, failing over or short of a shard.
  package var isTransient: Bool {
    ["LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN"].contains(code)
  }

  /// True where another node of the cluster is to be asked: the command was not carried out here.
  package var isRedirection: Bool { code == "MOVED" || code == "ASK" }

  /// True where the credentials are missing or wrong.
  ///
  /// Servers before Redis 6 have no WRONGPASS.
  package var isAuthentication: Bool {
    code == "NOAUTH" || code == "WRONGPASS" || message.hasPrefix("ERR invalid password")
  }
}

extension UInt8 {
  /// Whether error codes are made of this byte: `A` to `Z`, digits and `_`.
  fileprivate var isCodeLetter: Bool { isUppercase || isDigit || self == UInt8(ascii: "_") }
}
