import RedisClient

extension SettingText {
  /// The sentence with the settings as options of the command line and keys of a profile.
  var spelled: String {
    parts.map { part in
      switch part {
      case .words(let words): words
      case .option(let setting): setting.option.word
      case .key(let setting): setting.option.rawValue
      }
    }.joined()
  }
}

extension ConnectionSetting {
  /// The option, whose name is the key of a profile, too.
  var option: OptionName {
    switch self {
    case .uri: .uri
    case .host: .host
    case .port: .port
    case .socket: .socket
    case .database: .db
    case .user: .user
    case .passwordFile: .passwordFile
    case .passwordCommand: .passwordCommand
    case .askPassword: .askpass
    case .sentinelUser: .sentinelUser
    case .sentinelPasswordFile: .sentinelPasswordFile
    case .tls: .tls
    case .caFile: .cacert
    case .caDirectory: .cacertdir
    case .certificate: .cert
    case .key: .key
    case .serverName: .sni
    case .insecure: .insecure
    }
  }
}
