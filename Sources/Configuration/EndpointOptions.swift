import RedisClient

/// What one source (the command line, the environment or a profile) says about the endpoint.
///
/// All values are optional; `EndpointResolution` decides between sources. Its textual forms leave out the URI
/// and the password.
package struct EndpointOptions: Sendable, Hashable {
  /// A whole address as a URI; excludes `host`, `port` and `socket`.
  package var uri: String?
  /// A host name or address.
  package var host: String?
  /// A port as typed, so that a wrong one can be named.
  package var port: String?
  /// The path of a Unix socket; excludes `host` and `port`.
  package var socket: String?
  /// A database number.
  package var database: Int?
  /// An ACL user; the empty string stands for the default user.
  package var user: String?
  /// A password that was read from a file or asked for.
  package var password: [UInt8]?
  /// A command that prints the password, for a shell; run where the login needs it.
  package var passwordCommand: String?
  /// An ACL user of the sentinels.
  package var sentinelUser: String?
  /// A password of the sentinels that was read from a file.
  package var sentinelPassword: [UInt8]?
  /// Whether to speak TLS.
  package var tls: Bool?
  /// A PEM file of trusted authorities.
  package var caFile: String?
  /// A folder of trusted authorities.
  package var caDirectory: String?
  /// The client's certificate chain.
  package var certificate: String?
  /// The client's private key.
  package var key: String?
  /// The name to send and to verify.
  package var serverName: String?
  /// Whether to accept any certificate.
  package var insecure: Bool?

  /// Creates options that say nothing yet.
  package init() {}

  /// Whether this source names an address of its own.
  var hasAddress: Bool { uri != nil || host != nil || port != nil || socket != nil }

  /// The TLS options given here other than `tls` itself.
  var tlsDetails: [ConnectionSetting] {
    let given: [(ConnectionSetting, Bool)] = [
      (.caFile, caFile != nil), (.caDirectory, caDirectory != nil), (.certificate, certificate != nil),
      (.key, key != nil), (.serverName, serverName != nil), (.insecure, insecure == true),
    ]
    return given.filter(\.1).map(\.0)
  }

  /// The option that concerns sentinels alone, if any is given.
  var sentinelDetail: ConnectionSetting? {
    sentinelPassword != nil ? .sentinelPasswordFile : sentinelUser != nil ? .sentinelUser : nil
  }

  /// These options with every value they leave open taken from `lower`, save for the address.
  ///
  /// An address is never patched together from two sources: where this one names any part of it, the
  /// other's is dropped whole.
  func merged(over lower: EndpointOptions) -> EndpointOptions {
    var merged = self
    if !hasAddress {
      merged.uri = lower.uri
      merged.host = lower.host
      merged.port = lower.port
      merged.socket = lower.socket
    }
    merged.database = database ?? lower.database
    merged.user = user ?? lower.user
    // A password and a command for one would contradict each other: those of the higher source count.
    if password == nil, passwordCommand == nil {
      merged.password = lower.password
      merged.passwordCommand = lower.passwordCommand
    }
    merged.sentinelUser = sentinelUser ?? lower.sentinelUser
    merged.sentinelPassword = sentinelPassword ?? lower.sentinelPassword
    merged.tls = tls ?? lower.tls
    merged.caFile = caFile ?? lower.caFile
    merged.caDirectory = caDirectory ?? lower.caDirectory
    // A certificate and a key of different sources would not belong together.
    if certificate == nil && key == nil {
      merged.certificate = lower.certificate
      merged.key = lower.key
    }
    merged.serverName = serverName ?? lower.serverName
    merged.insecure = insecure ?? lower.insecure
    return merged
  }
}

extension EndpointOptions: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Which values are given, without the values: any of them may hold a secret by mistake.
  package var description: String {
    let given = [
      ("uri", uri != nil), ("host", host != nil), ("port", port != nil), ("socket", socket != nil),
      ("db", database != nil), ("user", user != nil), ("password", password != nil),
      ("password-command", passwordCommand != nil),
      ("sentinel-user", sentinelUser != nil), ("sentinel-password", sentinelPassword != nil),
      ("tls", tls != nil),
    ]
    let names = given.filter(\.1).map(\.0) + tlsDetails.map { "\($0)" }
    return "EndpointOptions(" + names.joined(separator: ", ") + ")"
  }

  /// The same as `description`, so that debug output is as safe as any other.
  package var debugDescription: String { description }

  /// A mirror that shows which values are given.
  package var customMirror: Mirror {
    Mirror(self, children: ["given": description], displayStyle: .struct)
  }
}
