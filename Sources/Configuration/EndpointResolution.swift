package import RedisClient

/// The place that options, environment and profile together mean.
///
/// One rule: a source that names any part of an address (URI, host, port, socket) replaces the whole address
/// of the sources below it, together with what was written inside their URIs; database, user, password and
/// TLS combine one by one, the higher source first. Sources from the top:
///
/// 1. options;
/// 2. the profile, which is only there because an option names it;
/// 3. the environment's address: `REDISCACHE_URI`, then `REDIS_URL`;
/// 4. 127.0.0.1:6379, database 0.
///
/// A profile that is asked for by name goes before the environment: a user who types `-P prod` means prod, whatever some
/// variable of the shell says.
///
/// `REDISCLI_AUTH`, then `VALKEYCLI_AUTH`, give the password where none of these does, and `REDISCACHE_SENTINEL_AUTH`
/// that of sentinels.
package struct EndpointResolution: Sendable, Hashable {
  /// Where to connect and as whom.
  package let locator: Locator
  /// What the user should know before anything is sent, each in one line.
  package let warnings: [SettingText]
  /// The profile's name, if the target is the one that the profile describes.
  package let name: String?
  /// True where nothing says where the server is, and the default address is tried.
  package let isDefaultAddress: Bool
  /// The command that prints the password of the locator's credentials, which is empty until then.
  package let passwordCommand: String?

  /// Decides where to connect; reads neither files nor the process's environment.
  ///
  /// - Parameters:
  ///   - options: what the command line says.
  ///   - environment: the variables to look into, usually the process's own.
  ///   - profile: what the chosen profile says.
  ///   - profileName: the chosen profile's name, for errors and `name`.
  /// - Throws: `usage` for contradictions and malformed values among the options, `configuration` for those
  ///   in the environment and the profile.
  package static func resolve(
    _ options: EndpointOptions, environment: [String: String] = [:], profile: EndpointOptions? = nil,
    named profileName: String? = nil
  ) throws(EndpointError) -> EndpointResolution {
    let layers = [
      EndpointLayer(origin: .commandLine, options: options),
      profile.map { EndpointLayer(origin: .profile(name: profileName), options: $0) },
      EndpointLayer.environment(environment),
    ]
    var merge = EndpointMerge(layers: layers.compactMap(\.self))
    let locator = try merge.locator(
      fallbackPassword: EndpointLayer.environmentPassword(environment),
      fallbackSentinelPassword: EndpointLayer.environmentSentinelPassword(environment))
    return EndpointResolution(
      locator: locator, warnings: merge.warnings, name: merge.isProfilesOwn ? profileName : nil,
      isDefaultAddress: merge.isDefaultAddress, passwordCommand: merge.passwordCommand)
  }
}
