import Bytes
import RedisClient

/// The layers of a locator on their way to become one, highest first, by the rule of `EndpointResolution`.
struct EndpointMerge {
  private var layers: [EndpointLayer]
  /// The layer whose address counts, or nil where none names one.
  private let chosen: Int?
  private(set) var warnings: [SettingText] = []
  /// The command that prints the password, once the locator is made.
  private(set) var passwordCommand: String?

  init(layers: [EndpointLayer]) {
    self.layers = layers
    chosen = layers.firstIndex(where: \.options.hasAddress)
  }

  /// Whether the target is what a profile describes: its address, or the default one where it names none.
  var isProfilesOwn: Bool {
    guard let chosen else { return true }
    if case .profile = layers[chosen].origin { return true }
    return false
  }

  /// True where no source says where the server is.
  var isDefaultAddress: Bool { chosen == nil }

  mutating func locator(
    fallbackPassword: EndpointLayer.VariablePassword?,
    fallbackSentinelPassword: EndpointLayer.VariablePassword?
  ) throws(EndpointError) -> Locator {
    warnAboutReplacedAddress()
    let opened = try openChosen()
    if case .unix = opened.addresses.first { try settleSocket() }
    if opened.sentinelName == nil { try settleSentinels() }
    let merged = layers.reversed().reduce(EndpointOptions()) { $1.options.merged(over: $0) }

    let database = merged.database ?? 0
    do { try EndpointHost.checkDatabase(database) } catch {
      throw error.placed(in: origin { $0.database != nil }, .database)
    }
    passwordCommand = merged.passwordCommand
    let credentials = try credentials(merged, fallbackPassword)
    let tls = try tls(merged, isOn: opened.usesTLS || merged.tls == true)
    var locator = Locator(
      opened.addresses, sentinelName: opened.sentinelName, database: database, credentials: credentials,
      tls: tls)
    if opened.sentinelName != nil {
      locator.sentinelCredentials = try sentinelCredentials(merged, fallbackSentinelPassword)
    }
    return locator
  }

  private mutating func openChosen() throws(EndpointError) -> EndpointLayer.Opened {
    guard let chosen else {
      return EndpointLayer.Opened(addresses: [.tcp(host: Endpoint.defaultHost, port: Endpoint.defaultPort)])
    }
    let opened = try layers[chosen].open()
    if opened.uriHoldsPassword, layers[chosen].origin == .commandLine {
      warnings.append(
        """
        the password in \(.uri) shows in process lists and shell histories; \
        REDISCLI_AUTH, \(.passwordFile) and \(.askPassword) keep it private
        """)
    }
    return opened
  }

  /// Says what a replaced address means where it could surprise.
  private mutating func warnAboutReplacedAddress() {
    if let chosen, case .environment(let variable) = layers[chosen].origin {
      let above = layers[..<chosen].first { $0.options.password != nil || $0.options.user != nil }
      if let above, case .profile = above.origin {
        warnings.append(
          "\(variable) names the server, and \(above.origin.label() ?? "the profile") the user or password"
        )
      }
    }
    guard let chosen, case .commandLine = layers[chosen].origin, layers[chosen].options.isPortAlone,
      let below = layers.indices.first(where: { $0 > chosen && layers[$0].options.hasAddress })
    else { return }
    let replaced = layers[below].origin.label() ?? ""
    warnings.append("\(.port) without \(.host) means \(Endpoint.defaultHost), not the host in \(replaced)")
  }

  /// Refuses TLS that was asked for on a socket and drops TLS that belonged to the replaced address.
  private mutating func settleSocket() throws(EndpointError) {
    guard let chosen else { return }
    for index in layers.indices {
      if index <= chosen {
        guard layers[index].options.tls != true, layers[index].options.tlsDetails.isEmpty else {
          throw EndpointError.tlsOverSocket.placed(in: layers[index].origin)
        }
      } else {
        layers[index].options.dropTLS()
      }
    }
  }

