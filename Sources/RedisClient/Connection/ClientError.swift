/// Why a request could not be carried out, in terms that a person can act upon.
package struct ClientError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure; decides the exit code.
  package enum Kind: Sendable, Equatable {
    /// No connection could be made, or the peer does not speak the protocol.
    case unreachable
    /// A deadline of one request passed while waiting.
    case timeout
    /// The time limit of the whole run passed.
    case runOver
    /// The connection ended before the reply was complete.
    case closed
    /// The bytes are not valid RESP, or exceed what is sane.
    case protocolViolation
    /// Credentials are missing, wrong or do not suffice.
    case permission
    /// The server is in a state that passes: LOADING, BUSY, MASTERDOWN, CLUSTERDOWN, TRYAGAIN.
    case transient
    /// The request itself cannot be met: a database that does not exist, a value out of range.
    case usage
    /// The server answered with another error.
    case server
    /// The user asked to stop.
    case interrupted
  }

  /// The kind of failure.
  package let kind: Kind
  /// What failed, where and why, in one sentence without a final stop.
  package let message: String
  /// What to do next; empty where there is no advice better than the message.
  package let hints: [Remedy]
  /// The code of the server's error reply, such as `READONLY`; nil where the error is no such reply.
  package let serverCode: String?

  /// Makes an error from its parts.
  package init(_ kind: Kind, _ message: String, hints: [Remedy] = [], serverCode: String? = nil) {
    self.kind = kind
    self.message = message
    self.hints = hints
    self.serverCode = serverCode
  }

  /// The error of a run that has no time left; the circumstance follows the message.
  package static func runOver(_ circumstance: String = "") -> ClientError {
    ClientError(.runOver, "the run's time limit passed" + circumstance, hints: [.runLimit])
  }

  /// The same error with more words behind its message.
  package func adding(_ circumstance: String) -> ClientError {
    ClientError(kind, message + circumstance, hints: hints, serverCode: serverCode)
  }

  /// The message without hints.
  package var description: String { message }
}

extension ClientError {
  /// The error for a server's error reply to a command, given without its arguments.
  package init(_ error: ServerError, to command: String, at endpoint: Endpoint) {
    let place = "\(endpoint.description) answered \(command) with: \(error.shownMessage)"
    if error.code == "NOAUTH" {
      self.init(
        .permission, "\(endpoint.description) asks for a password",
        hints: [.givePassword], serverCode: error.code)
    } else if error.isAuthentication {
      self = .wrongPassword(at: endpoint)
    } else if error.code == "NOPERM" {
      self.init(
        .permission, place,
        hints: ["an administrator can allow it: \(ClientError.accessRule(for: error, command, endpoint))"],
        serverCode: error.code)
    } else if let missing = error.unknownCommand {
      self.init(
        .server,
        "\(endpoint.description) has no command \(missing): it is too old, or the command was renamed",
        serverCode: error.code)
    } else if error.isTransient {
      self.init(.transient, place, hints: [.retry], serverCode: error.code)
    } else {
      self.init(.server, place, serverCode: error.code)
    }
  }

  /// The error for credentials that the server does not take. The server's own words are left out: an odd server's
  /// might repeat what was sent.
  static func wrongPassword(at endpoint: Endpoint) -> ClientError {
    let user = endpoint.credentials?.user ?? "default"
    return ClientError(
      .permission, "\(endpoint.description) refused the user or password",
      hints: [.checkCredentials(user: EndpointHost.isName(user) ? user : nil)]
        + sourceHints(endpoint.credentials), serverCode: "WRONGPASS")
  }

  /// True where the server does not take the user and password that were sent.
  package var isLoginRefused: Bool { kind == .permission && serverCode == "WRONGPASS" }

  /// Where a password came from that the user may not know to be in use.
  static func sourceHints(_ credentials: Credentials?) -> [Remedy] {
    (credentials?.variable).map { [.checkVariable($0)] } ?? []
  }

  /// The ACL line that would suffice, with `<user>` for a name that could not be pasted.
  fileprivate static func accessRule(
    for error: ServerError, _ command: String, _ endpoint: Endpoint
  ) -> String {
    let user = endpoint.credentials?.user ?? "default"
    let rule =
      error.isKeyForbidden
      ? "~<pattern>"
      : error.isChannelForbidden
        ? "&<pattern>"
        // An access rule names `CLIENT NO-TOUCH` as `client|no-touch`.
        : "+" + command.lowercased().split(separator: " ").joined(separator: "|")
    return "ACL SETUSER \(EndpointHost.isName(user) ? user : "<user>") \(rule)"
  }

  /// The error for a reply of a type that the command does not promise.
  package init(_ error: DecodeError, to command: String, at endpoint: Endpoint) {
    self.init(
      .protocolViolation, "\(endpoint.description): unexpected reply to \(command): \(error.description)",
      hints: ["is a proxy in between, or is this not a Redis or Valkey server?"])
  }
}

extension ServerError {
  /// Why a command brought nothing, as a clause: it is not permitted, and what would allow it, or it is not available.
  package func reason(_ command: String, at endpoint: Endpoint) -> String {
    if isChannelForbidden {
      return "these channels are not permitted here; an administrator can allow them: "
        + ClientError.accessRule(for: self, command, endpoint)
    }
    guard isCommandForbidden else { return "\(command) is not available here" }
    return "\(command) is not permitted here; an administrator can allow it: "
      + ClientError.accessRule(for: self, command, endpoint)
  }
}

extension ClientError {
  /// True where the same run may fare better later, although nobody has changed anything: not where a right, a command or
  /// the right server is missing.
  package var mayPass: Bool {
    switch kind {
    case .permission, .usage, .server: false
    case .unreachable, .timeout, .runOver, .closed, .protocolViolation, .transient, .interrupted:
      serverCode != "READONLY"
    }
  }
}

// MARK: - Several places

extension ClientError {
  /// True where another place may do better.
  var leadsToTheNext: Bool {
    switch kind {
    case .unreachable, .timeout, .runOver, .closed, .protocolViolation, .transient, .server: true
    case .permission, .usage, .interrupted: false
    }
  }

  /// The error for several failures of one search; that of a single one is thrown as it is.
  ///
  /// The kind is that of a state that passes where there is any, so that trying again is worth it.
  init(all failures: [ClientError], _ message: String) {
    if failures.count == 1, let only = failures.first {
      self = only
      return
    }
    let kind: Kind =
      if failures.contains(where: { $0.kind == .transient }) {
        .transient
      } else if !failures.isEmpty, failures.allSatisfy({ $0.kind == .timeout || $0.kind == .runOver }) {
        failures.contains { $0.kind == .runOver } ? .runOver : .timeout
      } else {
        .unreachable
      }
    let reasons = failures.map(\.message).withoutRepetitions.joined(separator: "; ")
    self.init(
      kind, reasons.isEmpty ? message : "\(message): \(reasons)",
      hints: failures.flatMap(\.hints).withoutRepetitions)
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it comes first.
  fileprivate var withoutRepetitions: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
