/// What to do about an error; the executable words it.
///
/// A library knows no option's spelling, so advice that names one is a case of its own. A string literal is plain advice.
package enum Remedy: Sendable, Hashable {
  /// A bound on waiting that the user can raise.
  package enum Bound: Sendable, Hashable {
    /// The bound on connecting.
    case connect
    /// The bound on each wait for replies.
    case request
  }

  /// Part of an address that was typed where another part belongs.
  package enum AddressPart: Sendable, Hashable {
    case uri, socket, port
  }

  /// A sentence that names no option.
  case advice(String)

  // MARK: Time

  /// Raise a bound on waiting.
  case waitLonger(Bound)
  /// Retry, now or for longer: the state passes.
  case retry
  /// The bound on the whole run is an option.
  case runLimit

  // MARK: Credentials

  /// Give the password that the server asks for.
  case givePassword
  /// Give the password that belongs to a user.
  case completeUser
  /// Check the user, named where its name is safe to show, and the password.
  case checkCredentials(user: String?)
  /// The password came from this environment variable, which may be left over.
  case checkVariable(String)
  /// Leave the user out.
  case leaveUserOut
  /// Give the sentinels' own password, and their user if they have users.
  case giveSentinelCredentials
  /// Give the password that belongs to a sentinel's user.
  case completeSentinelUser
  /// Check the sentinels' user and password.
  case checkSentinelCredentials
  /// Ask for the password on the terminal; the path of its file should be checked first if `checkingPath`.
  case askForPassword(checkingPath: Bool)

  // MARK: TLS

  /// The server answers with TLS: turn it on.
  case tryTLS
  /// The port may want TLS.
  case tryTLSOnPort
  /// A detail of TLS was given: turn TLS on.
  case turnOnTLS
  /// The server may not speak TLS: turn it off.
  case tryPlain
  /// Name the authority that signed the certificate.
  case nameAuthority
  /// Connect by the certificate's name, or give that name.
  case useCertificateName
  /// Give a client certificate; one that was given may be the wrong one if `orAnother`.
  case giveClientCertificate(orAnother: Bool)
  /// The form of a server name for TLS.
  case serverNameForm
  /// The forms of trusted authorities: a file and a folder.
  case authorityForms

  // MARK: Which server

  /// Read the primary instead of a replica.
  case readPrimary
  /// Work on one node of the cluster alone.
  case thisNodeAlone
  /// Work on the keys of one node of the cluster.
  case keysOfThisNode
  /// Choose one database.
  case chooseDatabase
  /// Give a part of the address by its own option.
  case giveSeparately(AddressPart)
  /// Give the socket's path by its own option, or link to it.
  case giveSocketPath

  // MARK: Tags

  /// Say where tags are kept.
  case nameTagKey
}

extension Remedy: ExpressibleByStringInterpolation {
  /// Plain advice.
  package init(stringLiteral sentence: String) { self = .advice(sentence) }
}
