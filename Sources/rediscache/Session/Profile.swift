import Bytes
import Configuration
import Quantities
import RedisClient
import Reporting

/// A named target of the configuration file: `[profile.NAME]` with the long option names as keys.
struct Profile {
  var endpoint = EndpointOptions()
  var connectTimeout: Duration?
  var timeout: Duration?
  var maxRuntime: Duration?
  var retryFor: Duration?
  var maxConnections: Int?
  var readFrom: ReadFrom?
  var nodeOnly = false
  /// True where nothing may be removed before the profile's name is given once more.
  var isProtected = false

  private static let keys = [
    "uri", "host", "port", "socket", "db", "user", "password-file", "tls", "cacert", "cacertdir", "cert",
    "key",
    "sni", "insecure", "node-only", "read-from", "max-connections", "sentinel-user", "sentinel-password-file",
    "connect-timeout", "timeout", "retry-for", "max-runtime", "protected",
  ]

  /// The names of the profiles, for completion; none where the configuration cannot be read.
  static func names() -> [String] {
    guard let path = try? configurationPath(), let bytes = TextFile.read(path),
      let table = try? TOMLValue.read(String(decoding: bytes, as: UTF8.self))
    else { return [] }
    return table["profile"]?.table?.keys.sorted() ?? []
  }

  /// Reads a profile; the errors name the file, the profile and the key.
  static func load(_ name: String) throws -> Profile {
    let path = try configurationPath()
    guard let bytes = TextFile.read(path) else {
      throw Failure(
        .configuration, "no profile \(quoted(name)): there is no readable file \(path)",
        hints: ["rediscache help environment tells where the configuration lives and what it holds"])
    }
    let table: [String: TOMLValue]
    do {
      table = try TOMLValue.read(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw Failure(.configuration, "\(path) is not valid TOML: \(error)")
    }
    let profiles = table["profile"]?.table
    guard let settings = profiles?[name]?.table else {
      let known = profiles?.keys.sorted().map(quoted).joined(separator: ", ") ?? ""
      throw Failure(
        .configuration, "no profile \(quoted(name)) in \(path)",
        hints: [known.isEmpty ? "the file has no profiles" : "it has \(known)"])
    }
    var profile = Profile()
    for key in settings.keys.sorted() {
      try profile.set(key, to: settings[key], place: "\(path): profile \(quoted(name)), \(key)")
    }
    return profile
  }

  /// `$XDG_CONFIG_HOME/rediscache/config.toml`, else `~/.config/rediscache/config.toml`.
  private static func configurationPath() throws -> String {
    let variables = Environment.variables
    if let base = variables["XDG_CONFIG_HOME"], base.hasPrefix("/") {
      return base + "/rediscache/config.toml"
    }
    guard let home = variables["HOME"], !home.isEmpty else {
      throw Failure(.configuration, "a profile needs a configuration file, and HOME is not set")
    }
    return home + "/.config/rediscache/config.toml"
  }

  private mutating func set(_ key: String, to value: TOMLValue?, place: String) throws {
    func text() throws -> String {
      if let text = value?.string { return text }
      if let number = value?.int { return String(number) }
      throw Failure(.configuration, "\(place): must be text")
    }
    func flag() throws -> Bool {
      guard let flag = value?.bool else { throw Failure(.configuration, "\(place): must be true or false") }
      return flag
    }
    func duration() throws -> Duration {
      do { return try Units.duration(text()) } catch let error as UnitError {
        throw Failure(.configuration, "\(place): \(error.message)")
      }
    }
    switch key {
    case "uri": endpoint.uri = try text()
    case "host": endpoint.host = try text()
    case "port": endpoint.port = try text()
    case "socket": endpoint.socket = try text()
    case "db":
      guard let number = value?.int else { throw Failure(.configuration, "\(place): must be a number") }
      endpoint.database = number
    case "user": endpoint.user = try text()
    case "password-file": endpoint.password = try PasswordSource.password(inFile: text(), quiet: false)
    case "tls": endpoint.tls = try flag()
    case "cacert": endpoint.caFile = try text()
    case "cacertdir": endpoint.caDirectory = try text()
    case "cert": endpoint.certificate = try text()
    case "key": endpoint.key = try text()
    case "sni": endpoint.serverName = try text()
    case "insecure": endpoint.insecure = try flag()
    case "sentinel-user": endpoint.sentinelUser = try text()
    case "sentinel-password-file":
      endpoint.sentinelPassword = try PasswordSource.password(inFile: text(), quiet: false)
    case "read-from":
      guard let role = try ReadFrom(rawValue: text()) else {
        throw Failure(.configuration, "\(place): must be primary or replica")
      }
      readFrom = role
    case "max-connections":
      guard let number = value?.int, ConnectionOptions.connectionCounts.contains(number) else {
        throw Failure(.configuration, "\(place): must be a number from 1 to 1000")
      }
      maxConnections = number
    case "retry-for": retryFor = try duration()
    case "connect-timeout": connectTimeout = try duration()
    case "timeout": timeout = try duration()
    case "max-runtime": maxRuntime = try duration()
    case "node-only": nodeOnly = try flag()
    case "protected": isProtected = try flag()
    case "password", "sentinel-password":
      throw Failure(
        .configuration, "\(place): a password does not belong into the configuration",
        hints: ["write it to a file of mode 0600 and name that with \(key)-file"])
    default:
      let nearest = Spelling.nearest(to: key, among: Profile.keys).map { ["did you mean \($0)?"] } ?? []
      throw Failure(.configuration, "\(place): there is no such setting", hints: nearest)
    }
  }

  private static func quoted(_ text: String) -> String { KeyText.quoted(Array(text.utf8)) }
}
