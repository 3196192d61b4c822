import RedisClient

/// What one source says, and which source it is.
struct EndpointLayer {
  let origin: EndpointOrigin
  var options: EndpointOptions

  /// The addresses that were read from a layer, and whether their scheme asks for TLS.
  struct Opened {
    var addresses: [Endpoint.Address]
    /// The name of the primary, where the addresses are those of sentinels.
    var sentinelName: String?
    var usesTLS = false
    var uriHoldsPassword = false
  }

  /// Reads this layer's address and folds what its URI says beyond it into the options.
  ///
  /// - Throws: an error that leads back to this layer where parts contradict each other or are malformed.
  mutating func open() throws(EndpointError) -> Opened {
    guard let uri = options.uri else {
      do {
        return Opened(
          addresses: [
            try Endpoint.Address(host: options.host, port: options.port, socket: options.socket)
          ])
      } catch { throw error.placed(in: origin) }
    }
    let others: [(ConnectionSetting, String?)] = [
      (.host, options.host), (.port, options.port), (.socket, options.socket),
    ]
    if let other = others.first(where: { $0.1 != nil }) {
      throw EndpointError.clash(.uri, other.0).placed(in: origin)
    }
    let parts: EndpointURI.Parts
    do { parts = try EndpointURI.Parts(uri) } catch { throw error.placed(in: origin, .uri) }
    try fold(parts)
    return Opened(
      addresses: parts.addresses, sentinelName: parts.sentinelName, usesTLS: parts.usesTLS,
      uriHoldsPassword: parts.credentials != nil)
  }

  /// Takes over database and credentials of the URI; what is said twice must agree.
  private mutating func fold(_ parts: EndpointURI.Parts) throws(EndpointError) {
    if let database = parts.database {
      if let other = options.database, other != database { throw twice("database", "\(.database)") }
      options.database = database
    }
    guard let credentials = parts.credentials else { return }
    if options.password != nil { throw twice("password", "\(.passwordFile) or \(.askPassword)") }
    if options.passwordCommand != nil { throw twice("password", "\(.passwordCommand)") }
    if let user = options.user, user != credentials.user ?? "" { throw twice("user", "\(.user)") }
    // The pair stays together: a URI without a user means the default one, whatever a lower layer says.
    options.user = credentials.user ?? ""
    options.password = credentials.password
  }

  private func twice(_ part: String, _ option: SettingText) -> EndpointError {
    EndpointError(
      .usage, "the \(part) is given in the URI and with \(option)", hint: "leave out one of them"
    ).placed(in: origin)
  }
}

extension EndpointLayer {
  /// The address that the environment names, if it does; empty variables count as unset.
  static func environment(_ environment: [String: String]) -> EndpointLayer? {
    for variable in ["REDISCACHE_URI", "REDIS_URL"] {
      guard let uri = environment[variable], !uri.isEmpty else { continue }
      var options = EndpointOptions()
      options.uri = uri
      return EndpointLayer(origin: .environment(variable: variable), options: options)
    }
    return nil
  }

  /// The password of last resort, from the environment; an empty variable counts as unset.
  static func environmentPassword(_ environment: [String: String]) -> VariablePassword? {
    password(in: ["REDISCLI_AUTH", "VALKEYCLI_AUTH"], environment)
  }

  /// The sentinels' password of last resort, from the environment.
  static func environmentSentinelPassword(_ environment: [String: String]) -> VariablePassword? {
    password(in: ["REDISCACHE_SENTINEL_AUTH"], environment)
  }

  private static func password(
    in variables: [String], _ environment: [String: String]
  ) -> VariablePassword? {
    for variable in variables {
      if let password = environment[variable], !password.isEmpty {
        return VariablePassword(variable: variable, password: Array(password.utf8))
      }
    }
    return nil
  }

  /// A password, and the environment variable that holds it.
  struct VariablePassword {
    let variable: String
    let password: [UInt8]
  }
}
