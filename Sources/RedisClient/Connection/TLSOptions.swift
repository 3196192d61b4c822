import Bytes
import Platform

/// How to speak TLS to a server: whom to trust, what to present, which name to verify.
package struct TLSOptions: Sendable, Hashable {
  /// A PEM file of trusted authorities or nil for the system's.
  package var caFile: String?
  /// A folder of hashed PEM files of trusted authorities.
  package var caDirectory: String?
  /// The PEM file of the client's certificate chain; comes together with `key`.
  package var certificate: String?
  /// The PEM file of the client's private key; comes together with `certificate`.
  package var key: String?
  /// The name to send as SNI and to verify when it differs from the host connected to.
  package var serverName: String?
  /// Whether the server's certificate is accepted unverified.
  package var insecure: Bool

  /// Creates TLS options; the defaults trust the system's authorities and verify the host's name.
  package init(
    caFile: String? = nil, caDirectory: String? = nil, certificate: String? = nil, key: String? = nil,
    serverName: String? = nil, insecure: Bool = false
  ) {
    self.caFile = caFile
    self.caDirectory = caDirectory
    self.certificate = certificate
    self.key = key
    self.serverName = serverName
    self.insecure = insecure
  }

  /// Checks that the options fit together and that the files they name can be read.
  ///
  /// - Throws: `usage` where options do not fit together, `inputMissing` where a file or folder is missing,
  ///   of the wrong sort or unreadable.
  package func validate() throws(EndpointError) {
    try checkTogether()
    try Self.checkReadable(caFile, setting: .caFile, isFolder: false)
    try Self.checkReadable(caDirectory, setting: .caDirectory, isFolder: true)
    try Self.checkReadable(certificate, setting: .certificate, isFolder: false)
    try Self.checkReadable(key, setting: .key, isFolder: false)
  }

  /// True where a file that is named is a pipe, whose writer may keep its reader waiting.
  var readsPipe: Bool {
    [caFile, certificate, key].compactMap(\.self).contains { path in
      var info = stat()
      return stat(path, &info) == 0 && info.st_mode & S_IFMT != S_IFREG
    }
  }

  /// The part of `validate` that looks at no file.
  package func checkTogether() throws(EndpointError) {
    if (certificate == nil) != (key == nil) {
      let (given, missing): (ConnectionSetting, ConnectionSetting) =
        key == nil ? (.certificate, .key) : (.key, .certificate)
      throw EndpointError(
        .usage, "\(given) is given without \(missing)",
        hint: "a client certificate needs its private key: give both")
    }
    if let serverName, !EndpointHost.isName(serverName), !EndpointHost.isIPv6(serverName) {
      throw EndpointError(
        .usage, "the server name for TLS is not a host name",
        hint: .serverNameForm)
    }
  }

  private static func checkReadable(_ path: String?, setting: ConnectionSetting, isFolder: Bool)
    throws(EndpointError)
  {
    guard let path else { return }
    let name = KeyText.inQuotes(path, atMost: 80)
    let failure = { (reason: String) in
      EndpointError(
        .inputMissing, "\(setting): cannot read \(name): \(reason)",
        hint: "check the path and its permissions"
      )
    }
    guard !path.utf8.contains(0) else { throw failure("the name holds a NUL") }
    var info = stat()
    guard stat(path, &info) == 0 else { throw failure(String(cString: strerror(errno))) }
    guard (info.st_mode & S_IFMT == S_IFDIR) == isFolder else {
      throw EndpointError(
        .inputMissing, "\(setting): \(name) is \(isFolder ? "not a folder" : "a folder, not a file")",
        hint: .authorityForms)
    }
    // A folder must be searchable too, or its files stay out of reach.
    guard access(path, isFolder ? R_OK | X_OK : R_OK) == 0 else {
      throw failure(String(cString: strerror(errno)))
    }
  }
}