  /// Refuses what concerns sentinels alone where there are none, and drops what belonged to a replaced address.
  private mutating func settleSentinels() throws(EndpointError) {
    for index in layers.indices {
      if let detail = layers[index].options.sentinelDetail, index <= chosen ?? .max {
        throw EndpointError(
          .usage, "\(detail) is given, but the address names no sentinels",
          hint: "redis-sentinel://h1:26379,h2:26379/NAME does; leave it out for a server itself"
        ).placed(in: layers[index].origin)
      }
      layers[index].options.sentinelUser = nil
      layers[index].options.sentinelPassword = nil
    }
  }

  private func sentinelCredentials(
    _ merged: EndpointOptions, _ fallback: EndpointLayer.VariablePassword?
  ) throws(EndpointError) -> Credentials? {
    if let password = merged.sentinelPassword {
      return Credentials(user: merged.sentinelUser, password: password)
    }
    if let fallback {
      return Credentials(
        user: merged.sentinelUser, password: fallback.password, variable: fallback.variable)
    }
    guard let user = merged.sentinelUser, !user.isEmpty else { return nil }
    throw EndpointError(
      .usage, "the sentinels' user \(KeyText.inQuotes(user, atMost: 80)) comes without a password",
      hint: .completeSentinelUser
    ).placed(in: origin { $0.sentinelUser != nil }, .sentinelUser)
  }

  private func credentials(
    _ merged: EndpointOptions, _ fallback: EndpointLayer.VariablePassword?
  ) throws(EndpointError) -> Credentials? {
    if let password = merged.password {
      let variable: String? =
        if case .environment(let name) = origin({ $0.password != nil }) { name } else { nil }
      return Credentials(user: merged.user, password: password, variable: variable)
    }
    // Until the command is run, the user alone is known.
    if merged.passwordCommand != nil { return Credentials(user: merged.user, password: []) }
    if let fallback {
      return Credentials(user: merged.user, password: fallback.password, variable: fallback.variable)
    }
    guard let user = merged.user, !user.isEmpty else { return nil }
    throw EndpointError(
      .usage, "the user \(KeyText.inQuotes(user, atMost: 80)) comes without a password",
      hint: .completeUser
    ).placed(in: origin { $0.user != nil }, .user)
  }

  private mutating func tls(_ merged: EndpointOptions, isOn: Bool) throws(EndpointError) -> TLSOptions? {
    let place = origin { !$0.tlsDetails.isEmpty }
    guard isOn else {
      guard let detail = merged.tlsDetails.first else { return nil }
      throw EndpointError(
        .usage, "\(detail) is given, but the connection would be plain",
        hint: .turnOnTLS
      ).placed(in: place)
    }
    let tls = TLSOptions(
      caFile: merged.caFile, caDirectory: merged.caDirectory, certificate: merged.certificate,
      key: merged.key,
      serverName: merged.serverName, insecure: merged.insecure ?? false)
    do { try tls.checkTogether() } catch { throw error.placed(in: place) }
    if tls.insecure {
      warnings.append(
        """
        \(.insecure): the server's certificate is not verified; \
        whoever answers gets the password and everything else that is sent
        """)
    }
    return tls
  }

  /// The highest source that says something in particular.
  private func origin(_ says: (EndpointOptions) -> Bool) -> EndpointOrigin {
    layers.first { says($0.options) }?.origin ?? .commandLine
  }
}

extension EndpointOptions {
  /// Whether a port is the only part of an address that is given.
  fileprivate var isPortAlone: Bool { port != nil && host == nil && uri == nil && socket == nil }

  /// Forgets all that concerns TLS.
  fileprivate mutating func dropTLS() {
    tls = nil
    caFile = nil
    caDirectory = nil
    certificate = nil
    key = nil
    serverName = nil
    insecure = nil
  }
}
