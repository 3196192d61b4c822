import RedisClient

extension SettingText {
  /// The sentence with the settings as options of the command line and keys of a profile.
  var spelled: String {
    parts.map { part in
      switch part {
      case .words(let words): words
      case .option(let setting): "--" + setting.name
      case .key(let setting): setting.name
      }
    }.joined()
  }
}

extension ConnectionSetting {
  /// The name of the long option, which is the key of a profile too.
  var name: String {
    switch self {
    case .uri: "uri"
    case .host: "host"
    case .port: "port"
    case .socket: "socket"
    case .database: "db"
    case .user: "user"
    case .passwordFile: "password-file"
    case .askPassword: "askpass"
    case .sentinelUser: "sentinel-user"
    case .sentinelPasswordFile: "sentinel-password-file"
    case .tls: "tls"
    case .caFile: "cacert"
    case .caDirectory: "cacertdir"
    case .certificate: "cert"
    case .key: "key"
    case .serverName: "sni"
    case .insecure: "insecure"
    }
  }
}
